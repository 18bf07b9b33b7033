//! The body of a reply shaped like OpenAI's: choices, a Responses output, or what is not text.

use super::content::{text, thinking, tool_calls};
use super::{Object, anthropic, fields, responses};
use crate::line::{Answer, Content};
use serde_json::Value;
use std::borrow::Cow;

/// The answers that a body holds. `None`: it holds none that we know.
pub(super) fn answers(body: &Object) -> Option<Vec<Answer<'_>>> {
    if let Some(choices) = fields::list(body, "choices") {
        return Some(read_choices(body, choices)).filter(|answers| !answers.is_empty());
    }
    if let Some(items) = body.get("output").and_then(Value::as_array) {
        return Some(vec![responses::answer(body, items)]);
    }
    if anthropic::is_message(body) {
        return Some(vec![anthropic::message(body)]);
    }
    let content = match body.get("text").and_then(Value::as_str) {
        Some(text) => Content::Text(text.into()),
        None => Content::NotText(not_text(body)?),
    };
    Some(vec![Answer { content, ..frame(body) }])
}

/// What a body says of all its answers alike: model, usage, times.
pub(super) fn frame(body: &Object) -> Answer<'_> {
    let usage = |keys| fields::count(fields::object(body, "usage")?, keys);
    Answer {
        model: fields::text(body, &["model"]),
        prompt_tokens: usage(&["prompt_tokens", "input_tokens"]),
        completion_tokens: usage(&["completion_tokens", "output_tokens"]),
        created: fields::seconds(body, &["created", "created_at"]),
        latency_ms: latency(body),
        ..Answer::text("")
    }
}

/// One choice: `{message}`, or `{text}` as of old. `position` counts where no index is given.
pub(super) fn choice<'a>(
    choice: &'a Object,
    position: usize,
    frame: &Answer<'a>,
) -> Option<Answer<'a>> {
    let message = fields::object(choice, "message");
    let said = match message {
        Some(message) => message_text(message),
        None => choice.get("text").and_then(text)?,
    };
    Some(Answer {
        choice: fields::count(choice, &["index"])
            .unwrap_or_else(|| u32::try_from(position).unwrap_or(u32::MAX)),
        content: Content::Text(said),
        reasoning: message.and_then(reasoning),
        tool_calls: message.map(tool_calls).unwrap_or_default(),
        finish_reason: finish_reason(choice),
        ..frame.clone()
    })
}

/// Reasoning that stands beside a message's text, or among its parts.
pub(super) fn reasoning(message: &Object) -> Option<Cow<'_, str>> {
    fields::text(message, &["reasoning", "reasoning_content", "thinking"])
        .or_else(|| thinking(message.get("content")?))
}

/// Why the model stopped: a word, or (SGLang) an object whose type is the word.
pub(super) fn finish_reason(choice: &Object) -> Option<Cow<'_, str>> {
    fields::text(choice, &["finish_reason"])
        .or_else(|| fields::text(fields::object(choice, "finish_reason")?, &["type"]))
}

fn read_choices<'a>(body: &'a Object, choices: &'a [Value]) -> Vec<Answer<'a>> {
    let mut frame = frame(body);
    if choices.len() > 1 {
        frame.completion_tokens = None; // The usage counts all choices together.
    }
    let choices = choices.iter().enumerate();
    choices.filter_map(|(position, one)| choice(one.as_object()?, position, &frame)).collect()
}

/// A message's text; where the model wrote none: its refusal, or what its audio says.
fn message_text(message: &Object) -> Cow<'_, str> {
    let content = message.get("content").and_then(text).filter(|text| !text.is_empty());
    content
        .or_else(|| fields::text(message, &["refusal"]))
        .or_else(|| fields::text(fields::object(message, "audio")?, &["transcript"]))
        .unwrap_or_default()
}

/// Groq times the whole request in its usage; vLLM times both halves, if it was asked to.
fn latency(body: &Object) -> Option<u32> {
    let usage = fields::object(body, "x_groq")
        .and_then(|groq| fields::object(groq, "usage"))
        .or_else(|| fields::object(body, "usage"));
    usage.and_then(|usage| fields::millis(usage, "total_time", 1000.0)).or_else(|| {
        let metrics = fields::object(body, "metrics")?;
        let first = fields::millis(metrics, "time_to_first_token_ms", 1.0)?;
        let rest = fields::millis(metrics, "generation_time_ms", 1.0)?;
        Some(first.saturating_add(rest))
    })
}

