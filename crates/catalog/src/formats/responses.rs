//! The body of an OpenAI Responses reply: a list of items that make up one answer.

use super::content::{join, text, tool_call};
use super::{Object, completion, failure, fields};
use crate::line::{Answer, Content};
use serde_json::Value;
use std::borrow::Cow;

/// The one answer that the items of `body` make up.
pub(super) fn answer<'a>(body: &'a Object, items: &'a [Value]) -> Answer<'a> {
    let frame = completion::frame(body);
    let status = fields::text(body, &["status"]);
    if status.as_deref() == Some("failed") {
        let message = failure::message(body.get("error")).unwrap_or_else(|| "failed".into());
        return Answer { content: Content::Error(message), ..frame };
    }
    let of_kind = |kind: &'static str| {
        let objects = items.iter().filter_map(Value::as_object);
        objects.filter(move |item| item.get("type").and_then(Value::as_str) == Some(kind))
    };
    let said = join(of_kind("message").filter_map(|item| text(item.get("content")?)), "");
    let reasoning = join(of_kind("reasoning").map(reasoning), "\n\n");
    Answer {
        content: Content::Text(said),
        reasoning: Some(reasoning).filter(|text| !text.is_empty()),
        tool_calls: of_kind("function_call")
            .chain(of_kind("custom_tool_call"))
            .filter_map(tool_call)
            .collect(),
        finish_reason: fields::object(body, "incomplete_details")
            .and_then(|details| fields::text(details, &["reason"]))
            .or(status),
        ..frame
    }
}

/// An item's summaries; engines that show the reasoning itself put it under `content`.
fn reasoning(item: &Object) -> Cow<'_, str> {
    ["summary", "content"]
        .iter()
        .filter_map(|key| fields::list(item, key))
        .map(|parts| join(parts.iter().filter_map(|part| text(part.get("text")?)), "\n\n"))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::ToolCall;

    fn check(json: &str, expected: Answer<'_>) {
        assert_eq!(completion::answers(&object(json)), Some(vec![expected]), "{json}");
    }

    fn completed(text: &'static str) -> Answer<'static> {
        Answer { finish_reason: Some("completed".into()), ..Answer::text(text) }
    }

    #[test]
    fn text_of_all_messages() {
        check(
            r#"{"object":"response","created_at":1790000000,"status":"completed","error":null,"incomplete_details":null,
                "model":"m","output":[{"type":"reasoning","summary":[]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Lis"},{"type":"output_text","text":"bon"}]},
                {"type":"message","content":[{"type":"refusal","refusal":"."}]}],
                "usage":{"input_tokens":20,"output_tokens":9,"total_tokens":29}}"#,
            Answer {
                model: Some("m".into()),
                created: Some(1_790_000_000),
                prompt_tokens: Some(20),
                completion_tokens: Some(9),
                ..completed("Lisbon.")
            },
        );
    }

    #[test]
    fn reasoning_and_calls() {
        check(
            r#"{"status":"completed","output":[
                {"type":"reasoning","summary":[{"type":"summary_text","text":"one"},{"type":"summary_text","text":"two"}]},
                {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"three"}]},
                {"type":"function_call","name":"f","arguments":"{}","call_id":"c"},
                {"type":"custom_tool_call","name":"g","input":"raw"}]}"#,
            Answer {
                reasoning: Some("one\n\ntwo\n\nthree".into()),
                tool_calls: [("f", "{}"), ("g", "raw")]
                    .map(|(name, arguments)| ToolCall {
                        name: name.into(),
                        arguments: arguments.into(),
                    })
                    .into(),
                ..completed("")
            },
        );
    }

    #[test]
    fn unfinished_and_failed() {
        check(
            r#"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},
                "output":[{"type":"message","content":[{"type":"output_text","text":"Lis"}]}]}"#,
            Answer { finish_reason: Some("max_output_tokens".into()), ..Answer::text("Lis") },
        );
        check(
            r#"{"status":"failed","model":"m","error":{"code":"server_error","message":"Broken."},"output":[]}"#,
            Answer { model: Some("m".into()), ..Answer::error("server_error: Broken.") },
        );
        check(r#"{"status":"failed","error":null,"output":[]}"#, Answer::error("failed"));
    }

    #[test]
    fn wrong_types() {
        check(
            r#"{"status":7,"incomplete_details":"x","output":[7,{"type":"message","content":7},{"type":"reasoning","summary":"s"},
                {"type":"function_call","name":7},{"type":"message","content":"plain"}]}"#,
            Answer::text("plain"),
        );
    }
}
