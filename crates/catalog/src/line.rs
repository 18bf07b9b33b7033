//! What one line of a batch says, whatever engine wrote it: the types every format reads into.

use serde_json::Value;
use std::borrow::Cow;

/// What one line of a batch says. A line is a result, a request, or both (formats that echo the
/// request).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading<'a> {
    /// The id that joins outputs, requests and models. Absent where the engine writes none: the
    /// reader of the file then makes one from the prompt or the place.
    pub custom_id: Option<Cow<'a, str>>,
    /// The record's name, when the line itself carries one.
    pub name: Option<Cow<'a, str>>,
    /// The prompt: the request's own, or the one a result echoes.
    pub prompt: Option<Prompt>,
    /// The model that was asked for (requests, and results that echo the request).
    pub asked_model: Option<Cow<'a, str>>,
    /// The outputs, one for each choice; empty for a request.
    pub answers: Vec<Answer<'a>>,
}

/// One output as a line gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<'a> {
    /// The served model's name, when the line says it. Error lines often do not.
    pub model: Option<Cow<'a, str>>,
    /// The choice's index, or the sample's (an epoch counts from 0 here).
    pub choice: u32,
    /// What came back.
    pub content: Content<'a>,
    /// Reasoning that the engine keeps apart from the text.
    pub reasoning: Option<Cow<'a, str>>,
    /// Calls of tools the model asked for.
    pub tool_calls: Vec<ToolCall>,
    /// Why the model stopped, in the engine's own word.
    pub finish_reason: Option<Cow<'a, str>>,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<u32>,
    /// Tokens of the answer.
    pub completion_tokens: Option<u32>,
    /// When the answer was made, seconds since 1970-01-01 UTC.
    pub created: Option<i64>,
    /// How long the answer took, milliseconds.
    pub latency_ms: Option<u32>,
}

/// What came back for one choice.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'a> {
    /// Text, as the engine wrote it; empty when the model wrote none.
    Text(Cow<'a, str>),
    /// The request failed; the engine's message.
    Error(Cow<'a, str>),
    /// An answer that is not text (`embedding`, `score`, …): what it is.
    NotText(&'static str),
}

/// A call of a tool, as the model asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The tool's name.
    pub name: String,
    /// Its arguments, JSON text.
    pub arguments: String,
}

/// The messages that were sent to the model, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prompt(pub Vec<Message>);

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `system`, `developer`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The text; parts that are not text stand as `[image]`, `[audio]`, ….
    pub content: String,
}

impl<'a> Answer<'a> {
    /// An answer that holds `content` and nothing else.
    pub fn new(content: Content<'a>) -> Self {
        Self {
            model: None,
            choice: 0,
            content,
            reasoning: None,
            tool_calls: Vec::new(),
            finish_reason: None,
            prompt_tokens: None,
            completion_tokens: None,
            created: None,
            latency_ms: None,
        }
    }

    /// A text answer.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Content::Text(text.into()))
    }

    /// A failed request.
    pub fn error(message: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Content::Error(message.into()))
    }
}

impl Prompt {
    /// A prompt of one user message.
    pub fn user(text: impl Into<String>) -> Self {
        Self(vec![Message { role: "user".into(), content: text.into() }])
    }

    /// The prompt as one text: the user's message alone when there is just one turn, else the
    /// whole conversation, each message under its role.
    pub fn as_input(&self) -> String {
        let turns: Vec<&Message> =
            self.0.iter().filter(|m| m.role != "system" && m.role != "developer").collect();
        match turns[..] {
            [only] if only.role == "user" => only.content.clone(),
            _ => self
                .0
                .iter()
                .map(|m| format!("{}: {}", m.role, m.content))
                .collect::<Vec<_>>()
                .join("\n\n"),
        }
    }
}

/// A JSON value's text: a string as it is, anything else as compact JSON.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
