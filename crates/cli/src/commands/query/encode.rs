//! From record batches to the bytes of a file.

use crate::commands::query::table::Table;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_csv::writer::Terminator;
use arrow_json::LineDelimitedWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use clap::ValueEnum;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Rows of a Parquet row group, and its bytes; what comes first ends it.
const GROUP_ROWS: usize = 1 << 17;
const GROUP_BYTES: usize = 64 << 20;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Columns for people
    Table,
    /// One JSON object a line
    Jsonl,
    /// RFC 4180, with a line of names
    Csv,
    /// Apache Parquet
    Parquet,
}

impl Form {
    /// What the ending of a file asks for.
    pub(crate) fn of_file(path: Option<&Path>) -> Self {
        let ending = path.and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
        match ending.as_deref().and_then(|ending| ending.to_str()) {
            Some("jsonl" | "ndjson") => Self::Jsonl,
            Some("csv") => Self::Csv,
            Some("parquet") => Self::Parquet,
            _ => Self::Table,
        }
    }
}

/// Makes bytes of batches. It writes to memory, so that an error of the place where they go stays
/// the error that it is.
pub(crate) enum Encoder {
    Table(Table),
    Jsonl,
    Csv { is_begun: bool },
    Parquet(Box<ArrowWriter<Vec<u8>>>),
}

impl Encoder {
    /// `about` goes into a Parquet file; a table is cut to `width`.
    pub(crate) fn new(
        form: Form,
        schema: &Arc<Schema>,
        about: &[(&str, String)],
        width: Option<usize>,
    ) -> io::Result<Self> {
        Ok(match form {
            Form::Table => Self::Table(Table::new(width)),
            Form::Jsonl => Self::Jsonl,
            Form::Csv => Self::Csv { is_begun: false },
            Form::Parquet => {
                let writer = parquet_writer(schema.clone(), about).map_err(io::Error::other)?;
                Self::Parquet(Box::new(writer))
            }
        })
    }

    pub(crate) fn encode(&mut self, batch: &RecordBatch) -> io::Result<Vec<u8>> {
        match self {
            Self::Table(table) => Ok(table.lines(batch)),
            Self::Jsonl => jsonl(batch).map_err(io::Error::other),
            Self::Csv { is_begun } => {
                let is_begun = std::mem::replace(is_begun, true);
                csv(batch, !is_begun).map_err(io::Error::other)
            }
            Self::Parquet(writer) => {
                writer.write(batch).map_err(io::Error::other)?;
                Ok(std::mem::take(writer.inner_mut()))
            }
        }
    }

    /// What comes behind the last batch.
    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Parquet(writer) => writer.into_inner().map_err(io::Error::other),
            Self::Table(_) | Self::Jsonl | Self::Csv { .. } => Ok(Vec::new()),
        }
    }
}

fn jsonl(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut bytes = Vec::new();
    let builder = arrow_json::WriterBuilder::new().with_explicit_nulls(true);
    let mut writer: LineDelimitedWriter<_> = builder.build(&mut bytes);
    writer.write(batch)?;
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

fn csv(batch: &RecordBatch, with_names: bool) -> Result<Vec<u8>, ArrowError> {
    let mut bytes = Vec::new();
    let builder = arrow_csv::WriterBuilder::new()
        .with_header(with_names)
        .with_line_terminator(Terminator::CRLF);
    builder.build(&mut bytes).write(&flat(batch)?)?;
    Ok(bytes)
}

/// The batch with its lists as JSON text, because CSV has no lists.
fn flat(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        match column.data_type() {
            DataType::List(_) => (Field::new(field.name(), DataType::Utf8, false), texts(column)),
            _ => (field.as_ref().clone(), column.clone()),
        }
    });
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn texts(lists: &ArrayRef) -> ArrayRef {
    let lists = lists.as_list::<i32>().iter().flatten();
    let texts = lists.map(|list| {
        let words: Vec<&str> = list.as_string::<i32>().iter().flatten().collect();
        serde_json::to_string(&words).expect("strings are JSON")
    });
    Arc::new(StringArray::from_iter_values(texts))
}

fn parquet_writer(
    schema: Arc<Schema>,
    about: &[(&str, String)],
) -> Result<ArrowWriter<Vec<u8>>, ParquetError> {
    let version = [("version", env!("CARGO_PKG_VERSION").to_owned())];
    let about = about.iter().chain(&version);
    let about = about.map(|(key, value)| KeyValue::new(format!("goldstar.{key}"), value.clone()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(Some(GROUP_BYTES))
        .set_key_value_metadata(Some(about.collect()))
        .build();
    // Without Arrow's own schema beside it, the file says in one way only what its columns are.
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(Vec::new(), schema, options)
}
