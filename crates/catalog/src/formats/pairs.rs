//! Plain pairs of prompt and output, under any of the names that people give them.

use super::content::{text, tool_calls};
use super::{Object, completion, failure, fields, prompt};
use super::{anthropic, bedrock, gemini, inspect, lm_eval, native, openai, request};
use crate::line::{Answer, Content, Message, Reading, text_of};
use serde_json::Value;
use std::borrow::Cow;

/// The keys of a whole conversation: its last turn may be the output.
const CONVERSATIONS: [&str; 2] = ["messages", "conversations"];

/// The keys of a prompt.
const PROMPTS: [&str; 5] = ["prompt", "instruction", "question", "query", "input"];

/// The keys of an output, and whether a key means an output even with nothing else beside it.
const OUTPUTS: [(&str, bool); 10] = [
    ("output", true),
    ("outputs", false),
    ("response", true),
    ("completion", true),
    ("answer", false),
    ("generation", true),
    ("generated_text", true),
    ("text", false),
    ("choices", false),
    ("prediction", true),
];

const IDS: [&str; 6] = ["custom_id", "id", "key", "uuid", "record_id", "doc_id"];

/// Reads a pair. What an engine's own shape claims is no pair.
pub(super) fn read(line: &Object) -> Option<Reading<'_>> {
    let engines = [
        openai::claims,
        request::claims,
        anthropic::claims,
        gemini::claims,
        bedrock::claims,
        lm_eval::claims,
        inspect::claims,
        native::claims,
    ];
    if engines.iter().any(|claims| claims(line)) {
        return None;
    }
    let mut sent = sent(line);
    let custom_id = IDS.iter().find_map(|key| id(line, key));
    let (answers, is_plain) = match (last_turn(line), output(line)) {
        (Some(turn), _) => {
            sent.pop();
            (vec![turn], false)
        }
        (None, Some(output)) => output,
        (None, None) if sent.is_empty() => return None,
        (None, None) => (vec![Answer::error(failure::message(line.get("error"))?)], false),
    };
    let prompt = if sent.is_empty() { None } else { prompt::with_system(line, sent) };
    (prompt.is_some() || custom_id.is_some() || is_plain).then(|| Reading {
        custom_id,
        name: fields::name(line),
        prompt,
        asked_model: None,
        answers,
    })
}

/// Whether the line has a prompt of its own.
pub(super) fn has_prompt(line: &Object) -> bool {
    CONVERSATIONS.iter().chain(&PROMPTS).any(|key| line.contains_key(*key))
}

/// Whether the line has an id of its own.
pub(super) fn has_id(line: &Object) -> bool {
    IDS.iter().any(|key| id(line, key).is_some())
}

/// The id under `key`: a text or a whole number; a fraction is a measurement.
fn id<'a>(line: &'a Object, key: &str) -> Option<Cow<'a, str>> {
    if line.get(key)?.is_f64() { None } else { fields::id(line, key) }
}

fn sent(line: &Object) -> Vec<Message> {
    let found = CONVERSATIONS
        .iter()
        .chain(&PROMPTS)
        .filter_map(|key| Some((*key, prompt::messages(line.get(*key)?))))
        .find(|(_, messages)| messages.iter().any(|message| !message.content.is_empty()));
    let Some((key, mut messages)) = found else {
        return Vec::new();
    };
    if key == "instruction"
        && let Some(input) = fields::text(line, &["input"])
        && let [only] = &mut messages[..]
    {
        only.content = format!("{}\n\n{input}", only.content);
    }
    messages
}

/// The last turn of a conversation, if it is the model's.
fn last_turn(line: &Object) -> Option<Answer<'_>> {
    let conversation = CONVERSATIONS.iter().find_map(|key| fields::list(line, key))?;
    let turn = conversation.last()?.as_object()?;
    let speaker = fields::text(turn, &["role", "from"])?;
    let said = ["content", "value", "parts"].iter().find_map(|key| text(turn.get(*key)?));
    let tool_calls = tool_calls(turn);
    if prompt::role(&speaker) != "assistant" || (said.is_none() && tool_calls.is_empty()) {
        return None;
    }
    Some(Answer {
        content: Content::Text(said.unwrap_or_default()),
        reasoning: completion::reasoning(turn),
        tool_calls,
        ..frame(line)
    })
}

