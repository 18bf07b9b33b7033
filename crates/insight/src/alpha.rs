//! Krippendorff's alpha: agreement of any number of reviewers, of whom each judged some units.
//!
//! Klaus Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011). alpha = 1 - Do/De,
//! where Do is the disagreement within units and De that of scores paired by chance.

use crate::ratings::{Rating, Ratings};
use crate::resample::{Measured, Random, Sums};

/// How far apart two scores are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Equal or not.
    Nominal,
    /// By how many judgments lie between them.
    Ordinal,
    /// By their difference.
    Interval,
    /// By their difference in proportion to their sum.
    Ratio,
}

/// Alpha under each metric.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Alphas {
    /// [`Metric::Nominal`].
    pub nominal: Measured,
    /// [`Metric::Ordinal`].
    pub ordinal: Measured,
    /// [`Metric::Interval`].
    pub interval: Measured,
    /// [`Metric::Ratio`].
    pub ratio: Measured,
}

/// Alpha under each metric, with intervals over units.
pub fn alphas(ratings: &Ratings, resamples: usize, random: Random) -> Alphas {
    let metrics = [Metric::Nominal, Metric::Ordinal, Metric::Interval, Metric::Ratio];
    let [nominal, ordinal, interval, ratio] = measured(ratings, metrics, resamples, random);
    Alphas { nominal, ordinal, interval, ratio }
}

/// Alpha under one metric, with its interval over units.
pub(crate) fn alpha_of(
    ratings: &Ratings,
    metric: Metric,
    resamples: usize,
    random: Random,
) -> Measured {
    let [alpha] = measured(ratings, [metric], resamples, random);
    alpha
}

fn measured<const N: usize>(
    ratings: &Ratings,
    metrics: [Metric; N],
    resamples: usize,
    random: Random,
) -> [Measured; N] {
    let values = ratings.values();
    let count = ratings.shared().count();
    let mut sums = Sums::new(count, values * values, random);
    ratings.shared().for_each(|unit| add(sums.next(), values, unit));
    sums.measured(resamples, |pairs| metrics.map(|metric| alpha(pairs, values, metric)))
}

/// How often each two scores met in a unit.
#[derive(Debug, Clone)]
pub struct Coincidences {
    values: usize,
    pairs: Vec<f64>,
}

impl Coincidences {
    /// Counts them; units with one score say nothing.
    pub fn of(ratings: &Ratings) -> Self {
        let values = ratings.values();
        let mut pairs = vec![0.0; values * values];
        ratings.shared().for_each(|unit| add(&mut pairs, values, unit));
        Self { values, pairs }
    }

    /// Alpha; none where chance gives no disagreement, as when only one score was ever given.
    pub fn alpha(&self, metric: Metric) -> Option<f64> {
        alpha(&self.pairs, self.values, metric)
    }
}

/// Each of a unit's m scores meets the m - 1 others with the weight 1 / (m - 1).
fn add(pairs: &mut [f64], values: usize, unit: &[Rating]) {
    let share = 1.0 / (unit.len() - 1) as f64;
    for (at, a) in unit.iter().enumerate() {
        for b in &unit[at + 1..] {
            let (a, b) = (usize::from(a.score), usize::from(b.score));
            pairs[a * values + b] += share;
            pairs[b * values + a] += share;
        }
    }
}

fn alpha(pairs: &[f64], values: usize, metric: Metric) -> Option<f64> {
    if values == 0 {
        return None;
    }
    let given: Vec<f64> = pairs.chunks_exact(values).map(|row| row.iter().sum()).collect();
    let total: f64 = given.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for c in 0..values {
        // All judgments from c to k, the ends counted half: the ordinal distance.
        let mut between = given[c] / 2.0;
        for k in c + 1..values {
            let distance = match metric {
                Metric::Nominal => 1.0,
                Metric::Ordinal => between + given[k] / 2.0,
                Metric::Interval => (k - c) as f64,
                Metric::Ratio => (k - c) as f64 / (k + c) as f64,
            };
            between += given[k];
            observed += pairs[c * values + k] * distance * distance;
            expected += given[c] * given[k] * distance * distance;
        }
    }
    (expected > 0.0).then(|| 1.0 - (total - 1.0) * observed / expected)
}