/// What a body that is not text holds.
fn not_text(body: &Object) -> Option<&'static str> {
    let first = |key| fields::list(body, key)?.first()?.as_object();
    let has = |object: &Object, keys: &[&str]| keys.iter().any(|key| object.contains_key(*key));
    if let Some(data) = first("data") {
        return match data {
            _ if has(data, &["embedding"]) => Some("embedding"),
            _ if has(data, &["score"]) => Some("score"),
            _ if has(data, &["probs"]) => Some("classification"),
            _ if has(data, &["b64_json", "url"]) => Some("image"),
            _ => None,
        };
    }
    match first("results") {
        Some(result) if has(result, &["relevance_score"]) => Some("rerank"),
        Some(result) if has(result, &["flagged", "categories"]) => Some("moderation"),
        _ => (body.get("object")? == "video").then_some("video"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::ToolCall;

    fn check(json: &str, expected: Option<Vec<Answer<'_>>>) {
        assert_eq!(answers(&object(json)), expected, "{json}");
    }

    fn stopped(text: &'static str, reason: &'static str) -> Answer<'static> {
        Answer { finish_reason: Some(reason.into()), ..Answer::text(text) }
    }

    #[test]
    fn choices() {
        check(
            r#"{"object":"chat.completion","created":1790000000,"model":"m","choices":[{"index":0,
                "message":{"role":"assistant","content":"Lisbon."},"finish_reason":"stop","stop_reason":128009}],
                "usage":{"prompt_tokens":21,"total_tokens":34,"completion_tokens":13},"metrics":null}"#,
            Some(vec![Answer {
                model: Some("m".into()),
                prompt_tokens: Some(21),
                completion_tokens: Some(13),
                created: Some(1_790_000_000),
                ..stopped("Lisbon.", "stop")
            }]),
        );
        check(
            r#"{"choices":[{"index":1,"message":{"content":"b"},"finish_reason":"length"},
                {"index":0,"message":{"content":"a"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":5,"completion_tokens":9}}"#,
            Some(vec![
                Answer { choice: 1, prompt_tokens: Some(5), ..stopped("b", "length") },
                Answer { prompt_tokens: Some(5), ..stopped("a", "stop") },
            ]),
        );
        check(
            r#"{"object":"text_completion","choices":[{"text":" upon a time","finish_reason":"length"}]}"#,
            Some(vec![stopped(" upon a time", "length")]),
        );
    }

    #[test]
    fn messages() {
        let check = |message: &str, expected: Answer<'_>| {
            check(&format!(r#"{{"choices":[{{"message":{message}}}]}}"#), Some(vec![expected]));
        };
        let with = |reasoning: &'static str| Answer {
            reasoning: Some(reasoning.into()),
            ..Answer::text("42")
        };
        check(r#"{"content":"42","reasoning":"Six times seven."}"#, with("Six times seven."));
        check(r#"{"content":"42","reasoning":null,"reasoning_content":"Old."}"#, with("Old."));
        check(r#"{"content":"42","thinking":"Harmony."}"#, with("Harmony."));
        check(
            r#"{"content":[{"type":"thinking","thinking":"Part."},{"type":"text","text":"42"}]}"#,
            with("Part."),
        );
        check(r#"{"content":"42","reasoning":{"wrong":1}}"#, Answer::text("42"));
        check(r#"{"content":null}"#, Answer::text(""));
        check(r#"{"content":17}"#, Answer::text(""));
        check(r#"{"content":null,"refusal":"I can't."}"#, Answer::text("I can't."));
        check(r#"{"content":null,"audio":{"transcript":"Hello"}}"#, Answer::text("Hello"));
        check(
            r#"{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}"#,
            Answer {
                tool_calls: vec![ToolCall { name: "f".into(), arguments: "{}".into() }],
                ..Answer::text("")
            },
        );
    }

    #[test]
    fn times() {
        let check = |more: &str, latency_ms| {
            let body = format!(r#"{{"choices":[{{"text":"a"}}],{more}}}"#);
            check(&body, Some(vec![Answer { latency_ms, ..Answer::text("a") }]));
        };
        check(r#""usage":{"total_time":0.103}"#, Some(103));
        check(r#""x_groq":{"usage":{"total_time":1.5}}"#, Some(1500));
        check(
            r#""metrics":{"time_to_first_token_ms":85.2,"generation_time_ms":1240.5,"queue_time_ms":12.3}"#,
            Some(1326),
        );
        check(r#""metrics":{"generation_time_ms":"fast"}"#, None);
        check(r#""usage":{"total_time":-1}"#, None);
    }

    #[test]
    fn what_is_not_text() {
        let check = |json, what| {
            check(json, Some(vec![Answer::new(Content::NotText(what))]));
        };
        check(
            r#"{"object":"list","data":[{"object":"embedding","embedding":[0.1]}]}"#,
            "embedding",
        );
        check(r#"{"data":[{"object":"score","score":0.87}]}"#, "score");
        check(r#"{"data":[{"index":0,"label":"x","probs":[0.5]}]}"#, "classification");
        check(r#"{"data":[{"b64_json":"AAAA"}]}"#, "image");
        check(r#"{"results":[{"index":0,"relevance_score":0.9}]}"#, "rerank");
        check(r#"{"results":[{"flagged":false,"categories":{}}]}"#, "moderation");
        check(r#"{"object":"video","id":"v"}"#, "video");
    }

    #[test]
    fn transcriptions_are_text() {
        check(
            r#"{"text":"Good morning.","usage":{"seconds":2}}"#,
            Some(vec![Answer::text("Good morning.")]),
        );
    }

    #[test]
    fn wrong_types() {
        check(
            r#"{"model":7,"created":"x","usage":"y","choices":[7,{"index":"z","message":{"content":"a"},"finish_reason":[]}]}"#,
            Some(vec![Answer { choice: 1, ..Answer::text("a") }]),
        );
        for json in [
            "{}",
            r#"{"choices":[]}"#,
            r#"{"choices":[7,{}]}"#,
            r#"{"choices":"a"}"#,
            r#"{"data":[]}"#,
            r#"{"data":[{"what":1}]}"#,
            r#"{"results":{}}"#,
            r#"{"text":7}"#,
        ] {
            check(json, None);
        }
    }
}
