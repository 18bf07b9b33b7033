//! One label, such as a tag, that each reviewer gave to a unit or did not: how far they agree about
//! it, on which units it is, and how far each of them can be trusted with it.

use crate::alpha::{Metric, alpha_of};
use crate::dawid_skene::DawidSkene;
use crate::ratings::Ratings;
use crate::resample::{Measured, Random};

/// What reviewers' judgments of a label say. A rating's `score` is 1 where the label was given and
/// 0 where it was not.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Units that somebody gave it to.
    pub given: u64,
    /// Units that most of their reviewers gave it to; a tie is none.
    pub by_majority: u64,
    /// Units that have it in the model of Dawid and Skene, which trusts reviewers unequally.
    pub by_model: u64,
    /// Krippendorff's alpha, nominal.
    pub alpha: Measured,
    /// Each reviewer, by number.
    pub reviewers: Vec<Labeller>,
}

/// How a reviewer gives a label.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Labeller {
    /// Units judged.
    pub units: u64,
    /// Those that were given the label.
    pub given: u64,
    /// The share of the units that have the label in the model that were given it.
    pub sensitivity: Option<f64>,
    /// The share of the units without it that were not.
    pub specificity: Option<f64>,
}

impl Label {
    /// Looks at units that several judged; those that one reviewer judged say nothing.
    pub fn of(ratings: &Ratings, resamples: usize, random: Random) -> Self {
        let model = DawidSkene::fit(ratings);
        let mut reviewers = vec![Labeller::default(); ratings.reviewers()];
        let (mut given, mut by_majority) = (0, 0);
        for unit in ratings.units() {
            let yes = unit.iter().filter(|rating| rating.score == 1).count();
            given += u64::from(yes > 0);
            by_majority += u64::from(2 * yes > unit.len());
            for rating in unit {
                let reviewer = &mut reviewers[rating.reviewer as usize];
                reviewer.units += 1;
                reviewer.given += u64::from(rating.score);
            }
        }
        for (reviewer, errors) in reviewers.iter_mut().zip(&model.errors) {
            reviewer.sensitivity = right(errors, 1);
            reviewer.specificity = right(errors, 0);
        }
        let has_it = |classes: &&Vec<f64>| classes.get(1).is_some_and(|share| *share > 0.5);
        let by_model = model.classes.iter().filter(has_it).count() as u64;
        let alpha = alpha_of(ratings, Metric::Nominal, resamples, random);
        Self { given, by_majority, by_model, alpha, reviewers }
    }
}

/// How often a class is called what it is; none where no unit is of it.
fn right(errors: &[Vec<f64>], class: usize) -> Option<f64> {
    let row = errors.get(class)?;
    (row.iter().sum::<f64>() > 0.0).then(|| row[class])
}
