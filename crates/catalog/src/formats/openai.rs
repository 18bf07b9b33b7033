//! Batch results as OpenAI writes them, and everything shaped like them: vLLM, Groq, Mistral,
//! Together, Fireworks, SGLang batches; and a reply's body that stands alone on its line.

use super::{Object, completion, failure, fields, gemini, request};
use crate::line::{Answer, Content, Reading};
use serde_json::Value;
use std::borrow::Cow;

/// Whether the line has this shape: an id with a reply or an error, or a whole reply alone.
pub(super) fn claims(line: &Object) -> bool {
    let has_id = line.contains_key("custom_id");
    match line.get("response") {
        Some(Value::Object(response)) => {
            let framed = response.contains_key("status_code") && response.contains_key("body");
            !gemini::is_reply(response) && !gemini::is_vertex(line) && (has_id || framed)
        }
        Some(Value::Null) => has_id && line.contains_key("error"),
        Some(_) => false,
        None => (has_id && failure::is_said(line.get("error"))) || is_alone(line),
    }
}

/// Reads a line of a batch's results.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    claims(line).then(|| Reading {
        custom_id: fields::id(line, "custom_id"),
        name: fields::name(line),
        prompt: request::prompt(line),
        asked_model: request::model(line),
        answers: answers(line),
    })
}

/// A reply that stands alone says what it is.
fn is_alone(line: &Object) -> bool {
    let kind = line.get("object").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "chat.completion" | "text_completion" => fields::list(line, "choices").is_some(),
        "response" => line.get("output").is_some_and(Value::is_array),
        _ => false,
    }
}

fn answers(line: &Object) -> Vec<Answer<'_>> {
    let Some(response) = fields::object(line, "response") else {
        let body = is_alone(line).then_some(line);
        return settle(line, 0, body);
    };
    let status = fields::count(response, &["status_code"]).unwrap_or(0);
    match response.get("body") {
        Some(Value::Object(body)) => settle(line, status, Some(body)),
        // Gateways write the body as JSON text within the JSON.
        Some(Value::String(text)) => match serde_json::from_str::<Object>(text) {
            Ok(body) => settle(line, status, Some(&body)).into_iter().map(owned).collect(),
            Err(_) => settle(line, status, None),
        },
        Some(_) => settle(line, status, None),
        // Fireworks puts the body where others put its frame.
        None => settle(line, status, Some(response)),
    }
}

/// The answers of a body, or why there are none. A `status` of 0 is not known.
fn settle<'a>(line: &'a Object, status: u32, body: Option<&'a Object>) -> Vec<Answer<'a>> {
    let failed = status >= 400;
    if !failed && let Some(answers) = body.and_then(completion::answers) {
        return answers;
    }
    let said = failure::message(line.get("error"))
        .or_else(|| failure::message(body?.get("error")))
        .or_else(|| flat_message(body.filter(|_| failed)?));
    let content = match (said, body) {
        (Some(message), _) => Content::Error(message),
        (None, _) if failed => Content::Error(format!("HTTP {status}").into()),
        (None, Some(_)) => Content::NotText("unknown"),
        (None, None) => Content::Error("the line holds neither a reply nor an error".into()),
    };
    let model = body.and_then(|body| fields::text(body, &["model"]));
    vec![Answer { model, ..Answer::new(content) }]
}

/// The message of a body that is the error itself.
fn flat_message(body: &Object) -> Option<Cow<'_, str>> {
    let speaks = body.contains_key("message") || body.contains_key("detail");
    speaks.then(|| failure::headed(body))?
}

