//! A single engine's own reply: SGLang `/generate`, TGI, llama.cpp `/completion`, Ollama.

use super::content::{text, tool_calls};
use super::{Object, completion, fields, pairs, prompt};
use crate::line::{Answer, Content, Reading};
use serde_json::Value;

type Engine = fn(&Object) -> Vec<Answer<'_>>;

/// Whether the line is the reply of one of these engines.
pub(super) fn claims(line: &Object) -> bool {
    engine(line).is_some()
}

/// Reads a reply. It holds no id of the user's own unless one was put beside it.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    let answers = engine(line)?(line);
    if answers.is_empty() {
        return None;
    }
    Some(Reading {
        custom_id: fields::id(line, "custom_id"),
        name: fields::name(line),
        prompt: prompt::read(line),
        asked_model: None,
        answers,
    })
}

fn engine(line: &Object) -> Option<Engine> {
    let is_text = |key| line.get(key).is_some_and(Value::is_string);
    let is_object = |key| fields::object(line, key).is_some();
    let is_count = |key| fields::count(line, &[key]).is_some();
    let counted = line.get("done").is_some_and(Value::is_boolean) || is_count("eval_count");
    let alone = !pairs::has_prompt(line) && !pairs::has_id(line);
    match () {
        () if is_object("meta_info") && is_text("text") => Some(sglang),
        () if is_text("generated_text") && (is_object("details") || alone) => Some(tgi),
        () if is_count("tokens_predicted") && is_text("content") => Some(llama_cpp),
        () if counted && (is_text("response") || is_object("message")) => Some(ollama),
        () => None,
    }
}

fn sglang(line: &Object) -> Vec<Answer<'_>> {
    let Some(meta) = fields::object(line, "meta_info") else {
        return Vec::new();
    };
    let aborted = fields::object(meta, "finish_reason")
        .filter(|reason| reason.get("type").is_some_and(|kind| kind == "abort"))
        .and_then(|reason| fields::text(reason, &["message"]));
    vec![Answer {
        model: fields::text(line, &["model"]),
        content: aborted.map_or_else(|| said(line, "text"), Content::Error),
        finish_reason: completion::finish_reason(meta),
        prompt_tokens: fields::count(meta, &["prompt_tokens"]),
        completion_tokens: fields::count(meta, &["completion_tokens"]),
        latency_ms: fields::millis(meta, "e2e_latency", 1000.0),
        ..Answer::text("")
    }]
}

fn tgi(line: &Object) -> Vec<Answer<'_>> {
    let details = fields::object(line, "details");
    let more = details.and_then(|details| fields::list(details, "best_of_sequences"));
    let more = more.into_iter().flatten().filter_map(Value::as_object);
    let samples = std::iter::once((line, details)).chain(more.map(|more| (more, Some(more))));
    let read = |(choice, (sample, details)): (u32, (_, Option<_>))| Answer {
        choice,
        model: fields::text(line, &["model"]),
        content: said(sample, "generated_text"),
        finish_reason: details.and_then(completion::finish_reason),
        completion_tokens: details.and_then(|of| fields::count(of, &["generated_tokens"])),
        ..Answer::text("")
    };
    (0..).zip(samples).map(read).collect()
}

fn llama_cpp(line: &Object) -> Vec<Answer<'_>> {
    let latency = |timings| {
        let prompt = fields::millis(timings, "prompt_ms", 1.0)?;
        Some(prompt.saturating_add(fields::millis(timings, "predicted_ms", 1.0)?))
    };
    vec![Answer {
        model: fields::text(line, &["model"]),
        content: said(line, "content"),
        finish_reason: fields::text(line, &["stop_type"]),
        prompt_tokens: fields::count(line, &["tokens_evaluated"]),
        completion_tokens: fields::count(line, &["tokens_predicted"]),
        latency_ms: fields::object(line, "timings").and_then(latency),
        ..Answer::text("")
    }]
}

/// Ollama's `/api/generate` (`response`) and `/api/chat` (`message`).
fn ollama(line: &Object) -> Vec<Answer<'_>> {
    if line.get("done").is_some_and(|done| done == false) {
        return Vec::new(); // A piece of a stream is not an answer.
    }
    let message = fields::object(line, "message");
    vec![Answer {
        model: fields::text(line, &["model"]),
        content: message.map_or_else(|| said(line, "response"), |message| said(message, "content")),
        reasoning: completion::reasoning(message.unwrap_or(line)),
        tool_calls: message.map(tool_calls).unwrap_or_default(),
        finish_reason: fields::text(line, &["done_reason"]),
        prompt_tokens: fields::count(line, &["prompt_eval_count"]),
        completion_tokens: fields::count(line, &["eval_count"]),
        created: fields::seconds(line, &["created_at"]),
        latency_ms: fields::millis(line, "total_duration", 1e-6),
        ..Answer::text("")
    }]
}

