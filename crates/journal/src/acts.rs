//! Acts: what a reviewer did in one go, and which of it can be taken back or done again.

use crate::entry::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use ulid::Ulid;

/// Acts of one reviewer that are remembered.
const KEPT: usize = 200;

/// What a reviewer did in one go: one line, or the lines of a bulk act.
#[derive(Debug)]
pub struct Act {
    /// Its idempotency key: that of its line, or of its closing line.
    pub id: Ulid,
    /// Who.
    pub starred_by: Arc<str>,
    /// What was done.
    pub what: What,
    /// When, as its closing line says, or its only one.
    pub at: Arc<str>,
    /// Whether it is a bulk act.
    pub is_bulk: bool,
    /// What became of each output.
    pub turns: Vec<Turn>,
}

/// What a line made of an output's stars.
#[derive(Debug)]
pub struct Turn {
    /// What it took the place of.
    pub before: Vec<Mark>,
    /// What has stood there since.
    pub after: Mark,
}

/// What a reviewer said last about an output.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The star, or the one that was taken back.
    pub entry: Arc<Entry>,
    /// Whether it stands.
    pub is_star: bool,
}

/// What kind of act it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// Outputs were starred.
    Star,
    /// Stars were taken back.
    Unstar,
    /// Stars were given tags.
    Tag,
    /// Tags were taken from stars.
    Untag,
}

impl What {
    /// The word in files and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Star => "star",
            Self::Unstar => "unstar",
            Self::Tag => "tag",
            Self::Untag => "untag",
        }
    }

    /// The kind that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Star, Self::Unstar, Self::Tag, Self::Untag].into_iter().find(|w| w.word() == word)
    }
}

/// An act that is about another act, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversal {
    /// It is taken back.
    Undoes(Ulid),
    /// It was taken back, and is done again.
    Redoes(Ulid),
}

impl Reversal {
    /// The act that it is about.
    pub fn act(self) -> Ulid {
        match self {
            Self::Undoes(act) | Self::Redoes(act) => act,
        }
    }
}

/// Why an act cannot be taken back or done again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Irreversible {
    /// There is no such act.
    #[error("{0}")]
    Unknown(String),
    /// The reviewer has judged one of its outputs again since.
    #[error("{0} was judged again since; take that back first")]
    Since(Arc<str>),
}

/// The last acts of every reviewer.
#[derive(Debug, Default)]
pub(crate) struct Acts {
    of: HashMap<Arc<str>, VecDeque<Known>>,
    reversals: u64,
}

#[derive(Debug)]
struct Known {
    act: Arc<Act>,
    /// Which of all reversals took it back, if one did.
    undone: Option<u64>,
}

impl Acts {
    /// Remembers an act; what its reviewer has taken back cannot be done again then.
    pub(crate) fn push(&mut self, act: Act) {
        self.forget_undone(&act.starred_by);
        let known = self.of.entry(act.starred_by.clone()).or_default();
        if known.len() == KEPT {
            known.pop_front();
        }
        known.push_back(Known { act: Arc::new(act), undone: None });
    }

    /// Forgets what could be done again.
    pub(crate) fn forget_undone(&mut self, starred_by: &str) {
        if let Some(known) = self.of.get_mut(starred_by) {
            known.retain(|known| known.undone.is_none());
        }
    }

    /// The acts of a reviewer, the last first, each with whether it is taken back.
    pub(crate) fn of(&self, starred_by: &str) -> impl Iterator<Item = (&Arc<Act>, bool)> {
        let known = self.of.get(starred_by).into_iter().flatten().rev();
        known.map(|known| (&known.act, known.undone.is_some()))
    }

    /// The act that an undo would take back.
    pub(crate) fn to_undo(&self, starred_by: &str) -> Option<&Arc<Act>> {
        self.of(starred_by).find(|(_, is_undone)| !is_undone).map(|(act, _)| act)
    }

    /// The act that a redo would do again: what was taken back last.
    pub(crate) fn to_redo(&self, starred_by: &str) -> Option<&Arc<Act>> {
        let undone = self.of.get(starred_by)?.iter().filter(|known| known.undone.is_some());
        undone.max_by_key(|known| known.undone).map(|known| &known.act)
    }

    /// The act that a reversal is about, if it is in the state for that.
    pub(crate) fn meant(&self, starred_by: &str, reversal: Reversal) -> Option<&Arc<Act>> {
        let is_undone = matches!(reversal, Reversal::Redoes(_));
        let mut all = self.of(starred_by).filter(|(_, undone)| *undone == is_undone);
        all.find(|(act, _)| act.id == reversal.act()).map(|(act, _)| act)
    }

    /// Notes that an act was taken back or done again.
    pub(crate) fn reversed(&mut self, act: &Act, reversal: Reversal) {
        self.reversals += 1;
        let undone = matches!(reversal, Reversal::Undoes(_)).then_some(self.reversals);
        let known = self.of.get_mut(&act.starred_by).into_iter().flatten();
        known.filter(|known| known.act.id == act.id).for_each(|known| known.undone = undone);
    }
}

impl Act {
    /// What the lines of a reversal say, in order.
    pub(crate) fn lines(&self, reversal: Reversal) -> impl Iterator<Item = Mark> {
        self.turns.iter().flat_map(move |turn| turn.lines(reversal))
    }

    /// Whether it changed anything.
    pub(crate) fn is_something(&self) -> bool {
        let was_star = |turn: &Turn| turn.before.iter().any(|mark| mark.is_star);
        self.turns.iter().any(|turn| turn.after.is_star || was_star(turn))
    }
}

impl Turn {
    pub(crate) fn lines(&self, reversal: Reversal) -> Vec<Mark> {
        if matches!(reversal, Reversal::Redoes(_)) {
            return vec![self.after.clone()];
        }
        let stars: Vec<Mark> = self.before.iter().filter(|mark| mark.is_star).cloned().collect();
        match stars.is_empty() && self.after.is_star {
            true => vec![Mark { is_star: false, ..self.after.clone() }],
            false => stars,
        }
    }
}

impl Mark {
    /// Whether two lines say the same of the same output.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let (a, b) = (&self.entry, &other.entry);
        let same_output = (&a.custom_id, &a.starred_by, &a.model, a.choice, a.text_hash)
            == (&b.custom_id, &b.starred_by, &b.model, b.choice, b.text_hash);
        let same_star = || {
            (a.quality_score, &a.tags, &a.notes, &a.starred_at, a.kind, a.accepted)
                == (b.quality_score, &b.tags, &b.notes, &b.starred_at, b.kind, b.accepted)
        };
        self.is_star == other.is_star && same_output && (!self.is_star || same_star())
    }
}
