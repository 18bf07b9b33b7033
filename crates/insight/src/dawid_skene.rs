//! Classes of units from what reviewers said, where each reviewer errs in an own way.
//!
//! Dawid and Skene, *Maximum likelihood estimation of observer error-rates using the EM algorithm*
//! (1979). Begins with each unit's share of votes; nothing is smoothed.

use crate::ratings::{Rating, Ratings};

const ROUNDS: usize = 100;
/// The last round raises the logarithm of the likelihood by less.
const STILL: f64 = 1e-5;

/// The fitted model. A rating's `score` is the number of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct DawidSkene {
    /// For each unit the probability of each class.
    pub classes: Vec<Vec<f64>>,
    /// The share of each class.
    pub shares: Vec<f64>,
    /// For each reviewer and each true class, how often each class is said.
    pub errors: Vec<Vec<Vec<f64>>>,
    /// The natural logarithm of the likelihood, without the multinomial constant.
    pub log_likelihood: f64,
    /// Rounds until it stood still.
    pub rounds: usize,
}

impl DawidSkene {
    /// Fits the model; units that nobody judged have the classes' shares.
    pub fn fit(ratings: &Ratings) -> Self {
        let count = ratings.values();
        let votes = |unit: &[Rating]| {
            let mut votes = vec![0.0; count];
            unit.iter().for_each(|rating| votes[usize::from(rating.score)] += 1.0);
            scale(&mut votes);
            votes
        };
        let mut model = Self {
            classes: ratings.units().map(votes).collect(),
            shares: vec![0.0; count],
            errors: vec![vec![vec![0.0; count]; count]; ratings.reviewers()],
            log_likelihood: f64::NEG_INFINITY,
            rounds: 0,
        };
        while model.rounds < ROUNDS {
            model.rounds += 1;
            let before = model.log_likelihood;
            model.maximise(ratings);
            model.expect(ratings);
            if model.log_likelihood - before < STILL {
                break;
            }
        }
        model
    }

    /// Shares and errors that fit the units' classes best.
    fn maximise(&mut self, ratings: &Ratings) {
        self.shares.fill(0.0);
        self.errors.iter_mut().flatten().for_each(|row| row.fill(0.0));
        for (unit, classes) in ratings.units().zip(&self.classes) {
            for (share, class) in self.shares.iter_mut().zip(classes) {
                *share += class;
            }
            for rating in unit {
                let errors = &mut self.errors[rating.reviewer as usize];
                for (row, class) in errors.iter_mut().zip(classes) {
                    row[usize::from(rating.score)] += class;
                }
            }
        }
        scale(&mut self.shares);
        self.errors.iter_mut().flatten().for_each(|row| _ = scale(row));
    }

    /// The units' classes that shares and errors make most likely.
    fn expect(&mut self, ratings: &Ratings) {
        self.log_likelihood = 0.0;
        for (unit, classes) in ratings.units().zip(&mut self.classes) {
            classes.copy_from_slice(&self.shares);
            for rating in unit {
                let errors = &self.errors[rating.reviewer as usize];
                for (class, row) in classes.iter_mut().zip(errors) {
                    *class *= row[usize::from(rating.score)];
                }
                // Rating by rating, lest many small factors vanish.
                self.log_likelihood += scale(classes).ln();
            }
        }
    }
}

/// Brings the sum to 1 and gives what it was; nothing stays nothing.
fn scale(parts: &mut [f64]) -> f64 {
    let sum: f64 = parts.iter().sum();
    if sum > 0.0 {
        parts.iter_mut().for_each(|part| *part /= sum);
    }
    sum
}
