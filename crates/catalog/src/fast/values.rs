//! The values of one line that are looked at, by number in their order.

use super::cursor::Step;
use std::borrow::Cow;

/// The number of a value among those of its line that are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueNo(usize);

impl ValueNo {
    pub(super) fn last_of(notes: &Notes) -> Self {
        Self(notes.spans.len() - 1)
    }
}

/// Where a value's text stands: in the line, or among the unescaped texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_unescaped: bool,
}

/// What was noted on the way through a line; kept so that its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The values that are looked at.
    pub(super) spans: Vec<Span>,
    /// The texts that cannot be borrowed from the line.
    pub(super) unescaped: String,
    /// How the line was passed, if that was not known before.
    pub(super) steps: Vec<Step>,
}

impl Notes {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.unescaped.clear();
        self.steps.clear();
    }
}

/// The values of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) line: &'a str,
    pub(super) notes: &'a Notes,
}

impl<'a> Values<'a> {
    pub(super) fn text(&self, value: ValueNo) -> &'a str {
        let Span { start, end, is_unescaped } = self.notes.spans[value.0];
        if is_unescaped { &self.notes.unescaped[start..end] } else { &self.line[start..end] }
    }

    /// A text that says something.
    pub(super) fn some(&self, value: Option<ValueNo>) -> Option<Cow<'a, str>> {
        value.map(|value| self.text(value)).filter(|text| !text.is_empty()).map(Cow::Borrowed)
    }

    /// A number that is whole.
    pub(super) fn integer(&self, value: ValueNo) -> Option<i64> {
        self.text(value).parse().ok()
    }

    /// A number that may be a count. `None`: it is none. `Some(None)`: it is not given.
    pub(super) fn count(&self, value: Option<ValueNo>) -> Option<Option<u32>> {
        value.map_or(Some(None), |value| u32::try_from(self.integer(value)?).ok().map(Some))
    }
}
