//! Outputs in the terminal: aligned columns, cut to its width.

use crate::commands::cut;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use std::fmt::Write;

/// The columns that a table shows, each with the most characters of a cell. The other forms have
/// all columns.
const SHOWN: [(&str, usize); 10] = [
    ("custom_id", 80),
    ("name", 28),
    ("model", 40),
    ("choice", 6),
    ("state", 8),
    ("finish_reason", 16),
    ("tokens", 10),
    ("chars", 10),
    ("score", 6),
    ("tags", 40),
];
/// Texts share what is left of the width.
const PREVIEWS: [&str; 2] = ["text", "prompt"];
/// Characters of a preview: where no terminal says how many fit, and the fewest.
const PREVIEW: usize = 100;
const PREVIEW_MIN: usize = 20;
const GAP: &str = "  ";

/// A table that is written as its rows come.
pub(crate) struct Table {
    /// Characters of a line, in a terminal.
    width: Option<usize>,
    /// Characters of each column; a later batch may need more.
    columns: Vec<usize>,
    has_heads: bool,
}

impl Table {
    pub(crate) fn new(width: Option<usize>) -> Self {
        Self { width, columns: vec![0; SHOWN.len() + PREVIEWS.len()], has_heads: false }
    }

    /// The lines of a batch; those of the first begin with the names of the columns.
    pub(crate) fn lines(&mut self, batch: &RecordBatch) -> Vec<u8> {
        let mut columns: Vec<(&str, Vec<String>)> = Vec::new();
        for (name, most) in SHOWN {
            self.push_column(&mut columns, batch, name, most);
        }
        let previews = PREVIEWS.iter().filter(|name| batch.column_by_name(name).is_some()).count();
        let used: usize = self.columns[..columns.len()].iter().map(|width| width + GAP.len()).sum();
        let most = self.width.map_or(PREVIEW, |width| {
            let left = width.saturating_sub(used) / previews.max(1);
            left.saturating_sub(GAP.len()).max(PREVIEW_MIN)
        });
        for name in PREVIEWS {
            self.push_column(&mut columns, batch, name, most);
        }
        let mut text = String::new();
        if !std::mem::replace(&mut self.has_heads, true) {
            self.push_line(&mut text, columns.iter().map(|(name, _)| *name));
        }
        for row in 0..batch.num_rows() {
            self.push_line(&mut text, columns.iter().map(|(_, cells)| &*cells[row]));
        }
        text.into_bytes()
    }

    fn push_column(
        &mut self,
        columns: &mut Vec<(&str, Vec<String>)>,
        batch: &RecordBatch,
        name: &'static str,
        most: usize,
    ) {
        let Some(column) = batch.column_by_name(name) else { return };
        let cells = (0..batch.num_rows()).map(|at| cut(&cell(column, at, most), most));
        let cells: Vec<String> = cells.collect();
        let widest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or_default();
        let width = &mut self.columns[columns.len()];
        *width = (*width).max(name.len()).max(widest);
        columns.push((name, cells));
    }

    fn push_line<'c>(&self, text: &mut String, cells: impl Iterator<Item = &'c str>) {
        let mut line = String::new();
        for (cell, width) in cells.zip(&self.columns) {
            write!(line, "{cell:<width$}{GAP}").expect("a string takes everything");
        }
        text.push_str(&cut(line.trim_end(), self.width.unwrap_or(usize::MAX)));
        text.push('\n');
    }
}

fn cell(column: &ArrayRef, at: usize, most: usize) -> String {
    if column.is_null(at) {
        return "–".into();
    }
    match column.data_type() {
        DataType::Utf8 => start(column.as_string::<i32>().value(at), most).to_owned(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(at).to_string(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(at).to_string(),
        DataType::Float64 => {
            let score = column.as_primitive::<Float64Type>().value(at);
            format!("★ {}", (score * 10.0).round() / 10.0)
        }
        _ => {
            let list = column.as_list::<i32>().value(at);
            let words: Vec<&str> = list.as_string::<i32>().iter().flatten().collect();
            words.join(", ")
        }
    }
}

/// As much of a text as is enough to show `most` characters and that there are more.
fn start(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most + 1).map_or(text.len(), |(end, _)| end);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{Float64Array, StringArray, UInt32Array};
    use std::sync::Arc;

    fn lines(width: Option<usize>) -> String {
        let text = ["one\ntwo", "a long text that has to be cut somewhere, and it is"];
        let columns: [(&str, ArrayRef); 4] = [
            ("custom_id", Arc::new(StringArray::from(vec!["q-1", "question-2"]))),
            ("tokens", Arc::new(UInt32Array::from(vec![None, Some(7)]))),
            ("score", Arc::new(Float64Array::from(vec![Some(8.25), None]))),
            ("text", Arc::new(StringArray::from(text.to_vec()))),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.map(|(name, column)| (name, column, true)),
        );
        String::from_utf8(Table::new(width).lines(&batch.unwrap())).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_texts_are_one_line() {
        let expected = "\
custom_id   tokens  score  text
q-1         –       ★ 8.3  one two
question-2  7       –      a long text that has to be cut somewhere, and it is
";
        assert_eq!(lines(None), expected);
    }

    #[test]
    fn previews_share_what_is_left_of_the_terminal() {
        let expected = "\
custom_id   tokens  score  text
q-1         –       ★ 8.3  one two
question-2  7       –      a long text that has…
";
        assert_eq!(lines(Some(50)), expected);
        let narrow = lines(Some(12));
        assert!(narrow.lines().all(|line| line.chars().count() <= 12), "{narrow}");
    }
}
