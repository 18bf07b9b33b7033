//! A good chat completion under `response`.

use super::cursor::Cursor;
use super::once;
use super::values::{ValueNo, Values};
use crate::line::{Answer, Content};

/// A number beyond this (the year 5138) may be a time in milliseconds, not in seconds.
const SECONDS_MAX: u64 = 100_000_000_000;

/// What a completion says.
#[derive(Debug)]
pub(super) struct Completion {
    status: ValueNo,
    body: Body,
}

#[derive(Debug)]
struct Body {
    model: Option<ValueNo>,
    created: Option<ValueNo>,
    choices: Vec<Choice>,
    usage: Usage,
}

#[derive(Debug, Default)]
struct Usage {
    prompt_tokens: Option<ValueNo>,
    completion_tokens: Option<ValueNo>,
}

#[derive(Debug)]
struct Choice {
    index: Option<ValueNo>,
    message: Message,
    finish_reason: Option<ValueNo>,
}

#[derive(Debug, Clone, Copy)]
struct Message {
    content: ValueNo,
    reasoning: Option<ValueNo>,
    reasoning_content: Option<ValueNo>,
}

/// Reads `{status_code: 200, body: …}`.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Option<Completion> {
    let (mut status, mut found) = (None, None);
    cursor.object(|cursor, key| match key {
        "status_code" => once(&mut status, cursor.number()?),
        "body" => once(&mut found, body(cursor)?),
        "request_id" => cursor.skip(),
        _ => None,
    })?;
    Some(Completion { status: status?, body: found? })
}

impl Completion {
    /// Its outputs. `None`: it is no good one, or one of its numbers is out of the ordinary.
    pub(super) fn answers<'a>(&self, values: Values<'a>) -> Option<Vec<Answer<'a>>> {
        let Body { model, created, choices, usage } = &self.body;
        if values.integer(self.status)? != 200 {
            return None;
        }
        let common = Answer {
            model: values.some(*model),
            prompt_tokens: values.count(usage.prompt_tokens)?,
            // The usage counts all choices together.
            completion_tokens: values
                .count(usage.completion_tokens)?
                .filter(|_| choices.len() == 1),
            created: created.map_or(Some(None), |time| seconds(values, time).map(Some))?,
            ..Answer::text("")
        };
        let mut answers = Vec::with_capacity(choices.len());
        for (position, choice) in choices.iter().enumerate() {
            let Message { content, reasoning, reasoning_content } = choice.message;
            let place = || u32::try_from(position).unwrap_or(u32::MAX);
            answers.push(Answer {
                choice: values.count(choice.index)?.unwrap_or_else(place),
                content: Content::Text(values.text(content).into()),
                reasoning: values.some(reasoning).or_else(|| values.some(reasoning_content)),
                finish_reason: values.some(choice.finish_reason),
                ..common.clone()
            });
        }
        Some(answers)
    }
}

fn seconds(values: Values<'_>, time: ValueNo) -> Option<i64> {
    values.integer(time).filter(|time| time.unsigned_abs() < SECONDS_MAX)
}

fn body(cursor: &mut Cursor<'_, '_>) -> Option<Body> {
    let (mut model, mut created, mut choices, mut counted) = (None, None, None, None);
    cursor.object(|cursor, key| match key {
        "model" => once(&mut model, cursor.text_or_null()?),
        "created" => once(&mut created, cursor.or_null(Cursor::number)?),
        "choices" => once(&mut choices, list_of_choices(cursor)?),
        "usage" => once(&mut counted, cursor.or_null(usage)?),
        "error" | "metrics" | "x_groq" | "created_at" => cursor.null(),
        _ => cursor.skip(),
    })?;
    Some(Body {
        model: model.flatten(),
        created: created.flatten(),
        choices: choices?,
        usage: counted.flatten().unwrap_or_default(),
    })
}

/// The tokens of the prompt and of the answer.
fn usage(cursor: &mut Cursor<'_, '_>) -> Option<Usage> {
    let (mut prompt, mut completion) = (None, None);
    cursor.object(|cursor, key| match key {
        "prompt_tokens" => once(&mut prompt, cursor.or_null(Cursor::number)?),
        "completion_tokens" => once(&mut completion, cursor.or_null(Cursor::number)?),
        "input_tokens" | "output_tokens" | "total_time" => cursor.null(),
        _ => cursor.skip(),
    })?;
    Some(Usage { prompt_tokens: prompt.flatten(), completion_tokens: completion.flatten() })
}

fn list_of_choices(cursor: &mut Cursor<'_, '_>) -> Option<Vec<Choice>> {
    let mut choices = Vec::with_capacity(1);
    cursor.list(|cursor| {
        choices.push(choice(cursor)?);
        Some(())
    })?;
    (!choices.is_empty()).then_some(choices)
}

fn choice(cursor: &mut Cursor<'_, '_>) -> Option<Choice> {
    let (mut index, mut said, mut finish_reason) = (None, None, None);
    cursor.object(|cursor, key| match key {
        "index" => once(&mut index, cursor.number()?),
        "message" => once(&mut said, message(cursor)?),
        "finish_reason" => once(&mut finish_reason, cursor.text_or_null()?),
        _ => cursor.skip(),
    })?;
    Some(Choice { index, message: said?, finish_reason: finish_reason.flatten() })
}

fn message(cursor: &mut Cursor<'_, '_>) -> Option<Message> {
    let (mut content, mut reasoning, mut reasoning_content) = (None, None, None);
    cursor.object(|cursor, key| match key {
        "content" => once(&mut content, cursor.text()?),
        "reasoning" => once(&mut reasoning, cursor.text_or_null()?),
        "reasoning_content" => once(&mut reasoning_content, cursor.text_or_null()?),
        "tool_calls" => cursor.or_null(|cursor| cursor.list(|_| None)).map(drop),
        "thinking" | "function_call" | "refusal" | "audio" | "parts" => cursor.null(),
        _ => cursor.skip(),
    })?;
    Some(Message {
        content: content?,
        reasoning: reasoning.flatten(),
        reasoning_content: reasoning_content.flatten(),
    })
}
