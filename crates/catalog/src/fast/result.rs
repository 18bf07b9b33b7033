//! A good chat completion under `response`.

use super::cursor::{Cursor, Span};
use super::{Texts, once};
use crate::line::{Answer, Content};

/// A number beyond this (the year 5138) may be a time in milliseconds, not in seconds.
const SECONDS_MAX: u64 = 100_000_000_000;

/// What a completion says.
#[derive(Default)]
pub(super) struct Completion {
    model: Option<Span>,
    created: Option<i64>,
    choices: Vec<Choice>,
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
}

struct Choice {
    index: Option<u32>,
    message: Message,
    finish_reason: Option<Span>,
}

struct Message {
    content: Span,
    reasoning: Option<Span>,
    reasoning_content: Option<Span>,
}

/// Reads `{status_code: 200, body: …}`.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Option<Completion> {
    let (mut status, mut body) = (None, None);
    cursor.object(|cursor, key| match key {
        "status_code" => once(&mut status, cursor.integer()?),
        "body" => once(&mut body, completion(cursor)?),
        "request_id" => cursor.skip(),
        _ => None,
    })?;
    if status == Some(200) { body } else { None }
}

impl Completion {
    pub(super) fn answers<'a>(self, texts: &Texts<'a>) -> Vec<Answer<'a>> {
        let model = texts.some(self.model);
        let has_one = self.choices.len() == 1;
        let answer = |(position, choice): (usize, Choice)| {
            let Message { content, reasoning, reasoning_content } = choice.message;
            Answer {
                model: model.clone(),
                choice: choice.index.unwrap_or_else(|| u32::try_from(position).unwrap_or(u32::MAX)),
                content: Content::Text(texts.get(content).into()),
                reasoning: texts.some(reasoning).or_else(|| texts.some(reasoning_content)),
                tool_calls: Vec::new(),
                finish_reason: texts.some(choice.finish_reason),
                prompt_tokens: self.prompt_tokens,
                // The usage counts all choices together.
                completion_tokens: self.completion_tokens.filter(|_| has_one),
                created: self.created,
                latency_ms: None,
            }
        };
        self.choices.into_iter().enumerate().map(answer).collect()
    }
}

fn completion(cursor: &mut Cursor<'_, '_>) -> Option<Completion> {
    let (mut model, mut created, mut choices, mut usage) = (None, None, None, None);
    cursor.object(|cursor, key| match key {
        "model" => once(&mut model, cursor.text_or_null()?),
        "created" => once(&mut created, cursor.or_null(seconds)?),
        "choices" => once(&mut choices, list_of_choices(cursor)?),
        "usage" => once(&mut usage, cursor.or_null(tokens)?),
        "error" | "metrics" | "x_groq" | "created_at" => cursor.null(),
        _ => cursor.skip(),
    })?;
    let (prompt_tokens, completion_tokens) = usage.flatten().unwrap_or_default();
    Some(Completion {
        model: model.flatten(),
        created: created.flatten(),
        choices: choices?,
        prompt_tokens,
        completion_tokens,
    })
}

fn seconds(cursor: &mut Cursor<'_, '_>) -> Option<i64> {
    cursor.integer().filter(|time| time.unsigned_abs() < SECONDS_MAX)
}

/// The tokens of the prompt and of the answer.
fn tokens(cursor: &mut Cursor<'_, '_>) -> Option<(Option<u32>, Option<u32>)> {
    let (mut prompt, mut completion) = (None, None);
    cursor.object(|cursor, key| match key {
        "prompt_tokens" => once(&mut prompt, cursor.or_null(count)?),
        "completion_tokens" => once(&mut completion, cursor.or_null(count)?),
        "input_tokens" | "output_tokens" | "total_time" => cursor.null(),
        _ => cursor.skip(),
    })?;
    Some((prompt.flatten(), completion.flatten()))
}

fn count(cursor: &mut Cursor<'_, '_>) -> Option<u32> {
    u32::try_from(cursor.integer()?).ok()
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
        "index" => once(&mut index, count(cursor)?),
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
