//! The messages that a request sent, in any engine's words.

use super::content::{self, text};
use super::{Object, fields};
use crate::line::{Message, Prompt};
use serde_json::Value;

/// The keys that hold what was sent, the fullest first.
const SENT: [&str; 7] =
    ["messages", "contents", "conversations", "input", "prompt", "inputs", "inputText"];

/// The keys that hold a system prompt beside it.
const SYSTEM: [&str; 5] =
    ["system", "instructions", "systemInstruction", "system_instruction", "system_prompt"];

/// The prompt of a request's body. `None`: nothing in it is text.
pub(super) fn read(request: &Object) -> Option<Prompt> {
    let sent = SENT
        .iter()
        .filter_map(|key| request.get(*key))
        .map(messages)
        .find(|messages| !messages.is_empty())?;
    with_system(request, sent)
}

/// A prompt of these messages under the system prompt that stands in `request`, if one does.
/// `None`: nothing in it is text.
pub(super) fn with_system(request: &Object, sent: Vec<Message>) -> Option<Prompt> {
    let system = SYSTEM
        .iter()
        .filter_map(|key| request.get(*key))
        .filter_map(said)
        .find(|text| !text.is_empty())
        .map(|content| Message { role: "system".into(), content });
    let all: Vec<Message> = system.into_iter().chain(sent).collect();
    all.iter().any(|message| !message.content.is_empty()).then_some(Prompt(all))
}

/// Messages in order: a list of messages or texts, or one of them.
pub(super) fn messages(sent: &Value) -> Vec<Message> {
    match sent {
        Value::Array(list) => list.iter().filter_map(message).collect(),
        one => message(one).into_iter().collect(),
    }
}

/// The role in our words.
pub(crate) fn role(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "system" => "system",
        "developer" => "developer",
        "assistant" | "model" | "gpt" | "chatgpt" | "bot" | "chatbot" | "ai" | "function_call" => {
            "assistant"
        }
        "tool" | "function" | "observation" | "function_response" | "ipython" => "tool",
        _ => "user",
    }
}

/// One message: OpenAI's, Gemini's, ShareGPT's, or an item of a Responses input.
fn message(sent: &Value) -> Option<Message> {
    let Value::Object(message) = sent else {
        let text = sent.as_str()?;
        return Some(Message { role: "user".into(), content: text.into() });
    };
    let kind = message.get("type").and_then(Value::as_str);
    let content = match kind {
        Some("function_call") => String::new(),
        Some("function_call_output") => said(message.get("output")?)?,
        _ => ["content", "parts", "value", "message"]
            .iter()
            .find_map(|key| said(message.get(*key)?))
            .unwrap_or_default(),
    };
    let role = match (fields::text(message, &["role", "from"]), kind) {
        (Some(name), _) => role(&name),
        (None, Some("function_call")) => "assistant",
        (None, Some("function_call_output")) => "tool",
        (None, _) => "user",
    };
    let calls = match kind {
        Some("function_call") => content::tool_call(message).into_iter().collect(),
        _ => content::tool_calls(message),
    };
    let calls = calls.iter().map(|call| format!("[tool call: {} {}]", call.name, call.arguments));
    let texts = std::iter::once(content).filter(|text| !text.is_empty()).chain(calls);
    let content = texts.collect::<Vec<_>>().join("\n");
    // A message that says nothing counts when it says whose turn it is; a Responses item of
    // another kind (reasoning, a reference) does not.
    let counts =
        !content.is_empty() || message.contains_key("role") || message.contains_key("from");
    counts.then(|| Message { role: role.into(), content })
}

/// A text, or the text of an object that holds parts (Gemini's system instruction).
fn said(value: &Value) -> Option<String> {
    let inner = value.get("parts").unwrap_or(value);
    text(inner).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;

    fn check(json: &str, expected: &[(&str, &str)]) {
        let prompt = read(&object(json)).unwrap_or_default();
        let said: Vec<_> = prompt.0.iter().map(|m| (&*m.role, &*m.content)).collect();
        assert_eq!(said, expected, "{json}");
    }

    #[test]
    fn openai() {
        check(
            r#"{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[
                {"type":"text","text":"What is shown? "},{"type":"image_url","image_url":{"url":"u"}}]}]}"#,
            &[("developer", "Be brief."), ("user", "What is shown? [image]")],
        );
        check(
            r#"{"messages":[{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},
                {"role":"tool","content":"18 C"}]}"#,
            &[("assistant", "[tool call: f {}]"), ("tool", "18 C")],
        );
        check(r#"{"prompt":"Once"}"#, &[("user", "Once")]);
        check(r#"{"prompt":["Once","Twice"]}"#, &[("user", "Once"), ("user", "Twice")]);
        check(
            r#"{"instructions":"Be brief.","input":"Hi"}"#,
            &[("system", "Be brief."), ("user", "Hi")],
        );
        check(
            r#"{"input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]},{"type":"reasoning","summary":[]},
                {"type":"function_call","name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","output":"1"}]}"#,
            &[("user", "Hi"), ("assistant", r#"[tool call: f {"a":1}]"#), ("tool", "1")],
        );
    }

    #[test]
    fn the_others() {
        check(
            r#"{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hi"}]}"#,
            &[("system", "S"), ("user", "Hi")],
        );
        check(
            r#"{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]},
                {"role":"model","parts":[{"text":"Hello"}]},{"parts":[{"text":"Bye"}]}]}"#,
            &[("system", "S"), ("user", "Hi"), ("assistant", "Hello"), ("user", "Bye")],
        );
        check(r#"{"contents":"Hi"}"#, &[("user", "Hi")]);
        check(
            r#"{"system":"S","conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello"}]}"#,
            &[("system", "S"), ("user", "Hi"), ("assistant", "Hello")],
        );
        check(
            r#"{"messages":[{"role":"user","content":[{"text":"Hi"},{"image":{"format":"png"}}]}]}"#,
            &[("user", "Hi[image]")],
        );
        check(r#"{"inputText":"Hi"}"#, &[("user", "Hi")]);
    }

    #[test]
    fn what_holds_no_text_is_no_prompt() {
        for json in [
            "{}",
            r#"{"messages":[]}"#,
            r#"{"messages":7,"prompt":null}"#,
            r#"{"messages":[7,null,[]]}"#,
            r#"{"input":[1,2,3]}"#,
            r#"{"system":"S"}"#,
            r#"{"contents":[{"role":"user","parts":[{"text":""}]}]}"#,
        ] {
            check(json, &[]);
        }
        check(r#"{"messages":"x","prompt":"Hi","system":7}"#, &[("user", "x")]);
    }

    #[test]
    fn roles() {
        for (name, expected) in [
            ("User", "user"),
            ("human", "user"),
            ("model", "assistant"),
            ("CHATBOT", "assistant"),
            ("observation", "tool"),
            ("developer", "developer"),
            ("stranger", "user"),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
    }
}
