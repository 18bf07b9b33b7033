//! One line of a batch, read: the fast way, the general way, or with a repair.

use crate::formats::{self, Object};
use crate::line::Reading;
use crate::{fast, repair};
use serde_json::Value;

/// How a line was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// As it stands.
    Clean,
    /// With a change, which is said.
    Repaired(&'static str),
}

/// Reads a line and hands what it says to `take`, with the line as a tree when there is one.
/// `Ok(None)`: a blank line. `Err`: what is wrong with it, in a sentence.
pub(crate) fn read_line<R>(
    bytes: &[u8],
    needs_tree: bool,
    take: impl FnOnce(&Reading<'_>, Option<&Value>) -> R,
) -> Result<Option<(R, Read)>, String> {
    read_text(&mut fast::Memory::default(), utf8(bytes)?, needs_tree, take)
}

/// The text of a line, or what is wrong with it.
pub(crate) fn utf8(line: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(line).map_err(|error| {
        // Counted in what is read of the line.
        let bare = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii_start();
        let good = error.valid_up_to() - (line.len() - bare.len());
        format!("not UTF-8 from byte {good} of the line on; save the file as UTF-8")
    })
}

/// Reads a line as [`read_line`] does; for whoever reads many.
pub(crate) fn read_text<R>(
    memory: &mut fast::Memory,
    line: &str,
    needs_tree: bool,
    take: impl FnOnce(&Reading<'_>, Option<&Value>) -> R,
) -> Result<Option<(R, Read)>, String> {
    let text = line.strip_prefix('\u{feff}').unwrap_or(line).trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    if !needs_tree && let Some(reading) = fast::read(text, memory) {
        return Ok(Some((take(&reading, None), Read::Clean)));
    }
    let (value, read) = parse(text)?;
    let Value::Object(object) = &value else {
        return Err(format!("{}, where a JSON object is expected", kind(&value)));
    };
    match formats::read(object) {
        Some((_, reading)) => Ok(Some((take(&reading, Some(&value)), read))),
        None => Err(unknown_shape(object)),
    }
}

fn parse(text: &str) -> Result<(Value, Read), String> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok((value, Read::Clean)),
        Err(error) => error,
    };
    if let Some((mended, what)) = repair::repair(text)
        && let Ok(value) = serde_json::from_str(&mended)
    {
        return Ok((value, Read::Repaired(what)));
    }
    let column = error.column();
    Err(match error.classify() {
        serde_json::error::Category::Eof => {
            format!("the line stops in the middle, at column {column}: it was cut off")
        }
        _ => format!("not JSON: {}", error.to_string().replace("line 1 column", "column")),
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a JSON boolean",
        Value::Number(_) => "a JSON number",
        Value::String(_) => "a JSON string",
        Value::Array(_) => "a JSON array",
        Value::Object(_) => "a JSON object",
    }
}

fn unknown_shape(object: &Object) -> String {
    let mut keys: Vec<String> = object.keys().take(6).map(|key| shortened(key)).collect();
    if object.len() > keys.len() {
        keys.push("…".into());
    }
    format!("no shape of a result or a request that is known; its keys are {}", keys.join(", "))
}

fn shortened(key: &str) -> String {
    let short: String = key.chars().take(40).collect();
    if short.len() < key.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outcome(line: &[u8]) -> String {
        match read_line(line, false, |reading, _| reading.answers.len()) {
            Ok(None) => "blank".into(),
            Ok(Some((answers, read))) => format!("{answers} answers, {read:?}"),
            Err(what) => what,
        }
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(outcome(b"  \r\n"), "blank");
        assert_eq!(outcome(b"[1,2,3]"), "a JSON array, where a JSON object is expected");
        assert_eq!(
            outcome(b"\xff{}"),
            "not UTF-8 from byte 0 of the line on; save the file as UTF-8"
        );
        assert_eq!(outcome(b"nope"), "not JSON: expected ident at column 2");
        assert_eq!(
            outcome(br#"{"custom_id":"a"#),
            "the line stops in the middle, at column 15: it was cut off"
        );
        assert_eq!(
            outcome(br#"{"colour":1,"shape":2}"#),
            "no shape of a result or a request that is known; its keys are colour, shape"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            outcome(&bytes);
        }
    }
}
