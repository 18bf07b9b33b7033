//! Whether scores depend on what should not sway them: the place of an output, and its length.

use crate::agreement::{Numbers, SEED};
use crate::collection::{Collection, View};
use crate::judged::Judged;
use crate::kept::kept_or;
use goldstar_catalog::{SHOWN, Table};
use goldstar_insight::{Bias, Sway, Swayed};
use goldstar_journal::Kind;
use std::sync::Arc;

/// How place and length go with the scores of a view's records.
#[derive(Debug, Clone)]
pub struct BiasReport {
    /// Stars of people.
    pub stars: u64,
    /// Of all reviewers together.
    pub all: Sway,
    /// Of each, in the order of their names.
    pub reviewers: Vec<(Arc<str>, Kind, Sway)>,
}

/// The name of the view and the journal's revision.
pub(crate) type BiasKey = (String, u64);

impl Collection {
    /// How place and length go with the scores that people gave in a view's records. Kept until a
    /// star comes.
    pub fn bias(&self, view: &View) -> Arc<BiasReport> {
        let key = (view.name.clone(), self.journal().revision());
        let make = || Arc::new(self.new_bias(view));
        kept_or(&self.biases, key, make, |report| report.bytes())
    }

    fn new_bias(&self, view: &View) -> BiasReport {
        let standing = self.standing_of(&view.snapshot, &view.sight);
        let rows = view.rows.as_set(view.snapshot.row_count());
        let starred: Vec<(u32, &[Judged])> = standing.among(rows.as_deref()).collect();
        let numbers = Numbers::of(starred.iter().map(|(_, stars)| *stars));
        let records: Vec<Vec<Swayed>> = view.snapshot.look(|table| {
            let each = starred.iter().map(|(row, stars)| {
                let lengths = lengths(table, *row);
                stars.iter().map(|judged| swayed(judged, &numbers, &lengths)).collect()
            });
            each.collect()
        });
        drop(standing);
        let reviewers = numbers.names();
        let Bias { all, reviewers: each } = Bias::of(&records, reviewers.len(), SEED);
        let reviewers = reviewers.into_iter().zip(each);
        BiasReport {
            stars: records.iter().map(|record| record.len() as u64).sum(),
            all,
            reviewers: reviewers.map(|((name, kind), sway)| (name, kind, sway)).collect(),
        }
    }
}

impl BiasReport {
    fn bytes(&self) -> usize {
        let each = self.reviewers.iter().map(|(.., sway)| sway).chain([&self.all]);
        each.map(|sway| size_of_val(&*sway.places) + 512).sum()
    }
}

fn swayed(judged: &Judged, numbers: &Numbers, lengths: &[(Arc<str>, u16, u32)]) -> Swayed {
    let star = &judged.star;
    let of_output = lengths.iter().find(|(model, choice, _)| {
        (Some(&**model), *choice) == (judged.model.as_deref(), judged.choice)
    });
    Swayed {
        reviewer: numbers.number(&star.starred_by),
        score: star.quality_score,
        // Where it stood alone there was no place to be swayed by.
        place: star.seen.blind.filter(|blind| blind.of > 1).map(|blind| blind.place),
        // The length of a text that has changed is not known any more.
        chars: of_output.filter(|_| !judged.is_stale).map(|(.., chars)| *chars),
    }
}

/// The model, choice and characters of each output of a record.
fn lengths(table: &Table, row: u32) -> Vec<(Arc<str>, u16, u32)> {
    let parts = table.entry_numbers(row).map(|entry| table.part_of(entry));
    let shown = parts.filter(|part| part.flags()[0] & SHOWN != 0);
    let of = |part: goldstar_catalog::Part<'_>| {
        let model = table.models()[usize::from(part.models()[0])].name.clone();
        (model, part.choices()[0], part.chars().value(0))
    };
    shown.map(of).collect()
}
