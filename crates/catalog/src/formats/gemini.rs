//! Results of Gemini: the API's batches (`key`) and Vertex AI's predictions (`processed_time`).

use super::content::{text, thinking, tool_calls};
use super::{Object, completion, failure, fields, request};
use crate::line::{Answer, Content, Reading};
use serde_json::Value;
use std::borrow::Cow;

/// Whether the line has this shape: a reply of Gemini's, a key with a reply or an error, or an
/// echoed request with its outcome.
pub(super) fn claims(line: &Object) -> bool {
    if is_vertex(line) {
        return true;
    }
    let keyed = line.contains_key("key") && !line.contains_key("custom_id");
    match line.get("response") {
        Some(Value::Object(response)) => {
            is_reply(response)
                || (keyed
                    && !response.contains_key("status_code")
                    && !response.contains_key("body"))
        }
        None | Some(Value::Null) => keyed && failure::is_said(line.get("error")),
        Some(_) => false,
    }
}

/// Whether the line is a prediction of Vertex AI: it echoes the request and says how it went.
pub(super) fn is_vertex(line: &Object) -> bool {
    let outcome = line.contains_key("response") && line.get("status").is_some_and(Value::is_string);
    fields::object(line, "request").is_some() && (line.contains_key("processed_time") || outcome)
}

/// Whether a response is a reply of Gemini's.
pub(super) fn is_reply(response: &Object) -> bool {
    ["candidates", "promptFeedback", "usageMetadata", "prompt_feedback", "usage_metadata"]
        .iter()
        .any(|key| response.contains_key(*key))
}

/// Reads a line of results.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    if !claims(line) {
        return None;
    }
    let mut answers = answers(line);
    for answer in &mut answers {
        answer.created = answer.created.or_else(|| fields::seconds(line, &["processed_time"]));
    }
    Some(Reading {
        custom_id: request::id(line),
        name: fields::name(line),
        prompt: request::prompt(line),
        asked_model: request::model(line),
        answers,
    })
}

fn answers(line: &Object) -> Vec<Answer<'_>> {
    let failed = failure::message(line.get("error")).or_else(|| fields::text(line, &["status"]));
    if let Some(message) = failed {
        return vec![Answer::error(message)];
    }
    let Some(response) = fields::object(line, "response") else {
        return vec![Answer::error("the line holds neither a reply nor an error")];
    };
    let frame = frame(response);
    let mut answers: Vec<_> = fields::list(response, "candidates")
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .enumerate()
        .map(|(position, one)| candidate(one, position, &frame))
        .collect();
    match answers.len() {
        // Vertex serves other makers' models too, each replying in its own way.
        0 => completion::answers(response)
            .unwrap_or_else(|| vec![Answer { content: nothing(response), ..frame }]),
        1 => answers,
        _ => {
            // The usage counts all candidates together.
            answers.iter_mut().for_each(|answer| answer.completion_tokens = None);
            answers
        }
    }
}

/// What a response says of all its candidates alike. The REST API writes camel case, the
/// libraries snake case.
fn frame(response: &Object) -> Answer<'_> {
    let usage = fields::object(response, "usageMetadata")
        .or_else(|| fields::object(response, "usage_metadata"));
    let usage = |keys| fields::count(usage?, keys);
    Answer {
        model: fields::text(response, &["modelVersion", "model_version"]),
        prompt_tokens: usage(&["promptTokenCount", "prompt_token_count"]),
        completion_tokens: usage(&["candidatesTokenCount", "candidates_token_count"]),
        created: fields::seconds(response, &["createTime", "create_time"]),
        ..Answer::text("")
    }
}

fn candidate<'a>(candidate: &'a Object, position: usize, frame: &Answer<'a>) -> Answer<'a> {
    let content = fields::object(candidate, "content");
    let parts = content.and_then(|content| content.get("parts"));
    Answer {
        choice: fields::count(candidate, &["index"])
            .unwrap_or_else(|| u32::try_from(position).unwrap_or(u32::MAX)),
        content: Content::Text(parts.and_then(text).unwrap_or_default()),
        reasoning: parts.and_then(thinking),
        tool_calls: content.map(tool_calls).unwrap_or_default(),
        finish_reason: fields::text(candidate, &["finishReason", "finish_reason"]),
        ..frame.clone()
    }
}

/// What a response without candidates says.
fn nothing(response: &Object) -> Content<'_> {
    if response.contains_key("embedding") {
        return Content::NotText("embedding");
    }
    Content::Error(
        failure::message(response.get("error"))
            .or_else(|| blocked(response))
            .unwrap_or_else(|| "the reply holds no candidate".into()),
    )
}

