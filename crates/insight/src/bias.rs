//! What should not sway a score: where an output stood among the others, and how long it is.

use crate::resample::{Measured, Random, Sums};

/// Nothing is flagged of fewer records: of two that go the same way every resample does.
const RECORDS_LEAST: u64 = 10;
/// Means are told of so many places; those behind count among the others.
pub const PLACES_MAX: usize = 8;
const RESAMPLES: usize = 1000;
/// For each reviewer, when there are more than these.
const RESAMPLES_OF_MANY: usize = 200;
const MANY: usize = 20;
/// What each random number is drawn for.
const FOR_PLACE: u64 = 4 << 32;
const FOR_LENGTH: u64 = 5 << 32;

/// A score, and what may have swayed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swayed {
    /// The reviewer's number, from 0.
    pub reviewer: u32,
    /// The score.
    pub score: u8,
    /// Where the output stood among those of its record, from 1; absent where its model was named,
    /// or where it stood alone.
    pub place: Option<u16>,
    /// Characters of the output; absent where they are not known.
    pub chars: Option<u32>,
}

/// How place and length go with scores.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bias {
    /// Of all reviewers together.
    pub all: Sway,
    /// Of each by number.
    pub reviewers: Vec<Sway>,
}

/// How place and length go with the scores of some reviewers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sway {
    /// Scores whose place is known.
    pub placed: u64,
    /// Their records.
    pub placed_records: u64,
    /// By place: how many scores, and their mean.
    pub places: Vec<(u64, Measured)>,
    /// The mean of the first place less that of all others.
    pub first: Measured,
    /// Scores that are compared with others of the same record and reviewer by length.
    pub measured: u64,
    /// Their records.
    pub measured_records: u64,
    /// The correlation of ranks within records: of scores with lengths.
    pub length: Measured,
    /// Points for a thousand characters more, within records.
    pub slope: Measured,
}

impl Sway {
    /// Whether scores depend on the place: the interval of the difference excludes 0, in ten
    /// records or more.
    pub fn is_by_place(&self) -> bool {
        self.placed_records >= RECORDS_LEAST && excludes_zero(self.first)
    }

    /// Whether scores depend on the length: the interval of the correlation excludes 0, in ten
    /// records or more.
    pub fn is_by_length(&self) -> bool {
        self.measured_records >= RECORDS_LEAST && excludes_zero(self.length)
    }
}

fn excludes_zero(measured: Measured) -> bool {
    measured.interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
}

impl Bias {
    /// Computes it of the scores of each record; `reviewers` is one more than the greatest number.
    /// A resample draws records, since what is said of one record's outputs is said together.
    pub fn of(records: &[Vec<Swayed>], reviewers: usize, seed: u64) -> Self {
        let all: Vec<&[Swayed]> = records.iter().map(Vec::as_slice).collect();
        let resamples = if reviewers > MANY { RESAMPLES_OF_MANY } else { RESAMPLES };
        let mut own: Vec<Vec<Vec<Swayed>>> = vec![Vec::new(); reviewers];
        for record in records {
            for group in by_reviewer(record) {
                own[group[0].reviewer as usize].push(group);
            }
        }
        let of_one = |(number, groups): (u64, &Vec<Vec<Swayed>>)| {
            let groups: Vec<&[Swayed]> = groups.iter().map(Vec::as_slice).collect();
            sway(&groups, resamples, seed, number + 1)
        };
        Self {
            all: sway(&all, RESAMPLES, seed, 0),
            reviewers: (0..).zip(&own).map(of_one).collect(),
        }
    }
}

fn sway(records: &[&[Swayed]], resamples: usize, seed: u64, number: u64) -> Sway {
    let random = |purpose: u64| Random::new(seed, purpose | number);
    let mut found = by_length(records, resamples, random(FOR_LENGTH));
    by_place(records, resamples, random(FOR_PLACE), &mut found);
    found
}

