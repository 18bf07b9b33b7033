//! Statistics of a view's stars: how scores are spread, how fast the work goes, what is left.

use crate::collection::{Collection, View};
use crate::judged::{Judged, model_means, rounded};
use goldstar_journal::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tags whose scores are counted: the most frequent.
const TAGS_MAX: usize = 20;
/// Tags that are followed over time.
const TAGS_OVER_TIME: usize = 8;
const SECOND: i64 = 1_000_000;
/// The longest pause between two stars of one reviewer that counts as work.
const PAUSE_MAX: i64 = 300 * SECOND;
/// From so few steps from star to star no pace is told.
const STEPS_MIN: u64 = 10;
/// At most so many pieces of time, unless weeks are not long enough.
const PIECES: i64 = 120;
/// Weeks that are told apart; what is older counts in the first.
const WEEKS_MAX: i64 = 520;

/// How many stars have score 1, 2, … 10.
pub type Scores = [u64; 10];

/// What the stars of a view's records say.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Records of the view.
    pub records: u32,
    /// Those with a star.
    pub reviewed: u32,
    /// Their stars.
    pub stars: u64,
    /// Of all stars.
    pub scores: Scores,
    /// By model, in the order of their names.
    pub models: Vec<(Arc<str>, Scores)>,
    /// By reviewer, in the order of their names.
    pub reviewers: Vec<(Arc<str>, Kind, Scores)>,
    /// By tag, the most frequent first, at most 20.
    pub tags: Vec<(Arc<str>, Scores)>,
    /// Stars in the course of time; none without a star whose time can be read.
    pub pace: Option<Pace>,
    /// How long the rest takes, when there is enough to tell.
    pub estimate: Option<Estimate>,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours, from midnight UTC.
    Day,
    /// 7 days, from Monday.
    Week,
}

/// Stars in pieces of time, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// How long each is.
    pub piece: Piece,
    /// When the first begins, microseconds since 1970-01-01 UTC.
    pub from: i64,
    /// Stars in each, by when they were given.
    pub counts: Vec<u64>,
    /// The same by reviewer, in the order of their names.
    pub reviewers: Vec<(Arc<str>, Vec<u64>)>,
    /// The same for the most frequent tags, at most 8.
    pub tags: Vec<(Arc<str>, Vec<u64>)>,
}

/// How long the rest takes at the pace so far, of one reviewer who works without pauses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Records reviewed in an hour of work.
    pub per_hour: f64,
    /// Hours worked so far: of all reviewers, without pauses of more than five minutes.
    pub active_hours: f64,
    /// Hours of work that are left.
    pub hours_left: f64,
}

/// How two models' scores go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    /// Records in which both have a star.
    pub records: u64,
    /// By the rounded mean score of the first model, from 1, and that of the second.
    pub counts: [[u64; 10]; 10],
}

impl Collection {
    /// What the stars of a view's records say.
    pub fn statistics(&self, view: &View) -> Statistics {
        let mut stars: Vec<Judged> = Vec::new();
        let mut reviewed = 0;
        self.each_reviewed(view, |of_record| {
            reviewed += 1;
            stars.extend_from_slice(of_record);
        });
        Statistics::of(view.rows.len(), reviewed, &stars)
    }

    /// How the scores of two models go together in a view's records.
    pub fn pairs(&self, view: &View, x: &str, y: &str) -> Pairs {
        let mut pairs = Pairs { records: 0, counts: [[0; 10]; 10] };
        self.each_reviewed(view, |stars| {
            let means = model_means(stars);
            let place = |model: &str| {
                let (_, mean) = means.iter().find(|(known, _)| ***known == *model)?;
                Some(usize::from(rounded(*mean)) - 1)
            };
            if let Some((x, y)) = place(x).zip(place(y)) {
                pairs.records += 1;
                pairs.counts[x][y] += 1;
            }
        });
        pairs
    }

    /// Hands out the stars of each record of the view that has some.
    fn each_reviewed(&self, view: &View, mut take: impl FnMut(&[Judged])) {
        let standing = self.standing_of(&view.snapshot, &view.sight);
        let rows = view.rows.as_set(view.snapshot.row_count());
        standing.among(rows.as_deref()).for_each(|(_, stars)| take(stars));
    }
}

