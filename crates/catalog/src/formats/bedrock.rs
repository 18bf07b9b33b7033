//! Results of Amazon Bedrock's batch inference: each model family replies in its own way.

use super::content::{text, thinking, tool_calls};
use super::{Object, completion, failure, fields, prompt};
use crate::line::{Answer, Content, Prompt, Reading};
use serde_json::Value;

/// Whether the line has this shape: `recordId` with what went in, or what came out.
pub(super) fn claims(line: &Object) -> bool {
    let is_object = |key| fields::object(line, key).is_some();
    line.contains_key("recordId") && (is_object("modelInput") || is_object("modelOutput"))
}

/// Reads a line of results, or one of requests: those have no output and no error.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    if !claims(line) {
        return None;
    }
    let answers = match (fields::object(line, "modelOutput"), failure::message(line.get("error"))) {
        (Some(output), _) => answers(output),
        (None, Some(message)) => vec![Answer::error(message)],
        (None, None) => Vec::new(),
    };
    Some(Reading {
        custom_id: fields::id(line, "recordId"),
        name: fields::name(line),
        prompt: fields::object(line, "modelInput").and_then(sent),
        asked_model: None, // The job names the model, its lines do not.
        answers,
    })
}

/// What was sent: messages or a text; Cohere keeps the last message apart from the others.
fn sent(input: &Object) -> Option<Prompt> {
    let Some(last) = input.get("message") else {
        return prompt::read(input);
    };
    let mut all = input.get("chat_history").map(prompt::messages).unwrap_or_default();
    all.extend(prompt::messages(last));
    prompt::with_system(input, all)
}

fn answers(output: &Object) -> Vec<Answer<'_>> {
    if let Some(message) =
        fields::object(output, "output").and_then(|o| fields::object(o, "message"))
    {
        return vec![converse(output, message)];
    }
    if output.get("generation").is_some_and(Value::is_string) {
        return vec![Answer {
            content: said(output, "generation"),
            finish_reason: fields::text(output, &["stop_reason"]),
            prompt_tokens: fields::count(output, &["prompt_token_count"]),
            completion_tokens: fields::count(output, &["generation_token_count"]),
            ..Answer::text("")
        }];
    }
    let listed = [
        ("results", "outputText"), // Titan
        ("outputs", "text"),       // Mistral
        ("generations", "text"),   // Cohere
        ("completions", "data"),   // AI21
    ];
    for (list, key) in listed {
        if let Some(samples) = fields::list(output, list)
            && let answers = samples_of(output, samples, key)
            && !answers.is_empty()
        {
            return answers;
        }
    }
    // Anthropic's messages, replies like OpenAI's, and Cohere's lone text.
    if let Some(mut answers) = completion::answers(output) {
        for answer in &mut answers {
            let own = || fields::text(output, &["finish_reason", "stop_reason"]);
            answer.finish_reason = answer.finish_reason.take().or_else(own);
        }
        return answers;
    }
    vec![Answer::new(other(output))]
}

/// Nova's reply, and that of every model behind the Converse API.
fn converse<'a>(output: &'a Object, message: &'a Object) -> Answer<'a> {
    let usage = |key| fields::count(fields::object(output, "usage")?, &[key]);
    let content = message.get("content");
    Answer {
        content: Content::Text(content.and_then(text).unwrap_or_default()),
        reasoning: content.and_then(thinking),
        tool_calls: tool_calls(message),
        finish_reason: fields::text(output, &["stopReason"]),
        prompt_tokens: usage("inputTokens"),
        completion_tokens: usage("outputTokens"),
        ..Answer::text("")
    }
}

/// The samples of a list whose entries hold a text under `key`, or an object that holds it.
fn samples_of<'a>(output: &Object, samples: &'a [Value], key: &str) -> Vec<Answer<'a>> {
    let read = |(choice, sample): (usize, &'a Value)| {
        let sample = sample.as_object()?;
        let words = sample.get(key)?;
        let words = words.get("text").unwrap_or(words).as_str()?;
        let reason = fields::object(sample, "finishReason");
        Some(Answer {
            choice: u32::try_from(choice).unwrap_or(u32::MAX),
            finish_reason: fields::text(
                sample,
                &["completionReason", "stop_reason", "finish_reason", "finishReason"],
            )
            .or_else(|| fields::text(reason?, &["reason"])),
            prompt_tokens: fields::count(output, &["inputTextTokenCount"]),
            completion_tokens: fields::count(sample, &["tokenCount"]),
            ..Answer::text(words)
        })
    };
    samples.iter().enumerate().filter_map(read).collect()
}

fn said<'a>(object: &'a Object, key: &str) -> Content<'a> {
    Content::Text(object.get(key).and_then(text).unwrap_or_default())
}