/// For each place how many scores and their sum; the last pair is of all places behind.
fn by_place(records: &[&[Swayed]], resamples: usize, random: Random, found: &mut Sway) {
    let has_place = |record: &&&[Swayed]| record.iter().any(|swayed| swayed.place.is_some());
    let placed: Vec<&&[Swayed]> = records.iter().filter(has_place).collect();
    found.placed_records = placed.len() as u64;
    let mut sums = Sums::new(placed.len(), 2 * (PLACES_MAX + 1), random);
    for record in placed {
        let sum = sums.next();
        for swayed in record.iter() {
            let Some(place) = swayed.place else { continue };
            let at = (usize::from(place).max(1) - 1).min(PLACES_MAX);
            sum[2 * at] += 1.0;
            sum[2 * at + 1] += f64::from(swayed.score);
        }
    }
    if sums.is_empty() {
        return;
    }
    let total = sums.total();
    let counts: Vec<u64> = total.iter().step_by(2).map(|count| *count as u64).collect();
    let [first, means @ ..]: [Measured; PLACES_MAX + 1] = sums.measured(resamples, |sums| {
        let mean = |at: usize| (sums[2 * at] > 0.0).then(|| sums[2 * at + 1] / sums[2 * at]);
        let others: f64 = sums[2..].iter().step_by(2).sum();
        let given: f64 = sums[3..].iter().step_by(2).sum();
        let difference = mean(0).filter(|_| others > 0.0).map(|first| first - given / others);
        std::array::from_fn(|at| if at == 0 { difference } else { mean(at - 1) })
    });
    found.placed = counts.iter().sum();
    found.first = first;
    let last = counts[..PLACES_MAX].iter().rposition(|count| *count > 0).map_or(0, |at| at + 1);
    found.places = counts.into_iter().zip(means).take(last).collect();
}

/// Sums of products of what is left of score and length when each is taken less its mean within
/// record and reviewer: as ranks, and as they are.
fn by_length(records: &[&[Swayed]], resamples: usize, random: Random) -> Sway {
    let compared = |record: &&[Swayed]| -> Vec<Vec<Swayed>> {
        let known: Vec<Swayed> =
            record.iter().copied().filter(|swayed| swayed.chars.is_some()).collect();
        by_reviewer(&known).into_iter().filter(|group| group.len() > 1).collect()
    };
    let compared: Vec<Vec<Vec<Swayed>>> = records.iter().map(compared).collect();
    let units = compared.iter().filter(|groups| !groups.is_empty());
    let measured_records = units.clone().count();
    let mut sums = Sums::new(measured_records, 5, random);
    let mut measured = 0;
    for groups in units {
        let sum = sums.next();
        for group in groups {
            measured += group.len() as u64;
            let scores: Vec<f64> = group.iter().map(|swayed| f64::from(swayed.score)).collect();
            let chars = group.iter().map(|swayed| f64::from(swayed.chars.unwrap_or_default()));
            let lengths: Vec<f64> = chars.map(|chars| chars / 1000.0).collect();
            let (xx, xy, yy) = products(&ranks(&lengths), &ranks(&scores));
            let (long, both, _) = products(&lengths, &scores);
            for (sum, value) in sum.iter_mut().zip([xx, xy, yy, long, both]) {
                *sum += value;
            }
        }
    }
    if sums.is_empty() {
        return Sway::default();
    }
    let [length, slope] = sums.measured(resamples, |sums| {
        let spread = (sums[0] * sums[2]).sqrt();
        let correlation = (spread > 0.0).then(|| sums[1] / spread);
        [correlation, (sums[3] > 0.0).then(|| sums[4] / sums[3])]
    });
    let measured_records = measured_records as u64;
    Sway { measured, measured_records, length, slope, ..Sway::default() }
}

/// The scores of one record by reviewer, each in the order in which they come.
fn by_reviewer(record: &[Swayed]) -> Vec<Vec<Swayed>> {
    let mut sorted = record.to_vec();
    sorted.sort_by_key(|swayed| swayed.reviewer);
    sorted.chunk_by(|a, b| a.reviewer == b.reviewer).map(<[Swayed]>::to_vec).collect()
}

/// Sums of the squares and products of two lists, each less its mean.
fn products(x: &[f64], y: &[f64]) -> (f64, f64, f64) {
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let (of_x, of_y) = (mean(x), mean(y));
    x.iter().zip(y).fold((0.0, 0.0, 0.0), |(xx, xy, yy), (x, y)| {
        let (x, y) = (x - of_x, y - of_y);
        (xx + x * x, xy + x * y, yy + y * y)
    })
}

/// The rank of each from 1; equal ones share the mean of their ranks.
fn ranks(list: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = list.iter().filter(|other| *other < value).count();
        let equal = list.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    list.iter().map(rank).collect()
}