/// The same answer, free of the text that it was read from.
fn owned(answer: Answer<'_>) -> Answer<'static> {
    fn own(text: Cow<'_, str>) -> Cow<'static, str> {
        text.into_owned().into()
    }
    Answer {
        model: answer.model.map(own),
        content: match answer.content {
            Content::Text(text) => Content::Text(own(text)),
            Content::Error(message) => Content::Error(own(message)),
            Content::NotText(what) => Content::NotText(what),
        },
        reasoning: answer.reasoning.map(own),
        finish_reason: answer.finish_reason.map(own),
        tool_calls: answer.tool_calls,
        choice: answer.choice,
        prompt_tokens: answer.prompt_tokens,
        completion_tokens: answer.completion_tokens,
        created: answer.created,
        latency_ms: answer.latency_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::Prompt;

    fn check(json: &str, expected: Answer<'_>) {
        let line = object(json);
        let reading = read(&line).unwrap_or_else(|| panic!("not claimed: {json}"));
        assert_eq!(reading.custom_id.as_deref(), Some("a"), "{json}");
        assert_eq!(reading.answers, [expected], "{json}");
    }

    #[test]
    fn replies() {
        check(
            r#"{"id":"vllm-1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"model":"m",
                "choices":[{"index":0,"message":{"role":"assistant","content":"Lisbon."},"finish_reason":"stop"}]}},"error":null}"#,
            Answer {
                model: Some("m".into()),
                finish_reason: Some("stop".into()),
                ..Answer::text("Lisbon.")
            },
        );
        // Fireworks: no frame around the body.
        check(
            r#"{"custom_id":"a","response":{"choices":[{"message":{"content":"Hi"}}]}}"#,
            Answer::text("Hi"),
        );
        // A body as JSON text.
        check(
            r#"{"custom_id":"a","response":{"status_code":200,"body":"{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}"},"error":null}"#,
            Answer::text("Hi"),
        );
        // A message of Anthropic in the frame of OpenAI.
        check(
            r#"{"custom_id":"a","response":{"body":{"type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}]}}}"#,
            Answer::text("Hi"),
        );
    }

    #[test]
    fn errors() {
        // vLLM: nested, flat, text.
        let frame = r#""custom_id":"a","response":{"status_code":400,"body":null}"#;
        let too_long = Answer::error("BadRequestError: too long");
        check(
            &format!(
                r#"{{{frame},"error":{{"error":{{"message":"too long","type":"BadRequestError","code":400}}}}}}"#
            ),
            too_long.clone(),
        );
        check(
            &format!(
                r#"{{{frame},"error":{{"object":"error","message":"too long","type":"BadRequestError","code":400}}}}"#
            ),
            too_long.clone(),
        );
        check(&format!(r#"{{{frame},"error":"URL /x"}}"#), Answer::error("URL /x"));
        check(&format!(r#"{{{frame},"error":null}}"#), Answer::error("HTTP 400"));
        check(&format!("{{{frame}}}"), Answer::error("HTTP 400"));
        // OpenAI: in the body, or with no response.
        check(
            r#"{"custom_id":"a","response":{"status_code":400,"body":{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}},"error":null}"#,
            Answer::error("context_length_exceeded: too long"),
        );
        check(
            r#"{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"Too late."}}"#,
            Answer::error("batch_expired: Too late."),
        );
        check(
            r#"{"custom_id":"a","error":{"code":"batch_cancelled"}}"#,
            Answer::error("batch_cancelled"),
        );
        // The body is the error.
        check(
            r#"{"custom_id":"a","response":{"status_code":500,"body":{"object":"error","message":"too long","type":"BadRequestError"}}}"#,
            too_long,
        );
        // A failed status outweighs choices; an error beside good choices does not.
        check(
            r#"{"custom_id":"a","response":{"status_code":500,"body":{"model":"m","choices":[{"text":"x"}]}}}"#,
            Answer { model: Some("m".into()), ..Answer::error("HTTP 500") },
        );
        check(
            r#"{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{"text":"x"}]}},"error":"late"}"#,
            Answer::text("x"),
        );
    }

    #[test]
    fn what_holds_nothing_known() {
        let unknown = Answer::new(Content::NotText("unknown"));
        check(
            r#"{"custom_id":"a","response":{"status_code":200,"body":{"choices":[]}}}"#,
            unknown.clone(),
        );
        check(r#"{"custom_id":"a","response":{}}"#, unknown);
        let nothing = Answer::error("the line holds neither a reply nor an error");
        check(r#"{"custom_id":"a","response":{"status_code":200,"body":null}}"#, nothing.clone());
        check(r#"{"custom_id":"a","response":{"status_code":200,"body":"text"}}"#, nothing.clone());
        check(r#"{"custom_id":"a","response":null,"error":null}"#, nothing);
    }

    #[test]
    fn what_else_the_line_says() {
        let line = object(
            r#"{"custom_id":17,"metadata":{"candidate_name":"Ada"},"body":{"model":"asked","messages":[{"role":"user","content":"Hi"}]},
                "response":{"status_code":"200","body":{"choices":[{"text":"Hello"}]}}}"#,
        );
        let expected = Reading {
            custom_id: Some("17".into()),
            name: Some("Ada".into()),
            prompt: Some(Prompt::user("Hi")),
            asked_model: Some("asked".into()),
            answers: vec![Answer::text("Hello")],
        };
        assert_eq!(read(&line), Some(expected));
        let alone =
            object(r#"{"id":"chatcmpl-1","object":"chat.completion","choices":[{"text":"Hi"}]}"#);
        let expected = Reading { answers: vec![Answer::text("Hi")], ..Reading::default() };
        assert_eq!(read(&alone), Some(expected));
    }

    #[test]
    fn refused() {
        for json in [
            "{}",
            r#"{"custom_id":"a"}"#,
            r#"{"custom_id":"a","response":"text"}"#,
            r#"{"custom_id":"a","response":null}"#,
            r#"{"custom_id":"a","error":null}"#,
            r#"{"response":{"choices":[]}}"#,
            r#"{"object":"chat.completion","choices":[]}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
