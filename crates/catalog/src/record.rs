//! A record as it is read: its outputs by model, and where each text stands.

use crate::batch::Batch;
use crate::columns::{PromptKind, State};
use crate::index::{choice_of, output_text};
use crate::line::{Content, Prompt, Reading, ToolCall};
use crate::read::read_line;
use crate::reasoning::split_reasoning;
use crate::table::{Joined, ModelNo, PROMPT, SHOWN, Table, asked_model};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Everything under one `custom_id`.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its place in the order of first appearance, from 0.
    pub row: u32,
    /// The id that joins it.
    pub custom_id: String,
    /// What it is called; the `custom_id` when nothing names it.
    pub name: String,
    /// The newest output of each model and choice, in column order.
    pub outputs: Vec<Output>,
    /// Where its prompt may be read, best first.
    prompts: Vec<PromptPlace>,
}

/// Where a prompt stands.
#[derive(Debug, Clone)]
struct PromptPlace {
    asked: Option<Arc<str>>,
    kind: PromptKind,
    place: Place,
}

/// One output as the index knows it; its text is read on demand.
#[derive(Debug, Clone)]
pub struct Output {
    /// Number of the model's column.
    pub model_no: ModelNo,
    /// The served model.
    pub model: Arc<str>,
    /// The choice, from 0.
    pub choice: u16,
    /// What it is.
    pub state: State,
    /// Characters of its text.
    pub chars: u32,
    /// Tokens of the answer.
    pub tokens: Option<u32>,
    /// Why the model stopped.
    pub finish_reason: Option<Arc<str>>,
    /// XXH3-64 of its text.
    pub hash: u64,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub created: Option<i64>,
    /// Where it stands.
    pub place: Place,
    /// Earlier outputs of the same model and choice, newest first.
    pub older: Vec<Output>,
}

/// A line of a batch.
#[derive(Debug, Clone)]
pub struct Place {
    batch: Arc<Batch>,
    offset: u64,
    length: u32,
    /// The line, from 1.
    pub line: u32,
}

/// The whole of an output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputText {
    /// The text; of a failed request, the engine's message; of an answer that is not text, what it
    /// is.
    pub text: String,
    /// The reasoning, if it was kept.
    pub reasoning: Option<String>,
    /// Calls of tools.
    pub tool_calls: Vec<ToolCall>,
    /// The model that was asked for, where the line says it.
    pub asked_model: Option<String>,
    /// Tokens of the prompt.
    pub prompt_tokens: Option<u32>,
    /// How long it took.
    pub latency_ms: Option<u32>,
}

/// A text could not be read again.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error("{file}, line {line}: cannot be read: {error}")]
    Io {
        /// The batch.
        file: String,
        /// The line.
        line: u32,
        /// Why.
        error: io::Error,
    },
    /// The line is not what it was.
    #[error(
        "{file}, line {line}: the file has changed since it was indexed; open it again in a moment"
    )]
    Changed {
        /// The batch.
        file: String,
        /// The line.
        line: u32,
    },
}

impl Record {
    pub(crate) fn of(table: &Table, row: u32) -> Option<Self> {
        if row >= table.row_count() {
            return None;
        }
        // What is shown the table says, here and in queries alike.
        let (mut prompts, mut others) = (Vec::new(), Vec::new());
        let mut by_column: BTreeMap<(ModelNo, u16), Vec<(bool, Output)>> = BTreeMap::new();
        for joined in table.entries(row) {
            let flags = table.flags(joined.number);
            if joined.entry.prompt != PromptKind::Missing {
                let (asked, place) = (asked_model(&joined), Place::of(&joined));
                let prompt = PromptPlace { asked, kind: joined.entry.prompt, place };
                if flags & PROMPT != 0 { prompts.push(prompt) } else { others.push(prompt) }
            }
            if let Some(output) = Output::of(table, &joined) {
                let runs = by_column.entry((output.model_no, output.choice)).or_default();
                runs.push((flags & SHOWN != 0, output));
            }
        }
        prompts.append(&mut others);
        let outputs = by_column.into_values().filter_map(shown_first).collect();
        let (custom_id, name) = (table.custom_id(row).to_owned(), table.name(row).to_owned());
        Some(Self { row, custom_id, name, outputs, prompts })
    }

    /// The output of a model and choice.
    pub fn output(&self, model: &str, choice: u16) -> Option<&Output> {
        self.outputs.iter().find(|output| &*output.model == model && output.choice == choice)
    }

    /// Says that its outputs will be read soon, so that the disk brings them side by side.
    pub fn will_read(&self) {
        self.outputs.iter().for_each(|output| output.place.will_read());
    }

    /// What is known of the prompt without reading it: that of this model's own request if several
    /// were kept.
    pub fn prompt_kind(&self, model: Option<&str>) -> PromptKind {
        self.prompt_place(model).map_or(PromptKind::Missing, |prompt| prompt.kind)
    }

    /// Reads the prompt, as [`Record::prompt_kind`] chooses it, and says where it stands.
    pub fn prompt(&self, model: Option<&str>) -> Result<Option<(Prompt, &Place)>, ReadError> {
        let Some(PromptPlace { place, .. }) = self.prompt_place(model) else { return Ok(None) };
        let prompt = place.read(|reading| reading.prompt.clone())?;
        Ok(prompt.map(|prompt| (prompt, place)))
    }

