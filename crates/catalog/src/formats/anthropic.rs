//! Results of Anthropic's message batches.

use super::content::{text, thinking, tool_calls};
use super::{Object, completion, failure, fields, request};
use crate::line::{Answer, Content, Reading};
use serde_json::Value;

/// Whether the line has this shape: `custom_id` with a `result` that says its type.
pub(super) fn claims(line: &Object) -> bool {
    line.contains_key("custom_id")
        && fields::object(line, "result")
            .is_some_and(|result| result.get("type").is_some_and(Value::is_string))
}

/// Reads a line of a batch's results.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    if !claims(line) {
        return None;
    }
    Some(Reading {
        custom_id: fields::id(line, "custom_id"),
        name: fields::name(line),
        prompt: request::prompt(line),
        asked_model: request::model(line),
        answers: vec![answer(fields::object(line, "result")?)],
    })
}

/// Whether a body is a message of this API.
pub(super) fn is_message(body: &Object) -> bool {
    body.get("content").is_some_and(Value::is_array)
        && (body.get("type").is_some_and(|kind| kind == "message")
            || body.get("role").is_some_and(|role| role == "assistant"))
}

/// The answer that a message is.
pub(super) fn message(message: &Object) -> Answer<'_> {
    let content = message.get("content");
    let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"]
        .iter()
        .filter_map(|key| fields::count(fields::object(message, "usage")?, &[key]))
        .fold(0, u32::saturating_add);
    let frame = completion::frame(message);
    Answer {
        content: Content::Text(content.and_then(text).unwrap_or_default()),
        reasoning: content.and_then(thinking),
        tool_calls: tool_calls(message),
        finish_reason: fields::text(message, &["stop_reason"]),
        // The engine counts what it read from its cache apart from the rest of the prompt.
        prompt_tokens: frame.prompt_tokens.map(|tokens| tokens.saturating_add(cached)),
        ..frame
    }
}

fn answer(result: &Object) -> Answer<'_> {
    let kind = fields::text(result, &["type"]).unwrap_or_default();
    match fields::object(result, "message") {
        Some(reply) if kind == "succeeded" => message(reply),
        _ => Answer::error(failure::message(result.get("error")).unwrap_or(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::ToolCall;

    fn check(json: &str, expected: Answer<'_>) {
        let line = object(&format!(r#"{{"custom_id":"a","result":{json}}}"#));
        let reading = read(&line).unwrap();
        assert_eq!(reading.custom_id.as_deref(), Some("a"));
        assert_eq!(reading.answers, [expected], "{json}");
    }

    #[test]
    fn messages() {
        check(
            r#"{"type":"succeeded","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
                {"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"text","text":"Lis"},{"type":"text","text":"bon."}],
                "stop_reason":"end_turn","usage":{"input_tokens":11,"output_tokens":36}}}"#,
            Answer {
                model: Some("m".into()),
                reasoning: Some("Hm.".into()),
                finish_reason: Some("end_turn".into()),
                prompt_tokens: Some(11),
                completion_tokens: Some(36),
                ..Answer::text("Lisbon.")
            },
        );
        check(
            r#"{"type":"succeeded","message":{"content":[{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use",
                "usage":{"input_tokens":1,"cache_read_input_tokens":100,"cache_creation_input_tokens":null}}}"#,
            Answer {
                tool_calls: vec![ToolCall { name: "f".into(), arguments: r#"{"a":1}"#.into() }],
                finish_reason: Some("tool_use".into()),
                prompt_tokens: Some(101),
                ..Answer::text("")
            },
        );
    }

    #[test]
    fn errors() {
        check(
            r#"{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: Field required"}}}"#,
            Answer::error("invalid_request_error: max_tokens: Field required"),
        );
        check(r#"{"type":"errored","error":null}"#, Answer::error("errored"));
        check(r#"{"type":"expired"}"#, Answer::error("expired"));
        check(r#"{"type":"canceled"}"#, Answer::error("canceled"));
        check(r#"{"type":"succeeded","message":"text"}"#, Answer::error("succeeded"));
    }

    #[test]
    fn wrong_types() {
        check(
            r#"{"type":"succeeded","message":{"model":7,"content":"plain","stop_reason":[],"usage":"x"}}"#,
            Answer::text("plain"),
        );
        check(r#"{"type":"succeeded","message":{"content":7}}"#, Answer::text(""));
        for json in [
            "{}",
            r#"{"custom_id":"a","result":"text"}"#,
            r#"{"custom_id":"a","result":{"type":7}}"#,
            r#"{"custom_id":"a","result":{}}"#,
            r#"{"result":{"type":"expired"}}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