fn blocked(response: &Object) -> Option<Cow<'_, str>> {
    let feedback = fields::object(response, "promptFeedback")
        .or_else(|| fields::object(response, "prompt_feedback"))?;
    let reason = fields::text(feedback, &["blockReason", "block_reason"])?;
    match fields::text(feedback, &["blockReasonMessage", "block_reason_message"]) {
        Some(message) => Some(format!("{reason}: {message}").into()),
        None => Some(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::{Prompt, ToolCall};

    fn check(json: &str, expected: Reading<'_>) {
        assert_eq!(read(&object(json)), Some(expected), "{json}");
    }

    fn keyed(answers: Vec<Answer<'static>>) -> Reading<'static> {
        Reading { custom_id: Some("a".into()), answers, ..Reading::default() }
    }

    #[test]
    fn the_api() {
        check(
            r#"{"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"Lisbon."}]},
                "finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":2,"thoughtsTokenCount":30},
                "modelVersion":"m"},"key":"a"}"#,
            keyed(vec![Answer {
                model: Some("m".into()),
                reasoning: Some("Hm.".into()),
                finish_reason: Some("STOP".into()),
                prompt_tokens: Some(8),
                completion_tokens: Some(2),
                ..Answer::text("Lisbon.")
            }]),
        );
        check(
            r#"{"key":"a","response":{"candidates":[{"content":{"parts":[{"text":"one"}]}},{"content":{"parts":[
                {"functionCall":{"name":"f","args":{"x":1}}}]},"finish_reason":"STOP"}],"usage_metadata":{"candidates_token_count":9}}}"#,
            keyed(vec![
                Answer::text("one"),
                Answer {
                    choice: 1,
                    tool_calls: vec![ToolCall { name: "f".into(), arguments: r#"{"x":1}"#.into() }],
                    finish_reason: Some("STOP".into()),
                    ..Answer::text("")
                },
            ]),
        );
        check(
            r#"{"custom_id":"a","response":{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}}"#,
            keyed(vec![Answer::text("Hi")]),
        );
    }

    #[test]
    fn failures_of_the_api() {
        let check = |json: &str, message: &'static str| {
            check(&format!(r#"{{"key":"a",{json}}}"#), keyed(vec![Answer::error(message)]));
        };
        check(r#""error":{"code":3,"message":"Invalid argument"}"#, "3: Invalid argument");
        check(r#""response":{"promptFeedback":{"blockReason":"SAFETY"}}"#, "SAFETY");
        check(
            r#""response":{"candidates":[],"promptFeedback":{"blockReason":"OTHER","blockReasonMessage":"No."}}"#,
            "OTHER: No.",
        );
        check(r#""response":{"candidates":"x"}"#, "the reply holds no candidate");
        check(r#""response":{"error":{"code":500}}"#, "500");
    }

    #[test]
    fn vertex() {
        let request = r#""request":{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"labels":{"custom_id":"v"}}"#;
        let echoed = |answer| Reading {
            custom_id: Some("v".into()),
            prompt: Some(Prompt::user("Hi")),
            answers: vec![answer],
            ..Reading::default()
        };
        check(
            &format!(
                r#"{{"status":"","processed_time":"1970-01-01T00:01:00.123+00:00",{request},
                "response":{{"candidates":[{{"content":{{"parts":[{{"text":"Hello"}}]}},"finishReason":"STOP"}}]}}}}"#
            ),
            echoed(Answer {
                finish_reason: Some("STOP".into()),
                created: Some(60),
                ..Answer::text("Hello")
            }),
        );
        check(
            &format!(r#"{{"status":"Bad Request: 400",{request},"response":{{}}}}"#),
            echoed(Answer::error("Bad Request: 400")),
        );
        // A model of Anthropic's.
        check(
            &format!(
                r#"{{"status":"",{request},"response":{{"role":"assistant","content":[{{"type":"text","text":"Hello"}}]}}}}"#
            ),
            echoed(Answer::text("Hello")),
        );
        // No label: no id, but the prompt is there.
        check(
            r#"{"status":"","processed_time":"x","request":{"contents":"Hi"},"response":{"createTime":"1970-01-01T00:00:09Z","candidates":[{}]}}"#,
            Reading {
                prompt: Some(Prompt::user("Hi")),
                answers: vec![Answer { created: Some(9), ..Answer::text("") }],
                ..Reading::default()
            },
        );
    }

    #[test]
    fn wrong_types() {
        check(
            r#"{"key":7,"response":{"modelVersion":7,"usageMetadata":[],"candidates":[7,{"index":"x","content":{"parts":"plain"},"finishReason":7}]}}"#,
            Reading {
                custom_id: Some("7".into()),
                answers: vec![Answer::text("plain")],
                ..Reading::default()
            },
        );
        check(
            r#"{"key":"a","response":{"embedding":{"values":[1]}}}"#,
            keyed(vec![Answer::new(Content::NotText("embedding"))]),
        );
        for json in [
            "{}",
            r#"{"key":"a"}"#,
            r#"{"key":"a","response":"text"}"#,
            r#"{"key":"a","response":null,"error":null}"#,
            r#"{"custom_id":"a","error":"x"}"#,
            r#"{"request":{"contents":[]},"status":7}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
