//! Whose eyes look at stars: all of them are seen, or those that one has earned by judging.

use crate::collection::Collection;
use crate::judged::Judged;
use crate::starring::hash_of_answer;
use goldstar_journal::Star;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which stars somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Sight {
    /// All.
    #[default]
    All,
    /// This reviewer's own, and those of others on outputs that this reviewer has starred.
    Of(Arc<str>),
}

impl Sight {
    /// The stars of one record that are seen.
    pub fn seen(&self, mut stars: Vec<Judged>) -> Vec<Judged> {
        if let Self::Of(name) = self {
            let is_own = |judged: &&Judged| judged.star.starred_by == *name;
            let own: Vec<Judged> = stars.iter().filter(is_own).cloned().collect();
            stars.retain(|judged| own.iter().any(|own| own.is_of_the_same_output(judged)));
        }
        stars
    }

    /// Whether what a reviewer alone may know is seen.
    pub(crate) fn is_of(&self, reviewer: &str) -> bool {
        matches!(self, Self::All) || matches!(self, Self::Of(name) if **name == *reviewer)
    }

    /// Whether a line of the journal is seen by whoever sees these stars of its record.
    pub fn sees(&self, line: &Star, seen: &[Judged]) -> bool {
        let Self::Of(name) = self else { return true };
        let is_same = |own: &Judged| match &line.model {
            Some(model) => (own.model.as_deref(), own.choice) == (Some(&**model), line.choice),
            None => own.star.text_hash == hash_of_answer(&line.llm_output),
        };
        let own = |judged: &&Judged| judged.star.starred_by == *name;
        line.starred_by == **name || seen.iter().filter(own).any(is_same)
    }
}

/// What stands in the stars that somebody sees, of records in the batches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Stars that people gave.
    pub stars: u64,
    /// Those of agents.
    pub suggestions: u64,
    /// Stars of people with score 1, 2, … 10.
    pub scores: [u64; 10],
    /// How many stars have each tag.
    pub tags: BTreeMap<Arc<str>, u64>,
}

impl Collection {
    /// Counts the stars that somebody sees.
    pub fn tally(&self, sight: &Sight) -> Tally {
        let standing = self.standing_of(&self.catalog().snapshot(), sight);
        let mut tally = Tally::default();
        for judged in standing.stars() {
            if judged.is_suggestion() {
                tally.suggestions += 1;
            } else {
                tally.stars += 1;
                tally.scores[usize::from(judged.star.quality_score) - 1] += 1;
            }
            for tag in judged.star.tags.iter() {
                *tally.tags.entry(tag.clone()).or_default() += 1;
            }
        }
        tally
    }
}
