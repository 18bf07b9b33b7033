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
mod shapes;
#[cfg(test)]
mod tests;
mod values;

use crate::line::Reading;
use cursor::Cursor;
use shapes::{Holds, Shape, Shapes};
use values::{Notes, Values};

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

/// What is remembered from line to line: how lines looked, and memory to be used again.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    shapes: Shapes,
    notes: Notes,
}

/// Reads the line if it is one of the common ones.
pub(crate) fn read<'a>(line: &'a str, memory: &'a mut Memory) -> Option<Reading<'a>> {
    if line.bytes().fold(u8::MAX, u8::min) < b' ' {
        return None; // control characters
    }
    let Memory { shapes, notes } = memory;
    let known = shapes.follow(&mut Cursor::new(line, notes));
    let number = match known {
        Some(number) => number,
        None => {
            let shape = shape(&mut Cursor::new(line, notes))?;
            shapes.learn(line, &notes.steps, shape)
        }
    };
    shapes.get(number).reading(Values { line, notes })
}

fn shape(cursor: &mut Cursor<'_, '_>) -> Option<Shape> {
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
    let holds = match (result, request) {
        (Some(result), None) => Holds::Result(result),
        (None, Some(request)) if !has_error => Holds::Request(request),
        _ => return None,
    };
    Some(Shape { custom_id: custom_id?, holds })
}

/// Fills a place that is still empty. A key given twice is left to the tree.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}