/// The outputs, and whether their key means outputs even with nothing else beside it.
fn output(line: &Object) -> Option<(Vec<Answer<'_>>, bool)> {
    OUTPUTS.iter().find_map(|(key, is_plain)| {
        let answers = match line.get(*key)? {
            Value::String(text) => vec![alone(line, text.as_str().into())],
            Value::Array(samples) => several(line, samples),
            value @ (Value::Number(_) | Value::Bool(_))
                if matches!(*key, "answer" | "prediction") =>
            {
                vec![alone(line, text_of(value).into())]
            }
            _ => Vec::new(),
        };
        (!answers.is_empty()).then_some((answers, *is_plain))
    })
}

fn alone<'a>(line: &'a Object, text: Cow<'a, str>) -> Answer<'a> {
    Answer {
        content: Content::Text(text),
        reasoning: fields::text(line, &["reasoning", "reasoning_content", "thinking"]),
        finish_reason: fields::text(line, &["finish_reason", "stop_reason"]),
        ..frame(line)
    }
}

/// Samples: texts, or objects that hold one.
fn several<'a>(line: &'a Object, samples: &'a [Value]) -> Vec<Answer<'a>> {
    let mut frame = frame(line);
    if samples.len() > 1 {
        frame.completion_tokens = None; // The usage counts all samples together.
    }
    let read = |(position, sample): (usize, &'a Value)| {
        let choice = u32::try_from(position).unwrap_or(u32::MAX);
        let plain = |text| Answer { choice, content: Content::Text(text), ..frame.clone() };
        let Some(object) = sample.as_object() else {
            return sample.as_str().map(|text| plain(text.into()));
        };
        completion::choice(object, position, &frame).or_else(|| {
            ["content", "generated_text"].iter().find_map(|key| text(object.get(*key)?)).map(plain)
        })
    };
    samples.iter().enumerate().filter_map(read).collect()
}

