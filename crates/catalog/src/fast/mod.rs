//! The common lines read without building a tree: a good chat completion in an OpenAI-shaped
//! line, and a request for one.
//!
//! Nearly every line of a large batch is one of these, and one pass that looks only at what we
//! keep is several times as fast as reading a tree. Whatever is out of the ordinary (an error, a
//! call of a tool, parts, a name, a key given twice, another shape) is left to
//! [`crate::formats`]; tests hold the two against each other.

mod cursor;
mod request;
mod result;
#[cfg(test)]
mod tests;

use crate::line::Reading;
use cursor::{Cursor, Span};
use std::borrow::Cow;

/// Keys that make a line another one than we read here: those of other shapes, and those where a
/// name or an echoed request may stand.
const OF_OTHERS: [&str; 10] = [
    "candidate_name",
    "key",
    "metadata",
    "modelOutput",
    "name",
    "object",
    "params",
    "processed_time",
    "request",
    "result",
];

/// Reads the line if it is one of the common ones. `unescaped` holds the texts that cannot be
/// borrowed from the line; it is given so that its memory is used again.
pub(crate) fn read<'a>(line: &'a str, unescaped: &'a mut String) -> Option<Reading<'a>> {
    unescaped.clear();
    let mut cursor = Cursor::new(line, unescaped)?;
    let mut custom_id = None;
    let mut result = None;
    let mut request = None;
    let mut has_error = false;
    cursor.object(|cursor, key| match key {
        "custom_id" => once(&mut custom_id, cursor.text()?),
        "response" => once(&mut result, result::read(cursor)?),
        "body" => once(&mut request, request::read(cursor)?),
        "error" => {
            has_error = true;
            cursor.null()
        }
        _ if OF_OTHERS.contains(&key) => None,
        _ => cursor.skip(),
    })?;
    cursor.end()?;
    let texts = Texts { line, unescaped };
    let custom_id = texts.some(custom_id)?;
    let reading = match (result, request) {
        (Some(result), None) => Reading { answers: result.answers(&texts), ..Reading::default() },
        (None, Some(request)) if !has_error => request.reading(&texts)?,
        _ => return None,
    };
    Some(Reading { custom_id: Some(custom_id), ..reading })
}

/// Fills a place that is still empty. A key given twice is left to the tree.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

/// Where the texts stand that spans point to.
struct Texts<'a> {
    line: &'a str,
    unescaped: &'a str,
}

impl<'a> Texts<'a> {
    fn get(&self, span: Span) -> &'a str {
        if span.is_unescaped { &self.unescaped[span.range()] } else { &self.line[span.range()] }
    }

    /// A text that says something.
    fn some(&self, span: Option<Span>) -> Option<Cow<'a, str>> {
        span.map(|span| self.get(span)).filter(|text| !text.is_empty()).map(Cow::Borrowed)
    }
}
