//! Clauses about words and patterns, and where their texts have been found.

use crate::query::Condition;
use goldstar_catalog::{Bits, Phrase};
use regex::Regex;

/// A clause about texts, with the entries and rows in which it was found.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    pub(crate) is_negated: bool,
    look: Look,
    /// Entries whose output has it.
    pub(crate) in_output: Bits,
    /// Rows whose prompt, name, id, notes or tags have it.
    pub(crate) in_record: Bits,
}

/// How a text is looked at.
#[derive(Debug, Clone)]
pub enum Look {
    /// For words.
    Words(Phrase),
    /// For a pattern, or for a text without words as it stands.
    Pattern(Regex),
}

impl Look {
    /// The look of a condition about texts.
    pub fn of(condition: &Condition) -> Option<Self> {
        let (text, is_prefix) = match condition {
            Condition::Text(text) => (text, false),
            Condition::Prefix(text) => (text, true),
            Condition::Pattern(pattern) => return Some(Self::Pattern(compiled(pattern))),
            _ => return None,
        };
        let phrase = Phrase::new(text, is_prefix);
        if phrase.is_empty() {
            return Some(Self::Pattern(compiled(&format!("(?i){}", regex::escape(text)))));
        }
        Some(Self::Words(phrase))
    }

    /// Whether it is found in a text.
    pub fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Words(phrase) => phrase.is_in(text),
            Self::Pattern(pattern) => pattern.is_match(text),
        }
    }

    /// Where it is found in a text, bytes.
    pub fn ranges(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        match self {
            Self::Words(phrase) => phrase.ranges(text),
            Self::Pattern(pattern) => pattern.find_iter(text).map(|found| found.range()).collect(),
        }
    }
}

impl Wording {
    pub(crate) fn new(is_negated: bool, look: Look, entries: u32, rows: u32) -> Self {
        let (in_output, in_record) = (Bits::new(entries), Bits::new(rows));
        Self { is_negated, look, in_output, in_record }
    }

    /// The phrase, if an index of words can answer.
    pub(crate) fn phrase(&self) -> Option<&Phrase> {
        match &self.look {
            Look::Words(phrase) => Some(phrase),
            Look::Pattern(_) => None,
        }
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.look.is_in(text)
    }
}

/// A pattern was tried when the query was read; one made otherwise that is none is found nowhere.
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern)
        .unwrap_or_else(|_| Regex::new("[^\\s\\S]").expect("the pattern is a constant"))
}
