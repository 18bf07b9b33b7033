//! The index of a batch as columns: one row for each output and each request.

use arrow_array::builder::{
    Int64Builder, StringBuilder, UInt8Builder, UInt16Builder, UInt32Builder, UInt64Builder,
};
use arrow_array::cast::AsArray;
use arrow_array::{
    Array, Int64Array, RecordBatch, StringArray, UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use arrow_select::concat::concat_batches;
use std::sync::Arc;

/// What an entry of the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// An output with text, or with calls of tools.
    Ok = 0,
    /// An output in which the model wrote nothing.
    Empty = 1,
    /// A request that failed.
    Error = 2,
    /// An answer that is not text: an embedding, a score.
    NotText = 3,
    /// Not an output: the request of a record.
    Request = 4,
}

impl State {
    pub(crate) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Ok,
            1 => Self::Empty,
            2 => Self::Error,
            4 => Self::Request,
            _ => Self::NotText,
        }
    }

    /// The word for it in queries and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Error => "error",
            Self::NotText => "not_text",
            Self::Request => "request",
        }
    }
}

/// What is known of a prompt without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum PromptKind {
    /// There is none.
    #[default]
    Missing = 0,
    /// Texts of people, instructions and earlier answers.
    Plain = 1,
    /// Results of tools are among its turns.
    WithTools = 2,
}

impl PromptKind {
    fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Plain,
            2 => Self::WithTools,
            _ => Self::Missing,
        }
    }
}

/// The code of a model or finish reason that the line does not give.
pub(crate) const NO_CODE: u16 = u16::MAX;

/// One row, to be written.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) custom_id: &'a str,
    pub(crate) name: Option<&'a str>,
    /// Code in the batch's list of models, or [`NO_CODE`].
    pub(crate) model: u16,
    pub(crate) choice: u16,
    pub(crate) state: State,
    /// Place of the line in the text of the batch, bytes.
    pub(crate) offset: u64,
    pub(crate) length: u32,
    pub(crate) line: u32,
    /// Characters of the text (Unicode scalar values).
    pub(crate) chars: u32,
    /// Tokens of the answer.
    pub(crate) tokens: Option<u32>,
    /// Code in the batch's list of finish reasons, or [`NO_CODE`].
    pub(crate) finish: u16,
    /// XXH3-64 of the text.
    pub(crate) hash: u64,
    /// Seconds since 1970-01-01 UTC.
    pub(crate) created: Option<i64>,
    /// The prompt that the line holds.
    pub(crate) prompt: PromptKind,
}

/// The columns' names and types. `docs/format.md` explains each.
pub(crate) fn fields() -> Vec<Field> {
    vec![
        Field::new("custom_id", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, true),
        Field::new("model", DataType::UInt16, false),
        Field::new("choice", DataType::UInt16, false),
        Field::new("state", DataType::UInt8, false),
        Field::new("offset", DataType::UInt64, false),
        Field::new("length", DataType::UInt32, false),
        Field::new("line", DataType::UInt32, false),
        Field::new("chars", DataType::UInt32, false),
        Field::new("tokens", DataType::UInt32, true),
        Field::new("finish", DataType::UInt16, false),
        Field::new("hash", DataType::UInt64, false),
        Field::new("created", DataType::Int64, true),
        Field::new("prompt", DataType::UInt8, false),
    ]
}

/// Collects entries into columns.
#[derive(Debug, Default)]
pub(crate) struct ColumnsBuilder {
    custom_id: StringBuilder,
    name: StringBuilder,
    model: UInt16Builder,
    choice: UInt16Builder,
    state: UInt8Builder,
    offset: UInt64Builder,
    length: UInt32Builder,
    line: UInt32Builder,
    chars: UInt32Builder,
    tokens: UInt32Builder,
    finish: UInt16Builder,
    hash: UInt64Builder,
    created: Int64Builder,
    prompt: UInt8Builder,
}

impl ColumnsBuilder {
    /// With room for so many entries.
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self {
            custom_id: StringBuilder::with_capacity(entries, entries * 16),
            name: StringBuilder::with_capacity(entries, 0),
            model: UInt16Builder::with_capacity(entries),
            choice: UInt16Builder::with_capacity(entries),
            state: UInt8Builder::with_capacity(entries),
            offset: UInt64Builder::with_capacity(entries),
            length: UInt32Builder::with_capacity(entries),
            line: UInt32Builder::with_capacity(entries),
            chars: UInt32Builder::with_capacity(entries),
            tokens: UInt32Builder::with_capacity(entries),
            finish: UInt16Builder::with_capacity(entries),
            hash: UInt64Builder::with_capacity(entries),
            created: Int64Builder::with_capacity(entries),
            prompt: UInt8Builder::with_capacity(entries),
        }
    }

    pub(crate) fn push(&mut self, entry: &Entry<'_>) {
        self.custom_id.append_value(entry.custom_id);
        self.name.append_option(entry.name);
        self.model.append_value(entry.model);
        self.choice.append_value(entry.choice);
        self.state.append_value(entry.state as u8);
        self.offset.append_value(entry.offset);
        self.length.append_value(entry.length);
        self.line.append_value(entry.line);
        self.chars.append_value(entry.chars);
        self.tokens.append_option(entry.tokens);
        self.finish.append_value(entry.finish);
        self.hash.append_value(entry.hash);
        self.created.append_option(entry.created);
        self.prompt.append_value(entry.prompt as u8);
    }

    pub(crate) fn finish(mut self) -> Columns {
        let batch = RecordBatch::try_new(
            Arc::new(Schema::new(fields())),
            vec![
                Arc::new(self.custom_id.finish()),
                Arc::new(self.name.finish()),
                Arc::new(self.model.finish()),
                Arc::new(self.choice.finish()),
                Arc::new(self.state.finish()),
                Arc::new(self.offset.finish()),
                Arc::new(self.length.finish()),
                Arc::new(self.line.finish()),
                Arc::new(self.chars.finish()),
                Arc::new(self.tokens.finish()),
                Arc::new(self.finish.finish()),
                Arc::new(self.hash.finish()),
                Arc::new(self.created.finish()),
                Arc::new(self.prompt.finish()),
            ],
        );
        let batch = batch.expect("the builders follow the list of fields");
        Columns::of(batch).expect("the builders follow the list of fields")
    }
}

