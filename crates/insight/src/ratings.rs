//! Judgments in a compact form: units, each with the scores that reviewers gave it.

/// One score of one reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating {
    /// The reviewer's number, from 0.
    pub reviewer: u32,
    /// The score, or the number of a class.
    pub score: u8,
}

/// What reviewers gave to units; built once, unit by unit.
///
/// A reviewer who judged a unit several times counts as often; only [`crate::DawidSkene`] expects
/// that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ratings {
    given: Vec<Rating>,
    /// Where each unit ends.
    ends: Vec<usize>,
    reviewers: usize,
    values: usize,
}

impl Ratings {
    /// No units yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a unit with its scores, in whatever order they come.
    pub fn push(&mut self, unit: impl IntoIterator<Item = Rating>) {
        let start = self.given.len();
        for rating in unit {
            self.reviewers = self.reviewers.max(rating.reviewer as usize + 1);
            self.values = self.values.max(usize::from(rating.score) + 1);
            self.given.push(rating);
        }
        self.given[start..].sort_unstable();
        self.ends.push(self.given.len());
    }

    /// Units.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no units.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Scores of all units.
    pub fn scores(&self) -> usize {
        self.given.len()
    }

    /// One more than the greatest number of a reviewer.
    pub fn reviewers(&self) -> usize {
        self.reviewers
    }

    /// One more than the greatest score.
    pub fn values(&self) -> usize {
        self.values
    }

    /// The scores of one unit, by reviewer.
    pub fn unit(&self, at: usize) -> &[Rating] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.given[start..self.ends[at]]
    }

    /// The scores of each unit, by reviewer.
    pub fn units(&self) -> impl ExactSizeIterator<Item = &[Rating]> + Clone {
        (0..self.len()).map(|at| self.unit(at))
    }

    /// The units that two or more scores belong to.
    pub fn shared(&self) -> impl Iterator<Item = &[Rating]> {
        self.units().filter(|unit| unit.len() > 1)
    }
}

impl<U: IntoIterator<Item = Rating>> FromIterator<U> for Ratings {
    fn from_iter<I: IntoIterator<Item = U>>(units: I) -> Self {
        let mut ratings = Self::new();
        units.into_iter().for_each(|unit| ratings.push(unit));
        ratings
    }
}
