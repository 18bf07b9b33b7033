//! What lines looked like so far: the lines of a batch differ in little but their values.
//!
//! A line that was read is remembered as the stretches of bytes between its values. Where the next
//! one has the same stretches, it has the same members in the same places, and only its values have
//! to be read: the way through a line depends on nothing but the bytes between them.

use super::cursor::{Cursor, Kind, Step};
use super::request::Request;
use super::result::Completion;
use super::values::{ValueNo, Values};
use crate::line::Reading;
use std::ops::Range;

/// Shapes that are known at once. Files have one to ten; where each line has its own, this bounds
/// what is remembered in vain.
const SHAPES_MAX: usize = 64;

/// What a line holds, with values by their numbers.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) custom_id: ValueNo,
    pub(super) holds: Holds,
}

#[derive(Debug)]
pub(super) enum Holds {
    Result(Completion),
    Request(Request),
}

impl Shape {
    /// What a line of this shape says. `None`: something that is left to the tree.
    pub(super) fn reading<'a>(&self, values: Values<'a>) -> Option<Reading<'a>> {
        let custom_id = values.some(Some(self.custom_id))?;
        let reading = match &self.holds {
            Holds::Result(result) => {
                Reading { answers: result.answers(values)?, ..Reading::default() }
            }
            Holds::Request(request) => request.reading(values)?,
        };
        Some(Reading { custom_id: Some(custom_id), ..reading })
    }
}

/// The shapes that are known, as a tree of steps.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    steps: Vec<Known>,
    stretches: Vec<u8>,
}

/// A step that was taken before.
#[derive(Debug)]
struct Known {
    stretch: Range<usize>,
    kind: Kind,
    /// The step that comes next; behind the last one, the shape.
    next: usize,
    /// Another step that was taken from the same place; none is 0, which is the first of all.
    other: usize,
}

impl Shapes {
    /// Passes over a line of a known shape, and gives the shape's number.
    pub(super) fn follow(&self, cursor: &mut Cursor<'_, '_>) -> Option<usize> {
        let mut step = self.steps.first()?;
        loop {
            if cursor.follows(&self.stretches[step.stretch.clone()], step.kind) {
                if step.kind == Kind::End {
                    return Some(step.next);
                }
                cursor.value(step.kind)?;
                step = &self.steps[step.next];
            } else if step.other > 0 {
                step = &self.steps[step.other];
            } else {
                return None;
            }
        }
    }

    /// Remembers the shape of a line that was passed in these steps, and gives its number.
    pub(super) fn learn(&mut self, line: &str, steps: &[Step], shape: Shape) -> usize {
        if self.shapes.len() == SHAPES_MAX {
            *self = Self::default();
        }
        let number = self.shapes.len();
        self.shapes.push(shape);
        let (mut at, mut is_known) = (0, !self.steps.is_empty());
        for (place, step) in steps.iter().enumerate() {
            let stretch = &line.as_bytes()[step.stretch.clone()];
            while is_known && !self.is_same(at, stretch, step.kind) {
                match self.steps[at].other {
                    0 => {
                        self.steps[at].other = self.steps.len();
                        is_known = false;
                    }
                    other => at = other,
                }
            }
            if is_known {
                at = self.steps[at].next;
                continue;
            }
            let start = self.stretches.len();
            self.stretches.extend_from_slice(stretch);
            let next = if place + 1 < steps.len() { self.steps.len() + 1 } else { number };
            let stretch = start..self.stretches.len();
            self.steps.push(Known { stretch, kind: step.kind, next, other: 0 });
        }
        number
    }

    pub(super) fn get(&self, number: usize) -> &Shape {
        &self.shapes[number]
    }

    fn is_same(&self, at: usize, stretch: &[u8], kind: Kind) -> bool {
        let known = &self.steps[at];
        known.kind == kind && self.stretches[known.stretch.clone()] == *stretch
    }
}
