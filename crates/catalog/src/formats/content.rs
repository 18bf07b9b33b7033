//! The text, reasoning and tool calls of one message, however its engine splits it into parts.

use super::Object;
use crate::line::{ToolCall, text_of};
use serde_json::Value;
use std::borrow::Cow;

/// The text of a message's content: a string, or parts put together. `None`: there is none.
pub(super) fn text(content: &Value) -> Option<Cow<'_, str>> {
    match content {
        Value::String(text) => Some(text.as_str().into()),
        Value::Array(parts) => Some(join(parts.iter().map(part), "")),
        Value::Object(_) => Some(part(content)),
        _ => None,
    }
}

/// The reasoning among a content's parts. `None`: there is none.
pub(super) fn thinking(content: &Value) -> Option<Cow<'_, str>> {
    let parts = content.as_array()?.iter().filter_map(Value::as_object).filter_map(thought);
    Some(join(parts, "\n\n")).filter(|text| !text.is_empty())
}

/// Texts put together with `between` between them; empty ones are left out.
pub(super) fn join<'a>(texts: impl Iterator<Item = Cow<'a, str>>, between: &str) -> Cow<'a, str> {
    texts
        .filter(|text| !text.is_empty())
        .reduce(|mut all, text| {
            all.to_mut().push_str(between);
            all.to_mut().push_str(&text);
            all
        })
        .unwrap_or_default()
}

/// The tool calls of a message: a list of its own, the one of old, or parts of its content.
pub(super) fn tool_calls(message: &Object) -> Vec<ToolCall> {
    let beside = message.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    let of_old = message.get("function_call").into_iter();
    let parts = ["content", "parts"].iter().filter_map(|key| message.get(*key)?.as_array());
    let in_parts = parts.flatten().filter_map(|part| {
        let part = part.as_object()?;
        match part.get("type").and_then(Value::as_str) {
            Some("tool_use") => Some(part),
            None => part.get("functionCall").or_else(|| part.get("toolUse"))?.as_object(),
            Some(_) => None,
        }
    });
    beside
        .chain(of_old)
        .filter_map(Value::as_object)
        .chain(in_parts)
        .filter_map(tool_call)
        .collect()
}

/// One call: `{function: {name, arguments}}`, `{function: name, arguments}`, `{name, arguments}`,
/// or Anthropic's `input` and Gemini's `args` for the arguments.
pub(super) fn tool_call(call: &Object) -> Option<ToolCall> {
    let inner = call.get("function").and_then(Value::as_object).unwrap_or(call);
    let name = inner.get("name").or_else(|| inner.get("function"))?.as_str()?;
    let arguments = ["arguments", "input", "args"]
        .iter()
        .filter_map(|key| inner.get(*key))
        .find(|value| !value.is_null())
        .map(text_of);
    Some(ToolCall { name: name.into(), arguments: arguments.unwrap_or_default() })
}

/// A part's text. Reasoning and tool calls give nothing here: they are read on their own.
fn part(part: &Value) -> Cow<'_, str> {
    let Some(object) = part.as_object() else {
        return part.as_str().unwrap_or_default().into();
    };
    match object.get("type").and_then(Value::as_str) {
        Some(kind) => typed_part(object, kind),
        None => untyped_part(object),
    }
}

fn typed_part<'a>(part: &'a Object, kind: &str) -> Cow<'a, str> {
    let own = |key: &str| part.get(key).and_then(Value::as_str).map(Cow::Borrowed);
    match kind {
        "text" | "output_text" | "input_text" => own("text").unwrap_or_default(),
        "refusal" => own("refusal").unwrap_or_default(),
        "image" | "image_url" | "image_file" | "input_image" => "[image]".into(),
        "audio" | "audio_url" | "input_audio" => "[audio]".into(),
        "video" | "video_url" | "input_video" => "[video]".into(),
        "file" | "input_file" | "document" => "[file]".into(),
        "tool_result" => part.get("content").and_then(text).unwrap_or_default(),
        "thinking" | "redacted_thinking" | "reasoning" | "tool_use" | "server_tool_use" => {
            "".into()
        }
        _ => own("text").unwrap_or_else(|| format!("[{kind}]").into()),
    }
}

/// Gemini and Bedrock name a part's kind by its key.
fn untyped_part(part: &Object) -> Cow<'_, str> {
    if let Some(text) = part.get("text").and_then(Value::as_str) {
        return if is_thought(part) { "".into() } else { text.into() };
    }
    if let Some(result) = part.get("toolResult") {
        return result.get("content").and_then(text).unwrap_or_default();
    }
    if let Some(result) = part.get("functionResponse").and_then(|result| result.get("response")) {
        return text_of(result).into();
    }
    if let Some(json) = part.get("json") {
        return text_of(json).into();
    }
    let has = |keys: &[&str]| keys.iter().any(|key| part.contains_key(*key));
    match media_type(part) {
        Some("image") => "[image]".into(),
        Some("audio") => "[audio]".into(),
        Some("video") => "[video]".into(),
        Some(_) => "[file]".into(),
        None if has(&["image"]) => "[image]".into(),
        None if has(&["audio"]) => "[audio]".into(),
        None if has(&["video"]) => "[video]".into(),
        None if has(&["document"]) => "[file]".into(),
        None => "".into(),
    }
}

/// The first half of the MIME type of a Gemini part that holds or names a file.
fn media_type(part: &Object) -> Option<&str> {
    let data = ["inlineData", "inline_data", "fileData", "file_data"]
        .iter()
        .find_map(|key| part.get(*key)?.as_object())?;
    let mime = data.get("mimeType").or_else(|| data.get("mime_type")).and_then(Value::as_str);
    Some(mime.and_then(|mime| mime.split('/').next()).unwrap_or_default())
}

