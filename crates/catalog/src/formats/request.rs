//! A line of a batch input file: an id and what was sent to the model.

use super::{Object, fields, prompt};
use crate::line::{Prompt, Reading};
use std::borrow::Cow;

/// The keys of a result; a request has none of them.
const OF_RESULTS: [&str; 5] = ["response", "result", "error", "processed_time", "modelOutput"];

/// Whether the line has this shape: `custom_id` with `body` or `params`; Gemini's `request` with
/// its `key`, or Vertex's with its `contents`.
pub(super) fn claims(line: &Object) -> bool {
    let has = |key| line.contains_key(key);
    if OF_RESULTS.into_iter().any(has) {
        return false;
    }
    let sent = |key| fields::object(line, key);
    (has("custom_id") && (sent("body").is_some() || sent("params").is_some()))
        || sent("request").is_some_and(|request| {
            has("key") || has("custom_id") || request.contains_key("contents")
        })
}

/// Reads a line of a batch's requests.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    claims(line).then(|| Reading {
        custom_id: id(line),
        name: fields::name(line).or_else(|| fields::name(body(line)?)),
        prompt: prompt(line),
        asked_model: model(line),
        answers: Vec::new(),
    })
}

/// The prompt that the line's request holds; results may echo it.
pub(super) fn prompt(line: &Object) -> Option<Prompt> {
    prompt::read(body(line)?)
}

/// The model that the line's request asks for.
pub(super) fn model(line: &Object) -> Option<Cow<'_, str>> {
    fields::text(body(line)?, &["model"])
}

/// The id of a request, or of the line that echoes one: Vertex keeps it among the labels.
pub(super) fn id(line: &Object) -> Option<Cow<'_, str>> {
    let beside = ["custom_id", "key"].iter().find_map(|key| fields::id(line, key));
    beside.or_else(|| {
        let labels = fields::object(fields::object(line, "request")?, "labels")?;
        fields::id(labels, "custom_id")
    })
}

fn body(line: &Object) -> Option<&Object> {
    ["body", "params", "request"].iter().find_map(|key| fields::object(line, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::Message;

    fn check(json: &str, id: Option<&str>, model: Option<&str>, sent: &str) {
        let expected = Reading {
            custom_id: id.map(Into::into),
            asked_model: model.map(Into::into),
            prompt: (!sent.is_empty()).then(|| Prompt::user(sent)),
            ..Reading::default()
        };
        assert_eq!(read(&object(json)), Some(expected), "{json}");
    }

    #[test]
    fn requests() {
        check(
            r#"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Hi"}]}}"#,
            Some("a"),
            Some("m"),
            "Hi",
        );
        // Mistral, Together: no method, no url, perhaps no model.
        check(
            r#"{"custom_id":"0","body":{"messages":[{"role":"user","content":"Hi"}]}}"#,
            Some("0"),
            None,
            "Hi",
        );
        check(
            r#"{"custom_id":"a","body":{"model":"m","prompt":"Hi"}}"#,
            Some("a"),
            Some("m"),
            "Hi",
        );
        check(r#"{"custom_id":"a","body":{"model":"m","input":"Hi"}}"#, Some("a"), Some("m"), "Hi");
        check(
            r#"{"custom_id":"a","params":{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}}"#,
            Some("a"),
            Some("m"),
            "Hi",
        );
        check(
            r#"{"key":"a","request":{"contents":[{"parts":[{"text":"Hi"}]}]}}"#,
            Some("a"),
            None,
            "Hi",
        );
        check(
            r#"{"request":{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"labels":{"custom_id":"a"}}}"#,
            Some("a"),
            None,
            "Hi",
        );
    }

    #[test]
    fn names_and_system_prompts() {
        for json in [
            r#"{"custom_id":"a","candidate_name":"Ada","body":{"name":"other"}}"#,
            r#"{"custom_id":"a","name":"Ada","body":{}}"#,
            r#"{"custom_id":"a","metadata":{"candidate_name":"Ada"},"body":{}}"#,
            r#"{"custom_id":"a","metadata":7,"body":{"metadata":{"name":"Ada"}}}"#,
        ] {
            assert_eq!(read(&object(json)).unwrap().name.as_deref(), Some("Ada"), "{json}");
        }
        let line = object(
            r#"{"custom_id":"a","params":{"system":"S","messages":[{"role":"user","content":"Hi"}]}}"#,
        );
        let message =
            |role: &str, content: &str| Message { role: role.into(), content: content.into() };
        let expected = Prompt(vec![message("system", "S"), message("user", "Hi")]);
        assert_eq!(read(&line).unwrap().prompt, Some(expected));
    }

    #[test]
    fn wrong_types() {
        check(r#"{"custom_id":null,"body":{"model":7,"messages":"x"}}"#, None, None, "x");
        check(r#"{"custom_id":17,"body":{"model":"m","messages":[]}}"#, Some("17"), Some("m"), "");
    }

    #[test]
    fn refused() {
        for json in [
            "{}",
            r#"{"custom_id":"a"}"#,
            r#"{"custom_id":"a","body":"text"}"#,
            r#"{"body":{"messages":[]}}"#,
            r#"{"custom_id":"a","body":{},"response":null}"#,
            r#"{"custom_id":"a","body":{},"error":null}"#,
            r#"{"request":{"url":"x"}}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