fn said<'a>(object: &'a Object, key: &str) -> Content<'a> {
    Content::Text(object.get(key).and_then(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::{Prompt, ToolCall};

    fn check(json: &str, expected: Vec<Answer<'_>>) {
        let line = object(json);
        assert_eq!(read(&line).map(|reading| reading.answers), Some(expected), "{json}");
    }

    fn lisbon(reason: &'static str) -> Answer<'static> {
        Answer {
            finish_reason: Some(reason.into()),
            prompt_tokens: Some(7),
            completion_tokens: Some(3),
            ..Answer::text(" Lisbon.")
        }
    }

    #[test]
    fn sglang() {
        check(
            r#"{"text":" Lisbon.","output_ids":[1],"meta_info":{"id":"s","finish_reason":{"type":"stop","matched":2},
                "prompt_tokens":7,"completion_tokens":3,"e2e_latency":0.12}}"#,
            vec![Answer { latency_ms: Some(120), ..lisbon("stop") }],
        );
        check(
            r#"{"text":"","meta_info":{"finish_reason":{"type":"abort","message":"Too long."}}}"#,
            vec![Answer { finish_reason: Some("abort".into()), ..Answer::error("Too long.") }],
        );
        check(
            r#"{"text":"a","meta_info":{"finish_reason":7,"prompt_tokens":"x"}}"#,
            vec![Answer::text("a")],
        );
    }

    #[test]
    fn tgi() {
        let answer = Answer { prompt_tokens: None, ..lisbon("eos_token") };
        check(
            r#"{"generated_text":" Lisbon.","details":{"finish_reason":"eos_token","generated_tokens":3,"prefill":[],
                "best_of_sequences":[{"generated_text":" Porto.","finish_reason":"length","generated_tokens":9},7]}}"#,
            vec![
                answer,
                Answer {
                    choice: 1,
                    finish_reason: Some("length".into()),
                    completion_tokens: Some(9),
                    ..Answer::text(" Porto.")
                },
            ],
        );
        check(r#"{"generated_text":"a","details":null}"#, vec![Answer::text("a")]);
    }

    #[test]
    fn llama_cpp() {
        let line = object(
            r#"{"index":0,"content":" Lisbon.","stop":true,"model":"x.gguf","prompt":"Hi","tokens_predicted":3,"tokens_evaluated":7,
                "truncated":false,"stop_type":"eos","timings":{"prompt_ms":12.1,"predicted_ms":30.0},"custom_id":"a","name":"Ada"}"#,
        );
        let expected = Reading {
            custom_id: Some("a".into()),
            name: Some("Ada".into()),
            prompt: Some(Prompt::user("Hi")),
            asked_model: None,
            answers: vec![Answer {
                model: Some("x.gguf".into()),
                latency_ms: Some(42),
                ..lisbon("eos")
            }],
        };
        assert_eq!(read(&line), Some(expected));
        check(
            r#"{"content":"a","tokens_predicted":1,"model":[],"timings":{"prompt_ms":"x"}}"#,
            vec![Answer { completion_tokens: Some(1), ..Answer::text("a") }],
        );
    }

    #[test]
    fn ollama() {
        let more = r#""model":"m","created_at":"1970-01-01T00:00:09.5Z","done":true,"done_reason":"stop","total_duration":1500000000,
            "prompt_eval_count":7,"eval_count":3"#;
        let answer = Answer {
            model: Some("m".into()),
            created: Some(9),
            latency_ms: Some(1500),
            ..lisbon("stop")
        };
        check(&format!(r#"{{{more},"response":" Lisbon."}}"#), vec![answer.clone()]);
        check(
            &format!(
                r#"{{{more},"message":{{"role":"assistant","content":" Lisbon.","thinking":"Hm.",
                "tool_calls":[{{"function":{{"name":"f","arguments":{{"a":1}}}}}}]}}}}"#
            ),
            vec![Answer {
                reasoning: Some("Hm.".into()),
                tool_calls: vec![ToolCall { name: "f".into(), arguments: r#"{"a":1}"#.into() }],
                ..answer
            }],
        );
        check(
            r#"{"response":"a","eval_count":1e99,"created_at":7e99}"#,
            vec![Answer {
                completion_tokens: Some(u32::MAX),
                created: Some(i64::MAX),
                ..Answer::text("a")
            }],
        );
    }

    #[test]
    fn refused() {
        for json in [
            "{}",
            r#"{"text":"a"}"#,
            r#"{"text":7,"meta_info":{}}"#,
            r#"{"generated_text":"a","prompt":"Hi"}"#,
            r#"{"generated_text":"a","id":1}"#,
            r#"{"content":"a","tokens_predicted":"3"}"#,
            r#"{"response":"a"}"#,
            r#"{"response":"pie","done":false}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