/// A run of entries, readable by row.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) batch: RecordBatch,
    custom_id: StringArray,
    name: StringArray,
    model: UInt16Array,
    choice: UInt16Array,
    state: UInt8Array,
    offset: UInt64Array,
    length: UInt32Array,
    line: UInt32Array,
    chars: UInt32Array,
    tokens: UInt32Array,
    finish: UInt16Array,
    hash: UInt64Array,
    created: Int64Array,
    prompt: UInt8Array,
}

impl Columns {
    /// Takes a record batch with exactly our fields.
    pub(crate) fn of(batch: RecordBatch) -> Result<Self, ArrowError> {
        let ours = fields();
        let same = batch.schema().fields().iter().map(AsRef::as_ref).eq(ours.iter());
        if !same {
            return Err(ArrowError::SchemaError("not the columns of this version".into()));
        }
        let column = |at: usize| batch.column(at);
        Ok(Self {
            custom_id: column(0).as_string().clone(),
            name: column(1).as_string().clone(),
            model: column(2).as_primitive().clone(),
            choice: column(3).as_primitive().clone(),
            state: column(4).as_primitive().clone(),
            offset: column(5).as_primitive().clone(),
            length: column(6).as_primitive().clone(),
            line: column(7).as_primitive().clone(),
            chars: column(8).as_primitive().clone(),
            tokens: column(9).as_primitive().clone(),
            finish: column(10).as_primitive().clone(),
            hash: column(11).as_primitive().clone(),
            created: column(12).as_primitive().clone(),
            prompt: column(13).as_primitive().clone(),
            batch,
        })
    }

    /// Several runs as one.
    pub(crate) fn concat(runs: &[Self]) -> Self {
        let schema = Arc::new(Schema::new(fields()));
        let batches = runs.iter().map(|run| &run.batch);
        let batch = concat_batches(&schema, batches).expect("all runs have the same columns");
        Self::of(batch).expect("all runs have the same columns")
    }

    pub(crate) fn len(&self) -> usize {
        self.batch.num_rows()
    }

    pub(crate) fn custom_id(&self, row: usize) -> &str {
        self.custom_id.value(row)
    }

    pub(crate) fn state(&self, row: usize) -> State {
        State::from_code(self.state.value(row))
    }

    pub(crate) fn model(&self, row: usize) -> u16 {
        self.model.value(row)
    }

    pub(crate) fn choice(&self, row: usize) -> u16 {
        self.choice.value(row)
    }

    pub(crate) fn hash(&self, row: usize) -> u64 {
        self.hash.value(row)
    }

    pub(crate) fn created(&self, row: usize) -> Option<i64> {
        self.created.is_valid(row).then(|| self.created.value(row))
    }

    pub(crate) fn name(&self, row: usize) -> Option<&str> {
        self.name.is_valid(row).then(|| self.name.value(row))
    }

    pub(crate) fn has_name(&self, row: usize) -> bool {
        self.name.is_valid(row)
    }

    pub(crate) fn has_prompt(&self, row: usize) -> bool {
        self.prompt.value(row) != PromptKind::Missing as u8
    }

    pub(crate) fn states(&self) -> &[u8] {
        self.state.values()
    }

    pub(crate) fn choices(&self) -> &[u16] {
        self.choice.values()
    }

    pub(crate) fn custom_ids(&self) -> &StringArray {
        &self.custom_id
    }

    pub(crate) fn names(&self) -> &StringArray {
        &self.name
    }

    pub(crate) fn chars(&self) -> &UInt32Array {
        &self.chars
    }

    pub(crate) fn tokens(&self) -> &UInt32Array {
        &self.tokens
    }

    pub(crate) fn finishes(&self) -> &UInt16Array {
        &self.finish
    }

    pub(crate) fn entry(&self, row: usize) -> Entry<'_> {
        Entry {
            custom_id: self.custom_id.value(row),
            name: self.name(row),
            model: self.model.value(row),
            choice: self.choice.value(row),
            state: self.state(row),
            offset: self.offset.value(row),
            length: self.length.value(row),
            line: self.line.value(row),
            chars: self.chars.value(row),
            tokens: self.tokens.is_valid(row).then(|| self.tokens.value(row)),
            finish: self.finish.value(row),
            hash: self.hash.value(row),
            created: self.created(row),
            prompt: PromptKind::from_code(self.prompt.value(row)),
        }
    }
}
