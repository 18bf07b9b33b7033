//! From lines to the rows of the index.

use crate::batch::Batch;
use crate::blemish::Blemishes;
use crate::chunks::Chunk;
use crate::columns::{Columns, ColumnsBuilder, Entry, NO_CODE, PromptKind, State};
use crate::fast;
use crate::line::{Answer, Content, Prompt, Reading};
use crate::names::NameRule;
use crate::read::{Read, read_text, utf8};
use crate::reasoning::split_reasoning;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// Names of models or finish reasons in one batch, each with its code: its place in the list.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<Vec<Arc<str>>>);

impl Codes {
    pub(crate) fn from_names(names: Vec<Arc<str>>) -> Self {
        Self(Mutex::new(names))
    }

    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The code of a name; `last` is the one that was asked for before.
    fn code(&self, last: &mut Option<(String, u16)>, name: &str) -> u16 {
        match last {
            Some((known, code)) if known == name => *code,
            _ => last.insert((name.to_owned(), self.find(name))).1,
        }
    }

    fn find(&self, name: &str) -> u16 {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = names.iter().position(|known| &**known == name) {
            return at as u16;
        }
        if names.len() >= usize::from(NO_CODE) {
            return NO_CODE;
        }
        names.push(name.into());
        (names.len() - 1) as u16
    }
}

/// The rows of one piece of a batch.
#[derive(Debug)]
pub(crate) struct Indexed {
    pub(crate) columns: Columns,
    pub(crate) blemishes: Blemishes,
    /// A last line that has no end yet and can't be read: a job may be writing it.
    pub(crate) unfinished: Option<Unfinished>,
}

/// A line without an end: a blemish for now, read again when the batch has grown.
#[derive(Debug)]
pub(crate) struct Unfinished {
    /// Place of its first byte in the text.
    pub(crate) offset: u64,
    pub(crate) line: u64,
    pub(crate) what: String,
}

/// Turns lines of one batch into rows.
#[derive(Debug)]
pub(crate) struct Indexer<'a> {
    batch: &'a Batch,
    names: &'a NameRule,
    models: &'a Codes,
    finishes: &'a Codes,
    /// The model of outputs that do not name theirs, where the whole document does.
    model_of_document: Option<String>,
    last_model: Option<(String, u16)>,
    last_finish: Option<(String, u16)>,
    builder: ColumnsBuilder,
    blemishes: Blemishes,
    memory: &'a mut fast::Memory,
}

/// Place of one line in the text of its batch.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    length: u32,
    line: u64,
}

impl<'a> Indexer<'a> {
    pub(crate) fn new(
        batch: &'a Batch,
        names: &'a NameRule,
        models: &'a Codes,
        finishes: &'a Codes,
        memory: &'a mut fast::Memory,
    ) -> Self {
        Self {
            batch,
            names,
            models,
            finishes,
            model_of_document: None,
            last_model: None,
            last_finish: None,
            builder: ColumnsBuilder::default(),
            blemishes: Blemishes::default(),
            memory,
        }
    }

    /// Indexes whole lines.
    pub(crate) fn lines(mut self, chunk: &Chunk) -> Indexed {
        self.builder = ColumnsBuilder::with_capacity(chunk.newlines.len() + 1);
        let mut place = Place { offset: chunk.offset, length: 0, line: chunk.first_line };
        let mut unfinished = None;
        // All at once: line by line this takes three times as long.
        let text = simdutf8::basic::from_utf8(&chunk.bytes).ok();
        for range in chunk.lines() {
            let line = text
                .map_or_else(|| utf8(&chunk.bytes[range.clone()]), |text| Ok(&text[range.clone()]));
            place.length = range.len() as u32;
            if let Err(what) = line.and_then(|line| self.line(line, place)) {
                if range.end == chunk.bytes.len() {
                    let Place { offset, line, .. } = place;
                    unfinished = Some(Unfinished { offset, line, what });
                } else {
                    self.blemishes.add(Some(place.line), what);
                }
            }
            place.offset += range.len() as u64 + 1;
            place.line += 1;
        }
        self.finish(unfinished)
    }