fn other(output: &Object) -> Content<'_> {
    let has = |key| output.contains_key(key);
    match failure::message(output.get("error")) {
        Some(message) => Content::Error(message),
        None if has("embedding") || has("embeddings") => Content::NotText("embedding"),
        None if has("images") => Content::NotText("image"),
        None => Content::NotText("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::Message;

    fn check(output: &str, expected: Answer<'_>) {
        let line = object(&format!(r#"{{"recordId":"a","modelOutput":{output}}}"#));
        let expected =
            Reading { custom_id: Some("a".into()), answers: vec![expected], ..Reading::default() };
        assert_eq!(read(&line), Some(expected), "{output}");
    }

    fn stopped(reason: &'static str, prompt: u32, completion: u32) -> Answer<'static> {
        Answer {
            finish_reason: Some(reason.into()),
            prompt_tokens: Some(prompt),
            completion_tokens: Some(completion),
            ..Answer::text("Lisbon.")
        }
    }

    #[test]
    fn families() {
        check(
            r#"{"type":"message","role":"assistant","content":[{"type":"text","text":"Lisbon."}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5}}"#,
            stopped("end_turn", 10, 5),
        );
        check(
            r#"{"output":{"message":{"role":"assistant","content":[{"text":"Lis"},{"text":"bon."}]}},"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":5}}"#,
            stopped("end_turn", 10, 5),
        );
        check(
            r#"{"generation":"Lisbon.","prompt_token_count":10,"generation_token_count":5,"stop_reason":"stop"}"#,
            stopped("stop", 10, 5),
        );
        check(
            r#"{"inputTextTokenCount":10,"results":[{"tokenCount":5,"outputText":"Lisbon.","completionReason":"FINISH"}]}"#,
            stopped("FINISH", 10, 5),
        );
        check(
            r#"{"choices":[{"message":{"content":"Lisbon."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
            stopped("stop", 10, 5),
        );
        let uncounted = |reason: &'static str| Answer {
            finish_reason: Some(reason.into()),
            ..Answer::text("Lisbon.")
        };
        check(r#"{"outputs":[{"text":"Lisbon.","stop_reason":"stop"}]}"#, uncounted("stop"));
        check(
            r#"{"generations":[{"id":"g","text":"Lisbon.","finish_reason":"COMPLETE"}]}"#,
            uncounted("COMPLETE"),
        );
        check(r#"{"text":"Lisbon.","finish_reason":"COMPLETE"}"#, uncounted("COMPLETE"));
        check(
            r#"{"completions":[{"data":{"text":"Lisbon."},"finishReason":{"reason":"endoftext"}}]}"#,
            uncounted("endoftext"),
        );
    }

    #[test]
    fn samples_and_what_is_not_text() {
        let line =
            object(r#"{"recordId":1,"modelOutput":{"outputs":[{"text":"a"},7,{"text":"b"}]}}"#);
        let answers = vec![Answer::text("a"), Answer { choice: 2, ..Answer::text("b") }];
        assert_eq!(read(&line).unwrap().answers, answers);
        check(r#"{"embedding":[0.1]}"#, Answer::new(Content::NotText("embedding")));
        check(r#"{"images":["AA"]}"#, Answer::new(Content::NotText("image")));
        check(
            r#"{"results":[7],"outputs":"x","generation":7}"#,
            Answer::new(Content::NotText("unknown")),
        );
        check(r#"{"images":null,"error":"Filtered."}"#, Answer::error("Filtered."));
    }

    #[test]
    fn requests_and_errors() {
        let check = |json: &str, prompt: Prompt, answers| {
            let expected = Reading {
                custom_id: Some("a".into()),
                prompt: Some(prompt),
                answers,
                ..Reading::default()
            };
            assert_eq!(read(&object(json)), Some(expected), "{json}");
        };
        check(
            r#"{"recordId":"a","modelInput":{"inputText":"Hi"},"error":{"errorCode":400,"errorMessage":"bad request"}}"#,
            Prompt::user("Hi"),
            vec![Answer::error("400: bad request")],
        );
        check(r#"{"recordId":"a","modelInput":{"prompt":"Hi"}}"#, Prompt::user("Hi"), Vec::new());
        let message = |role: &str, text: &str| Message { role: role.into(), content: text.into() };
        check(
            r#"{"recordId":"a","modelInput":{"chat_history":[{"role":"CHATBOT","message":"Hello"}],"message":"Hi"}}"#,
            Prompt(vec![message("assistant", "Hello"), message("user", "Hi")]),
            Vec::new(),
        );
        check(
            r#"{"recordId":"a","modelInput":{"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Hi"}]}]}}"#,
            Prompt(vec![message("system", "S"), message("user", "Hi")]),
            Vec::new(),
        );
    }

    #[test]
    fn refused() {
        for json in [
            "{}",
            r#"{"recordId":"a"}"#,
            r#"{"modelInput":{}}"#,
            r#"{"recordId":"a","modelOutput":"x"}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
