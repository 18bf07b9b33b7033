//! A request for a chat completion under `body`.

use super::cursor::Cursor;
use super::once;
use super::values::{ValueNo, Values};
use crate::formats::role;
use crate::line::{Message, Prompt, Reading};

/// What a request says.
#[derive(Debug)]
pub(super) struct Request {
    model: Option<ValueNo>,
    messages: Vec<Sent>,
    name: Name,
}

/// One message as it was sent.
#[derive(Debug)]
struct Sent {
    role: ValueNo,
    content: ValueNo,
}

/// Where the metadata may name the record, the better one first.
#[derive(Debug, Default)]
struct Name {
    candidate_name: Option<ValueNo>,
    name: Option<ValueNo>,
}

/// Reads `{model: …, messages: […], …}`.
pub(super) fn read(cursor: &mut Cursor<'_, '_>) -> Option<Request> {
    let (mut model, mut messages, mut metadata) = (None, None, None);
    cursor.object(|cursor, key| match key {
        "model" => once(&mut model, cursor.text_or_null()?),
        "messages" => once(&mut messages, list_of_messages(cursor)?),
        "metadata" => once(&mut metadata, cursor.or_null(name)?),
        "candidate_name" | "name" => None,
        "system" | "instructions" | "systemInstruction" | "system_instruction"
        | "system_prompt" => None,
        _ => cursor.skip(),
    })?;
    Some(Request {
        model: model.flatten(),
        messages: messages?,
        name: metadata.flatten().unwrap_or_default(),
    })
}

impl Request {
    /// What the request says, without its id. `None`: none of its messages says anything.
    pub(super) fn reading<'a>(&self, values: Values<'a>) -> Option<Reading<'a>> {
        let mut messages = Vec::with_capacity(self.messages.len());
        for Sent { role: name, content } in &self.messages {
            let role = role(values.some(Some(*name))?.as_ref());
            messages.push(Message { role: role.into(), content: values.text(*content).into() });
        }
        let says_something = messages.iter().any(|message| !message.content.is_empty());
        says_something.then(|| Reading {
            name: values.some(self.name.candidate_name).or_else(|| values.some(self.name.name)),
            prompt: Some(Prompt(messages)),
            asked_model: values.some(self.model),
            ..Reading::default()
        })
    }
}

fn list_of_messages(cursor: &mut Cursor<'_, '_>) -> Option<Vec<Sent>> {
    let mut messages = Vec::with_capacity(2);
    cursor.list(|cursor| {
        messages.push(message(cursor)?);
        Some(())
    })?;
    Some(messages)
}

fn message(cursor: &mut Cursor<'_, '_>) -> Option<Sent> {
    let (mut role, mut content) = (None, None);
    cursor.object(|cursor, key| match key {
        "role" => once(&mut role, cursor.text()?),
        "content" => once(&mut content, cursor.text()?),
        "type" | "tool_calls" | "function_call" | "parts" => cursor.null(),
        _ => cursor.skip(),
    })?;
    Some(Sent { role: role?, content: content? })
}

fn name(cursor: &mut Cursor<'_, '_>) -> Option<Name> {
    let (mut candidate_name, mut name) = (None, None);
    cursor.object(|cursor, key| match key {
        "candidate_name" => once(&mut candidate_name, cursor.text_or_null()?),
        "name" => once(&mut name, cursor.text_or_null()?),
        _ => cursor.skip(),
    })?;
    Some(Name { candidate_name: candidate_name.flatten(), name: name.flatten() })
}