fn is_thought(part: &Object) -> bool {
    part.get("thought").and_then(Value::as_bool).unwrap_or(false)
}

fn thought(part: &Object) -> Option<Cow<'_, str>> {
    match part.get("type").and_then(Value::as_str) {
        Some("thinking") => text(part.get("thinking")?),
        Some("reasoning") => text(part.get("reasoning")?),
        Some(_) => None,
        None if is_thought(part) => text(part.get("text")?),
        None => text(part.get("reasoningContent")?.get("reasoningText")?.get("text")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn check_text(json: &str, expected: Option<&str>) {
        assert_eq!(text(&value(json)).as_deref(), expected, "{json}");
    }

    #[test]
    fn texts() {
        check_text(r#""plain""#, Some("plain"));
        check_text(r#""""#, Some(""));
        check_text("null", None);
        check_text("7", None);
        check_text("[]", Some(""));
        check_text(
            r#"[{"type":"text","text":"a "},{"type":"output_text","text":"b"}]"#,
            Some("a b"),
        );
        check_text(r#"["a",{"type":"input_text","text":"b"},7,null]"#, Some("ab"));
        check_text(r#"[{"type":"refusal","refusal":"No."}]"#, Some("No."));
        check_text(r#"{"type":"text","text":"alone"}"#, Some("alone"));
        check_text(r#"[{"type":"text","text":["wrong"]},{"type":"text"}]"#, Some(""));
        check_text(
            r#"[{"type":"summary_text","text":"kept"},{"type":"widget"}]"#,
            Some("kept[widget]"),
        );
    }

    #[test]
    fn what_is_not_text_is_named() {
        check_text(
            r#"[{"type":"image_url","image_url":{"url":"u"}},{"type":"input_audio"},
                {"type":"video_url"},{"type":"file","file":{}},{"type":"document"}]"#,
            Some("[image][audio][video][file][file]"),
        );
        check_text(
            r#"[{"inlineData":{"mimeType":"image/png","data":"AA"}},{"file_data":{"mime_type":"audio/wav"}},
                {"fileData":{"mimeType":"application/pdf"}},{"inlineData":{}},{"video":{}},{"document":{}}]"#,
            Some("[image][audio][file][file][video][file]"),
        );
    }

    #[test]
    fn results_of_tools() {
        check_text(r#"[{"type":"tool_result","content":"18 C"}]"#, Some("18 C"));
        check_text(
            r#"[{"type":"tool_result","content":[{"type":"text","text":"18"}]}]"#,
            Some("18"),
        );
        check_text(
            r#"[{"toolResult":{"content":[{"json":{"t":18}},{"text":"C"}]}}]"#,
            Some(r#"{"t":18}C"#),
        );
        check_text(r#"[{"functionResponse":{"response":{"t":18}}}]"#, Some(r#"{"t":18}"#));
    }

    #[test]
    fn reasoning_is_kept_apart() {
        let check = |json: &str, said: &str, thought: Option<&str>| {
            let content = value(json);
            assert_eq!(text(&content).as_deref(), Some(said), "{json}");
            assert_eq!(thinking(&content).as_deref(), thought, "{json}");
        };
        check(
            r#"[{"type":"thinking","thinking":"one"},{"type":"thinking","thinking":"two"},
                {"type":"redacted_thinking","data":"x"},{"type":"text","text":"a"}]"#,
            "a",
            Some("one\n\ntwo"),
        );
        check(
            r#"[{"type":"thinking","thinking":[{"type":"text","text":"parts"}]},{"type":"text","text":"a"}]"#,
            "a",
            Some("parts"),
        );
        check(
            r#"[{"type":"reasoning","reasoning":"r"},{"type":"text","text":"a"}]"#,
            "a",
            Some("r"),
        );
        check(r#"[{"text":"r","thought":true},{"text":"a"}]"#, "a", Some("r"));
        check(
            r#"[{"reasoningContent":{"reasoningText":{"text":"r"}}},{"text":"a"}]"#,
            "a",
            Some("r"),
        );
        check(r#"[{"text":"a","thought":"yes"},{"type":"thinking","thinking":7}]"#, "a", None);
    }

    #[test]
    fn calls_of_tools() {
        let check = |json: &str, expected: &[(&str, &str)]| {
            let calls = tool_calls(&object(json));
            let calls: Vec<_> = calls.iter().map(|c| (&*c.name, &*c.arguments)).collect();
            assert_eq!(calls, expected, "{json}");
        };
        let weather = [("weather", r#"{"city":"Lisbon"}"#)];
        check(
            r#"{"tool_calls":[{"type":"function","function":{"name":"weather","arguments":"{\"city\":\"Lisbon\"}"}}]}"#,
            &weather,
        );
        check(r#"{"tool_calls":[{"function":"weather","arguments":{"city":"Lisbon"}}]}"#, &weather);
        check(r#"{"function_call":{"name":"weather","arguments":{"city":"Lisbon"}}}"#, &weather);
        check(
            r#"{"content":[{"type":"tool_use","name":"weather","input":{"city":"Lisbon"}}]}"#,
            &weather,
        );
        check(
            r#"{"parts":[{"functionCall":{"name":"weather","args":{"city":"Lisbon"}}}]}"#,
            &weather,
        );
        check(
            r#"{"content":[{"toolUse":{"name":"weather","input":{"city":"Lisbon"}}}]}"#,
            &weather,
        );
        check(r#"{"tool_calls":[{"function":{"name":"now"}}]}"#, &[("now", "")]);
        check(r#"{"tool_calls":[7,{"function":7},{"name":null}],"function_call":null}"#, &[]);
        check(r#"{"tool_calls":"x","content":"text","parts":{}}"#, &[]);
    }
}
