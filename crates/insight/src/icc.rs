//! Intraclass correlations of a complete table: every unit judged by the same reviewers.
//!
//! Shrout and Fleiss, *Intraclass correlations: uses in assessing rater reliability* (1979). (1,·):
//! units with any reviewers; (2,·): these reviewers as a sample of many; (3,·): just these, whose
//! bias does not count. (·,1) is about one reviewer's score, (·,k) about the mean of all k.

use crate::ratings::{Rating, Ratings};
use crate::resample::{Measured, Random, Sums};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A complete table and its intraclass correlations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Icc {
    /// Units.
    pub units: u64,
    /// Who judged all of them.
    pub reviewers: Vec<u32>,
    /// ICC(1,1).
    pub one: Measured,
    /// ICC(2,1).
    pub two: Measured,
    /// ICC(3,1).
    pub three: Measured,
    /// ICC(1,k).
    pub one_of_mean: Measured,
    /// ICC(2,k).
    pub two_of_mean: Measured,
    /// ICC(3,k).
    pub three_of_mean: Measured,
}

/// What the correlations are computed from: mean squares between units, within units, between
/// reviewers, and what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Table {
    /// Between units (BMS).
    pub between: f64,
    /// Within units (WMS).
    pub within: f64,
    /// Between reviewers (JMS).
    pub reviewers: f64,
    /// What is left (EMS).
    pub rest: f64,
    /// Units.
    pub units: f64,
    /// Reviewers.
    pub count: f64,
}

impl Icc {
    /// The correlations of the largest complete table in these ratings: among the sets of reviewers
    /// who judged two or more units together and alone, the one with the most scores. None when
    /// there is no such set.
    pub fn of(ratings: &Ratings, resamples: usize, random: Random) -> Option<Self> {
        let reviewers = largest(ratings)?;
        let set: Vec<u32> = reviewers.iter().map(|rating| rating.reviewer).collect();
        let count = set.len();
        let same = |unit: &&[Rating]| Together(unit) == Together(reviewers);
        let units = ratings.shared().filter(same).count();
        let mut sums = Sums::new(units, count + 3, random);
        for unit in ratings.shared().filter(same) {
            let sum = sums.next();
            let of_unit: f64 = unit.iter().map(|rating| f64::from(rating.score)).sum();
            sum[0] += 1.0;
            sum[1] += of_unit * of_unit;
            for (rating, of_reviewer) in unit.iter().zip(3..) {
                let score = f64::from(rating.score);
                sum[2] += score * score;
                sum[of_reviewer] += score;
            }
        }
        let [one, two, three, one_of_mean, two_of_mean, three_of_mean] =
            sums.measured(resamples, |sums| Table::of(sums).map_or([None; 6], Table::correlations));
        let units = units as u64;
        Some(Self {
            units,
            reviewers: set,
            one,
            two,
            three,
            one_of_mean,
            two_of_mean,
            three_of_mean,
        })
    }
}

impl Table {
    /// The mean squares of a complete table, row by row.
    pub fn of_rows(rows: &[&[f64]]) -> Option<Self> {
        let count = rows.first()?.len();
        let mut sums = vec![0.0; count + 3];
        for row in rows {
            let of_unit: f64 = row.iter().sum();
            sums[0] += 1.0;
            sums[1] += of_unit * of_unit;
            for (score, of_reviewer) in row.iter().zip(3..) {
                sums[2] += score * score;
                sums[of_reviewer] += score;
            }
        }
        Self::of(&sums)
    }

    /// From the units, their squared sums, all squared scores, and each reviewer's sum.
    fn of(sums: &[f64]) -> Option<Self> {
        let (units, count) = (sums[0], (sums.len() - 3) as f64);
        if units < 2.0 || count < 2.0 {
            return None;
        }
        let all: f64 = sums[3..].iter().sum();
        let centre = all * all / (units * count);
        let total = sums[2] - centre;
        let of_units = sums[1] / count - centre;
        let of_reviewers = sums[3..].iter().map(|sum| sum * sum).sum::<f64>() / units - centre;
        let rest = total - of_units - of_reviewers;
        Some(Self {
            between: of_units / (units - 1.0),
            within: (total - of_units) / (units * (count - 1.0)),
            reviewers: of_reviewers / (count - 1.0),
            rest: rest / ((units - 1.0) * (count - 1.0)),
            units,
            count,
        })
    }

    /// ICC(1,1), (2,1), (3,1), (1,k), (2,k) and (3,k).
    pub fn correlations(self) -> [Option<f64>; 6] {
        let Self { between, within, reviewers, rest, units, count } = self;
        let of_reviewers = (reviewers - rest) / units;
        let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        [
            ratio(between - within, between + (count - 1.0) * within),
            ratio(between - rest, between + (count - 1.0) * rest + count * of_reviewers),
            ratio(between - rest, between + (count - 1.0) * rest),
            ratio(between - within, between),
            ratio(between - rest, between + of_reviewers),
            ratio(between - rest, between),
        ]
    }
}

/// One of the units of the largest complete table.
fn largest(ratings: &Ratings) -> Option<&[Rating]> {
    let mut sets: BTreeMap<Together<'_>, usize> = BTreeMap::new();
    for unit in ratings.shared() {
        let is_once_each = unit.windows(2).all(|two| two[0].reviewer < two[1].reviewer);
        if is_once_each {
            *sets.entry(Together(unit)).or_default() += 1;
        }
    }
    let several = sets.into_iter().filter(|(_, units)| *units > 1);
    // The last of equals: whoever comes last in the order of the reviewers' numbers.
    several.max_by_key(|(set, units)| set.0.len() * units).map(|(set, _)| set.0)
}

/// A unit as the set of its reviewers.
#[derive(Debug, Clone, Copy)]
struct Together<'u>(&'u [Rating]);

impl Together<'_> {
    fn reviewers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|rating| rating.reviewer)
    }
}

impl Ord for Together<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.reviewers().cmp(other.reviewers())
    }
}

impl PartialOrd for Together<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Together<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Together<'_> {}
