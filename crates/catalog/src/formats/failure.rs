//! What an engine says when a request failed, in any of the ways engines say it.

use super::Object;
use crate::line::text_of;
use serde_json::Value;
use std::borrow::Cow;

/// Whether `error` says that something failed: engines also write null, `""`, `{}` and `false`.
pub(super) fn is_said(error: Option<&Value>) -> bool {
    match error {
        None | Some(Value::Null | Value::Bool(_)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(object)) => !object.is_empty(),
        Some(Value::Number(_)) => true,
    }
}

/// The engine's message, headed by its code or type unless the message holds that already.
pub(super) fn message(error: Option<&Value>) -> Option<Cow<'_, str>> {
    let error = error.filter(|error| is_said(Some(error)))?;
    match error {
        Value::String(text) => Some(text.as_str().into()),
        Value::Object(object) => match object.get("error") {
            Some(inner) if is_said(Some(inner)) => message(Some(inner)),
            _ => Some(headed(object).unwrap_or_else(|| text_of(error).into())),
        },
        other => Some(text_of(other).into()),
    }
}

/// The message that an error's own fields make, where they hold any word of it.
pub(super) fn headed(error: &Object) -> Option<Cow<'_, str>> {
    let text = ["message", "errorMessage", "detail"]
        .iter()
        .filter_map(|key| error.get(*key))
        .find(|value| is_said(Some(value)))
        .map(said);
    match (code(error), text) {
        (Some(code), Some(text)) if !text.contains(&*code) => {
            Some(format!("{code}: {text}").into())
        }
        (code, text) => text.or(code),
    }
}

fn said(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| text_of(value).into(), Cow::Borrowed)
}

/// The error's kind: a word if there is one, else a number. The word `error` says nothing.
fn code(error: &Object) -> Option<Cow<'_, str>> {
    let word = ["code", "errorCode", "type", "status"]
        .iter()
        .filter_map(|key| error.get(*key)?.as_str())
        .find(|word| !word.is_empty() && *word != "error")
        .map(Cow::Borrowed);
    let number = ["code", "errorCode", "status"]
        .iter()
        .filter_map(|key| error.get(*key))
        .find(|value| value.is_number())
        .map(said);
    word.or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        let error: Value = serde_json::from_str(json).unwrap();
        assert_eq!(message(Some(&error)).as_deref(), expected, "{json}");
    }

    #[test]
    fn every_way_to_say_it() {
        check(r#""boom""#, Some("boom"));
        check(r#"{"message":"boom"}"#, Some("boom"));
        check(
            r#"{"code":"batch_expired","message":"Too late."}"#,
            Some("batch_expired: Too late."),
        );
        check(r#"{"type":"BadRequestError","code":400,"message":"m"}"#, Some("BadRequestError: m"));
        check(r#"{"error":{"type":"BadRequestError","message":"m"}}"#, Some("BadRequestError: m"));
        check(
            r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#,
            Some("overloaded_error: m"),
        );
        check(r#"{"errorCode":400,"errorMessage":"bad request"}"#, Some("400: bad request"));
        check(
            r#"{"code":3,"message":"m","status":"INVALID_ARGUMENT"}"#,
            Some("INVALID_ARGUMENT: m"),
        );
        check(r#"{"code":"x","message":"x happened"}"#, Some("x happened"));
        check(r#"{"type":"error","message":"m"}"#, Some("m"));
        check(r#"{"code":"only_code"}"#, Some("only_code"));
        check(r#"{"error":"text"}"#, Some("text"));
        check(r#"{"detail":[{"msg":"Field required"}]}"#, Some(r#"[{"msg":"Field required"}]"#));
        check(r#"{"what":1}"#, Some(r#"{"what":1}"#));
        check("500", Some("500"));
    }

    #[test]
    fn nothing_said() {
        for json in ["null", "false", "true", r#""""#, "{}", "[]"] {
            check(json, None);
        }
        assert_eq!(message(None), None);
    }
}