fn frame(line: &Object) -> Answer<'_> {
    let model = fields::text(line, &["model", "model_name", "generator"]);
    Answer { model, ..completion::frame(line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object;
    use crate::line::Prompt;

    fn check(json: &str, id: Option<&str>, prompt: Option<&str>, answers: Vec<Answer<'_>>) {
        let expected = Reading {
            custom_id: id.map(Into::into),
            prompt: prompt.map(Prompt::user),
            answers,
            ..Reading::default()
        };
        assert_eq!(read(&object(json)), Some(expected), "{json}");
    }

    fn hi() -> Vec<Answer<'static>> {
        vec![Answer::text("hi")]
    }

    #[test]
    fn keys() {
        for key in ["prompt", "instruction", "question", "query", "input", "messages"] {
            check(&format!(r#"{{"{key}":"Hello","output":"hi"}}"#), None, Some("Hello"), hi());
        }
        let outputs = "output response completion answer generation generated_text text prediction";
        for key in outputs.split(' ') {
            check(&format!(r#"{{"prompt":"Hello","{key}":"hi"}}"#), None, Some("Hello"), hi());
            check(&format!(r#"{{"prompt":"Hello","{key}":["hi"]}}"#), None, Some("Hello"), hi());
        }
        for key in ["custom_id", "id", "key", "uuid", "record_id", "doc_id"] {
            check(&format!(r#"{{"{key}":"a","output":"hi"}}"#), Some("a"), None, hi());
            check(&format!(r#"{{"{key}":7,"text":"hi"}}"#), Some("7"), None, hi());
            check(&format!(r#"{{"{key}":7.5,"output":"hi"}}"#), None, None, hi());
        }
        for key in ["model", "model_name", "generator"] {
            let answer = Answer { model: Some("m".into()), ..Answer::text("hi") };
            check(&format!(r#"{{"{key}":"m","output":"hi"}}"#), None, None, vec![answer]);
        }
        for key in ["candidate_name", "name"] {
            let line = object(&format!(r#"{{"{key}":"Ada","output":"hi"}}"#));
            assert_eq!(read(&line).unwrap().name.as_deref(), Some("Ada"));
        }
    }

    #[test]
    fn instructions_with_input() {
        check(
            r#"{"id":7,"instruction":"Translate","input":"hello","output":"hi"}"#,
            Some("7"),
            Some("Translate\n\nhello"),
            hi(),
        );
        check(r#"{"instruction":"Greet","input":"","output":"hi"}"#, None, Some("Greet"), hi());
        check(r#"{"instruction":"Greet","input":7,"output":"hi"}"#, None, Some("Greet"), hi());
    }

    #[test]
    fn conversations() {
        for json in [
            r#"{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"hi"}]}"#,
            r#"{"conversations":[{"from":"human","value":"Hello"},{"from":"gpt","value":"hi"}]}"#,
            r#"{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"hi"}],"answer":"gold"}"#,
            r#"{"messages":[{"role":"user","content":"Hello"}],"completion":[{"role":"assistant","content":"hi"}]}"#,
        ] {
            check(json, None, Some("Hello"), hi());
        }
        let line = object(
            r#"{"system":"S","messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"hi","thinking":"Hm."}]}"#,
        );
        let reading = read(&line).unwrap();
        assert_eq!(reading.prompt.unwrap().0[0].content, "S");
        assert_eq!(reading.answers[0].reasoning.as_deref(), Some("Hm."));
    }

    #[test]
    fn samples() {
        let second = Answer { choice: 1, ..Answer::text("ho") };
        let both = vec![Answer::text("hi"), second.clone()];
        check(r#"{"prompt":"Hello","outputs":["hi","ho"]}"#, None, Some("Hello"), both.clone());
        check(
            r#"{"prompt":"Hello","choices":[{"message":{"content":"hi"}},{"text":"ho"}]}"#,
            None,
            Some("Hello"),
            both,
        );
        check(
            r#"{"prompt":"Hello","usage":{"prompt_tokens":1,"completion_tokens":9},"outputs":[7,{"index":1,"text":"ho","finish_reason":"stop"}]}"#,
            None,
            Some("Hello"),
            vec![Answer { finish_reason: Some("stop".into()), prompt_tokens: Some(1), ..second }],
        );
    }

    #[test]
    fn numbers_and_errors() {
        check(r#"{"question":"2+2","answer":4}"#, None, Some("2+2"), vec![Answer::text("4")]);
        check(
            r#"{"question":"2+2=4?","prediction":true}"#,
            None,
            Some("2+2=4?"),
            vec![Answer::text("true")],
        );
        check(
            r#"{"prompt":"Hello","output":null,"error":"Timeout."}"#,
            None,
            Some("Hello"),
            vec![Answer::error("Timeout.")],
        );
        check(r#"{"prompt":7,"output":["hi",7],"usage":"x","id":[]}"#, None, None, hi());
    }

    #[test]
    fn refused() {
        for json in [
            "{}",
            r#"{"text":"hi"}"#,
            r#"{"answer":"hi"}"#,
            r#"{"outputs":["hi"]}"#,
            r#"{"id":1,"prompt":"Hello"}"#,
            r#"{"prompt":"Hello","output":{"text":"hi"}}"#,
            r#"{"prompt":"Hello","output":[]}"#,
            r#"{"prompt":"Hello","chosen":"hi","rejected":"ho"}"#,
            r#"{"messages":[{"role":"user","content":"Hello"}]}"#,
            r#"{"messages":[{"role":"assistant","content":"hi"}]}"#,
            r#"{"custom_id":"a","score":1}"#,
            r#"{"error":"Timeout."}"#,
        ] {
            assert_eq!(read(&object(json)), None, "{json}");
        }
    }
}