    /// Indexes a whole JSON document: an Inspect log, or a list of objects. `None` when it is
    /// neither, but may be lines under a document's name.
    pub(crate) fn document(mut self, text: &[u8]) -> Option<Indexed> {
        #[derive(serde::Deserialize)]
        struct Log<'t> {
            eval: Option<Eval>,
            #[serde(borrow)]
            samples: Vec<&'t RawValue>,
        }
        #[derive(serde::Deserialize)]
        struct Eval {
            model: Option<String>,
        }
        let items = match serde_json::from_slice::<Vec<&RawValue>>(text) {
            Ok(items) => items,
            Err(_) => {
                let log: Log<'_> = serde_json::from_slice(text).ok()?;
                self.model_of_document = log.eval.and_then(|eval| eval.model);
                log.samples
            }
        };
        let (mut line, mut counted) = (1, 0);
        for item in items {
            let item = item.get();
            let offset = item.as_ptr() as usize - text.as_ptr() as usize;
            line += memchr::memchr_iter(b'\n', &text[counted..offset]).count() as u64;
            counted = offset;
            let place = Place { offset: offset as u64, length: item.len() as u32, line };
            if let Err(what) = self.line(item, place) {
                self.blemishes.add(Some(line), what);
            }
        }
        Some(self.finish(None))
    }

    fn finish(self, unfinished: Option<Unfinished>) -> Indexed {
        Indexed { columns: self.builder.finish(), blemishes: self.blemishes, unfinished }
    }

    fn line(&mut self, line: &str, place: Place) -> Result<(), String> {
        let needs_tree = self.names.needs_tree();
        let mut memory = std::mem::take(self.memory);
        let read = read_text(&mut memory, line, needs_tree, |reading, tree| {
            self.entries(reading, tree, place)
        });
        *self.memory = memory;
        let read = read?;
        if let Some((entered, read)) = read {
            entered?;
            if let Read::Repaired(what) = read {
                self.blemishes.add(Some(place.line), format!("read with a change: {what}"));
            }
        }
        Ok(())
    }

    fn entries(
        &mut self,
        reading: &Reading<'_>,
        tree: Option<&Value>,
        place: Place,
    ) -> Result<(), String> {
        let custom_id = self.custom_id(reading, place);
        let name = self.names.find(reading, tree);
        let entry = Entry {
            custom_id: &custom_id,
            name: name.as_deref(),
            model: NO_CODE,
            choice: 0,
            state: State::Request,
            offset: place.offset,
            length: place.length,
            line: u32::try_from(place.line).unwrap_or(u32::MAX),
            chars: 0,
            tokens: None,
            finish: NO_CODE,
            hash: 0,
            created: None,
            prompt: reading.prompt.as_ref().map_or(PromptKind::Missing, kind_of_prompt),
        };
        if reading.answers.is_empty() {
            if reading.prompt.is_none() {
                return Err("neither a result nor a request with a prompt".into());
            }
            let asked = reading.asked_model.as_ref();
            let model = asked.map_or(NO_CODE, |name| self.models.code(&mut self.last_model, name));
            self.builder.push(&Entry { model, ..entry });
        }
        for (position, answer) in reading.answers.iter().enumerate() {
            let facts = Facts::of(answer);
            let model = answer.model.as_deref().or(self.model_of_document.as_deref());
            let model = model.map_or(NO_CODE, |name| self.models.code(&mut self.last_model, name));
            let finish = answer.finish_reason.as_ref();
            let finish =
                finish.map_or(NO_CODE, |name| self.finishes.code(&mut self.last_finish, name));
            self.builder.push(&Entry {
                model,
                choice: choice_of(position, answer),
                state: facts.state,
                chars: facts.chars,
                tokens: answer.completion_tokens,
                finish,
                hash: facts.hash,
                created: answer.created,
                ..entry
            });
        }
        Ok(())
    }

    /// The line's id; where the engine wrote none, one made of the prompt, so that the answers of
    /// several models to it meet in one record, or of the place.
    fn custom_id<'r>(&self, reading: &'r Reading<'_>, place: Place) -> Cow<'r, str> {
        match (&reading.custom_id, &reading.prompt) {
            (Some(id), _) => Cow::Borrowed(id),
            (None, Some(prompt)) => Cow::Owned(format!("prompt-{:016x}", hash_of_prompt(prompt))),
            (None, None) => Cow::Owned(format!("{}:{}", self.batch.stem(), place.line)),
        }
    }
}

fn kind_of_prompt(prompt: &Prompt) -> PromptKind {
    let has_tools = prompt.0.iter().any(|message| message.role == "tool");
    if has_tools { PromptKind::WithTools } else { PromptKind::Plain }
}

/// The number of a choice: the engine's own, or its place in the line where that is too large.
pub(crate) fn choice_of(position: usize, answer: &Answer<'_>) -> u16 {
    let place = || u16::try_from(position).unwrap_or(u16::MAX);
    u16::try_from(answer.choice).unwrap_or_else(|_| place())
}

/// What the index keeps of an answer's content.
struct Facts {
    state: State,
    chars: u32,
    hash: u64,
}

impl Facts {
    fn of(answer: &Answer<'_>) -> Self {
        let text = output_text(answer);
        let state = match &answer.content {
            Content::Error(_) => State::Error,
            Content::NotText(_) => State::NotText,
            Content::Text(_) if text.is_empty() => State::Empty,
            Content::Text(_) => State::Ok,
        };
        Self { state, chars: char_count(&text), hash: xxh3_64(text.as_bytes()) }
    }
}

/// How many characters a text has: its bytes but those that go on with a character. In blocks that
/// a byte can count, because those the compiler counts many at once.
fn char_count(text: &str) -> u32 {
    let blocks = text.as_bytes().chunks(192);
    let starts = |block: &[u8]| block.iter().fold(0, |n, byte| n + u8::from(*byte & 0xC0 != 0x80));
    blocks.map(|block| u32::from(starts(block))).sum()
}

/// The text of an answer that is shown, judged and exported: without the reasoning it opens with;
/// of an answer that only calls tools, the calls; of a failed request, the message.
pub(crate) fn output_text<'t>(answer: &'t Answer<'_>) -> Cow<'t, str> {
    let text = match &answer.content {
        Content::Text(text) => split_reasoning(text).1,
        Content::Error(message) => return Cow::Borrowed(message),
        Content::NotText(what) => return Cow::Borrowed(what),
    };
    if !text.is_empty() || answer.tool_calls.is_empty() {
        return Cow::Borrowed(text);
    }
    let calls = answer.tool_calls.iter().map(|call| format!("{}({})", call.name, call.arguments));
    Cow::Owned(calls.collect::<Vec<_>>().join("\n"))
}

/// XXH3-64 of a prompt's roles and texts, each ended by a zero byte.
pub(crate) fn hash_of_prompt(prompt: &Prompt) -> u64 {
    let mut bytes = Vec::new();
    for message in &prompt.0 {
        bytes.extend_from_slice(message.role.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(message.content.as_bytes());
        bytes.push(0);
    }
    xxh3_64(&bytes)
}