    fn prompt_place(&self, model: Option<&str>) -> Option<&PromptPlace> {
        let of_model = |prompt: &&PromptPlace| {
            let asked = prompt.asked.as_deref();
            model.zip(asked).is_some_and(|(model, asked)| served_by(model, asked))
        };
        self.prompts.iter().find(of_model).or(self.prompts.first())
    }
}

/// Whether a model that was asked for as `asked` answers as `served`.
fn served_by(served: &str, asked: &str) -> bool {
    served.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The run that is shown, with the others behind it, newest first.
fn shown_first(mut runs: Vec<(bool, Output)>) -> Option<Output> {
    // Stable: what was joined last comes first among equals.
    runs.sort_by_key(|(is_shown, run)| Reverse((*is_shown, run.created.unwrap_or(i64::MIN))));
    let mut runs = runs.into_iter().map(|(_, run)| run);
    let mut shown = runs.next()?;
    shown.older = runs.collect();
    Some(shown)
}

impl Output {
    fn of(table: &Table, joined: &Joined<'_>) -> Option<Self> {
        let entry = &joined.entry;
        if entry.state == State::Request {
            return None;
        }
        let model_no = table.model_of(joined)?;
        Some(Self {
            model_no,
            model: table.models[usize::from(model_no)].name.clone(),
            choice: entry.choice,
            state: entry.state,
            chars: entry.chars,
            tokens: entry.tokens,
            finish_reason: joined.finish(),
            hash: entry.hash,
            created: entry.created,
            place: Place::of(joined),
            older: Vec::new(),
        })
    }

    /// Reads the whole of it.
    pub fn read(&self) -> Result<OutputText, ReadError> {
        read_outputs([self]).pop().unwrap_or_else(|| Err(self.place.changed()))
    }

    /// What a line says of this output.
    fn text_in(&self, reading: &Reading<'_>) -> Option<OutputText> {
        let mut answers = reading.answers.iter().enumerate();
        let (_, answer) = answers.find(|(at, answer)| choice_of(*at, answer) == self.choice)?;
        let inline = match &answer.content {
            Content::Text(text) => split_reasoning(text).0,
            _ => None,
        };
        Some(OutputText {
            text: output_text(answer).into_owned(),
            reasoning: answer.reasoning.as_deref().or(inline).map(str::to_owned),
            tool_calls: answer.tool_calls.clone(),
            asked_model: reading.asked_model.as_ref().map(|model| model.to_string()),
            prompt_tokens: answer.prompt_tokens,
            latency_ms: answer.latency_ms,
        })
    }
}

/// Reads the whole of several outputs, in their order; neighbours that stand in one line are read
/// together, for a line may hold thousands of choices.
pub fn read_outputs<'o>(
    outputs: impl IntoIterator<Item = &'o Output>,
) -> Vec<Result<OutputText, ReadError>> {
    let outputs: Vec<&Output> = outputs.into_iter().collect();
    let mut read = Vec::with_capacity(outputs.len());
    for line in outputs.chunk_by(|a, b| a.place.is_same_line(&b.place)) {
        let place = &line[0].place;
        let texts = place.read(|reading| -> Vec<Option<OutputText>> {
            line.iter().map(|output| output.text_in(reading)).collect()
        });
        match texts {
            Ok(texts) => {
                read.extend(texts.into_iter().map(|text| text.ok_or_else(|| place.changed())));
            }
            Err(error) => {
                // Said once; the others stand in the same line.
                read.push(Err(error));
                read.extend(line[1..].iter().map(|output| Err(output.place.changed())));
            }
        }
    }
    read
}

impl Place {
    pub(crate) fn of(joined: &Joined<'_>) -> Self {
        Self {
            batch: joined.batch.batch.clone(),
            offset: joined.entry.offset,
            length: joined.entry.length,
            line: joined.entry.line,
        }
    }

    /// The batch, relative to the collection's folder.
    pub fn file(&self) -> &str {
        self.batch.path()
    }

    /// Whether another output stands in the same line.
    pub fn is_same_line(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.batch, &other.batch) && self.offset == other.offset
    }

    /// Whether another line stands in the same batch.
    pub(crate) fn is_same_batch(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.batch, &other.batch)
    }

    /// Its bytes in the text of the batch.
    pub(crate) fn range(&self) -> Range<u64> {
        self.offset..self.offset + u64::from(self.length)
    }

    /// Reads bytes of its batch.
    pub(crate) fn read_into(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.batch.read_into(offset, bytes)
    }

    /// Says that it will be read soon.
    fn will_read(&self) {
        self.batch.will_read(self.offset, self.length);
    }

    fn read<R>(&self, take: impl FnOnce(&Reading<'_>) -> R) -> Result<R, ReadError> {
        let bytes = match self.batch.line_at(self.offset, self.length) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.changed());
            }
            Err(error) => {
                return Err(ReadError::Io { file: self.file().into(), line: self.line, error });
            }
        };
        match read_line(&bytes, false, |reading, _| take(reading)) {
            Ok(Some((taken, _))) => Ok(taken),
            _ => Err(self.changed()),
        }
    }

    fn changed(&self) -> ReadError {
        ReadError::Changed { file: self.file().into(), line: self.line }
    }
}
