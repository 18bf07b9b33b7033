//! The common case read without building a tree: a good chat completion in an OpenAI-shaped line.
//!
//! Nearly every line of a large batch is one of these, and reading it into borrowed fields is
//! twice as fast as reading it into a tree. Whatever is out of the ordinary (an error, a call of a
//! tool, parts, another shape) is left to [`crate::formats`]; a test holds the two against each
//! other.

use crate::line::{Answer, Content, Reading};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    custom_id: Text<'a>,
    #[serde(borrow)]
    response: Response<'a>,
    error: Option<IgnoredAny>,
    // Where a name may stand: the tree reader looks at these.
    candidate_name: Option<IgnoredAny>,
    name: Option<IgnoredAny>,
    metadata: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Response<'a> {
    status_code: u16,
    #[serde(borrow)]
    body: Body<'a>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    model: Option<Text<'a>>,
    created: Option<i64>,
    #[serde(borrow)]
    choices: Vec<Choice<'a>>,
    usage: Option<Usage>,
    error: Option<IgnoredAny>,
    metrics: Option<IgnoredAny>,
    x_groq: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    index: u32,
    #[serde(borrow)]
    message: Message<'a>,
    #[serde(borrow)]
    finish_reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    content: Text<'a>,
    #[serde(borrow)]
    reasoning: Option<Text<'a>>,
    #[serde(borrow)]
    reasoning_content: Option<Text<'a>>,
    thinking: Option<IgnoredAny>,
    tool_calls: Option<Vec<IgnoredAny>>,
    function_call: Option<IgnoredAny>,
    refusal: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
    total_time: Option<IgnoredAny>,
}

/// A string that is borrowed from the line when it holds no escape. (`Option<Cow<str>>` never
/// borrows in serde; a type of its own does.)
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string that says something.
fn some(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|text| text.0).filter(|text| !text.is_empty())
}

/// Reads the line if it is the common case.
pub(crate) fn read(line: &str) -> Option<Reading<'_>> {
    let line: Line<'_> = serde_json::from_str(line).ok()?;
    let body = line.response.body;
    let plain = line.response.status_code == 200
        && line.error.is_none()
        && line.candidate_name.is_none()
        && line.name.is_none()
        && line.metadata.is_none()
        && body.error.is_none()
        && body.metrics.is_none()
        && body.x_groq.is_none()
        && !line.custom_id.0.is_empty()
        && !body.choices.is_empty();
    if !plain {
        return None;
    }
    let usage = body.usage;
    if usage.as_ref().is_some_and(|usage| usage.total_time.is_some()) {
        return None;
    }
    let model = some(body.model);
    let only = body.choices.len() == 1;
    let mut answers = Vec::with_capacity(body.choices.len());
    for choice in body.choices {
        let message = choice.message;
        let plain = message.thinking.is_none()
            && message.function_call.is_none()
            && message.refusal.is_none()
            && message.tool_calls.is_none_or(|calls| calls.is_empty());
        if !plain {
            return None;
        }
        answers.push(Answer {
            model: model.clone(),
            choice: choice.index,
            content: Content::Text(message.content.0),
            reasoning: some(message.reasoning).or(some(message.reasoning_content)),
            tool_calls: Vec::new(),
            finish_reason: some(choice.finish_reason),
            prompt_tokens: usage.as_ref().and_then(|usage| usage.prompt_tokens),
            completion_tokens: usage.as_ref().and_then(|u| u.completion_tokens).filter(|_| only),
            created: body.created,
            latency_ms: None,
        });
    }
    Some(Reading {
        custom_id: Some(line.custom_id.0),
        name: None,
        prompt: None,
        asked_model: None,
        answers,
    })
}