impl Statistics {
    fn of(records: u32, reviewed: u32, stars: &[Judged]) -> Self {
        let mut scores = [0; 10];
        let mut models: BTreeMap<Arc<str>, Scores> = BTreeMap::new();
        let mut reviewers: BTreeMap<Arc<str>, (Kind, Scores)> = BTreeMap::new();
        let mut tags: BTreeMap<Arc<str>, Scores> = BTreeMap::new();
        for Judged { star, model, .. } in stars {
            let score = usize::from(star.quality_score) - 1;
            scores[score] += 1;
            if let Some(model) = model {
                models.entry(model.clone()).or_default()[score] += 1;
            }
            let of_reviewer = reviewers.entry(star.starred_by.clone());
            of_reviewer.or_insert((star.kind, [0; 10])).1[score] += 1;
            for tag in star.tags.iter().collect::<BTreeSet<_>>() {
                tags.entry(tag.clone()).or_default()[score] += 1;
            }
        }
        let mut tags: Vec<(Arc<str>, Scores)> = tags.into_iter().collect();
        let count = |(_, scores): &(Arc<str>, Scores)| scores.iter().sum::<u64>();
        tags.sort_by(|a, b| count(b).cmp(&count(a)).then_with(|| a.0.cmp(&b.0)));
        tags.truncate(TAGS_MAX);
        let followed: Vec<Arc<str>> =
            tags.iter().take(TAGS_OVER_TIME).map(|(tag, _)| tag.clone()).collect();
        Self {
            records,
            reviewed,
            stars: stars.len() as u64,
            scores,
            models: models.into_iter().collect(),
            reviewers: reviewers.into_iter().map(|(by, (kind, s))| (by, kind, s)).collect(),
            tags,
            pace: Pace::of(stars, followed),
            estimate: Estimate::of(records, reviewed, stars),
        }
    }
}

impl Piece {
    fn microseconds(self) -> i64 {
        SECOND
            * match self {
                Self::Minute => 60,
                Self::Hour => 3600,
                Self::Day => 86_400,
                Self::Week => 7 * 86_400,
            }
    }

    /// When the piece begins that a moment lies in. 1970 began on a Thursday.
    fn start(self, at: i64) -> i64 {
        let monday = if self == Self::Week { 4 * Self::Day.microseconds() } else { 0 };
        (at - monday).div_euclid(self.microseconds()) * self.microseconds() + monday
    }

    /// How many pieces there are from one moment to another.
    fn count(self, first: i64, last: i64) -> i64 {
        (self.start(last) - self.start(first)) / self.microseconds() + 1
    }
}

impl Pace {
    fn of(stars: &[Judged], followed: Vec<Arc<str>>) -> Option<Self> {
        // A time that cannot be read is 0.
        let times = stars.iter().map(|judged| judged.star.at).filter(|at| *at != 0);
        let (first, last) = (times.clone().min()?, times.max()?);
        let pieces = [Piece::Minute, Piece::Hour, Piece::Day];
        let fitting = pieces.into_iter().find(|piece| piece.count(first, last) <= PIECES);
        let piece = fitting.unwrap_or(Piece::Week);
        let count = piece.count(first, last).min(WEEKS_MAX);
        let from = piece.start(last) - (count - 1) * piece.microseconds();
        let none = || vec![0; count as usize];
        let mut counts = none();
        let mut reviewers: BTreeMap<Arc<str>, Vec<u64>> = BTreeMap::new();
        let mut tags: Vec<(Arc<str>, Vec<u64>)> =
            followed.into_iter().map(|tag| (tag, none())).collect();
        for Judged { star, .. } in stars.iter().filter(|judged| judged.star.at != 0) {
            let at = ((star.at - from).max(0) / piece.microseconds()) as usize;
            counts[at] += 1;
            reviewers.entry(star.starred_by.clone()).or_insert_with(none)[at] += 1;
            for (_, counts) in tags.iter_mut().filter(|(tag, _)| star.tags.contains(tag)) {
                counts[at] += 1;
            }
        }
        Some(Self { piece, from, counts, reviewers: reviewers.into_iter().collect(), tags })
    }
}

impl Estimate {
    /// The pace is that from star to star; how many records a star stands for is what it was so
    /// far.
    fn of(records: u32, reviewed: u32, stars: &[Judged]) -> Option<Self> {
        let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for Judged { star, .. } in stars.iter().filter(|judged| judged.star.at != 0) {
            times.entry(&star.starred_by).or_default().push(star.at);
        }
        let (mut steps, mut active) = (0_u64, 0);
        for of_reviewer in times.values_mut() {
            of_reviewer.sort_unstable();
            for pair in of_reviewer.windows(2).filter(|pair| pair[1] - pair[0] <= PAUSE_MAX) {
                steps += 1;
                active += pair[1] - pair[0];
            }
        }
        if steps < STEPS_MIN || active == 0 {
            return None;
        }
        let active_hours = active as f64 / Piece::Hour.microseconds() as f64;
        let records_per_star = f64::from(reviewed) / stars.len() as f64;
        let per_hour = steps as f64 / active_hours * records_per_star;
        Some(Self { per_hour, active_hours, hours_left: f64::from(records - reviewed) / per_hour })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400 * SECOND;

    #[test]
    fn pieces_begin_where_clocks_and_calendars_say() {
        // 2026-11-22 is a Sunday; its week began on the 16th.
        let sunday = 1_795_312_800 * SECOND + 5;
        assert_eq!(Piece::Day.start(sunday), 1_795_305_600 * SECOND);
        assert_eq!(Piece::Week.start(sunday), 1_795_305_600 * SECOND - 6 * DAY);
        assert_eq!(Piece::Hour.start(-1), -3600 * SECOND);
        assert_eq!(Piece::Minute.count(59 * SECOND, 60 * SECOND), 2);
    }
}
