//! OpenAI's chat form for supervised fine-tuning: `messages`, and no other key, for unknown ones
//! are refused. TRL and most trainers read the same.

use goldstar_collection::Prompt;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Message<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'a str,
    content: &'a str,
}

/// The line of an example.
pub(crate) fn line(prompt: &Prompt, text: &str) -> String {
    let asked = prompt.0.iter().map(|m| Message { role: &m.role, content: &m.content });
    let answered = std::iter::once(Message { role: "assistant", content: text });
    let line = Line { messages: asked.chain(answered).collect() };
    serde_json::to_string(&line).expect("strings are always JSON")
}
