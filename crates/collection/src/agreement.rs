//! How far the reviewers of a view's outputs agree, who of them is harsh or noisy, and one score
//! for what several of them judged.

use crate::collection::{Collection, View};
use crate::judged::{Judged, by_output, latest_of_each};
use crate::kept::kept_or;
use goldstar_insight::{
    Consensus, Method, Model, Pair, PairTable, Random, Rating, Ratings, Report, Spread,
};
use goldstar_journal::{Invalid, Kind, Reshown};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Disputed outputs that are listed.
const DISPUTED_MAX: usize = 100;
/// Every report is drawn with the same seed, so that the same stars give the same intervals.
pub(crate) const SEED: u64 = 1;
const SCORES: [f64; 2] = [1.0, 10.0];
const OWN_RESAMPLES: usize = 1000;
/// What the random numbers of these intervals are drawn for.
const FOR_OWN: u64 = 6 << 32;

/// What the stars of a view's records say about their reviewers.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Stars.
    pub stars: u64,
    /// Those of texts that have changed since; they count like all others.
    pub stale: u64,
    /// Outputs with a star.
    pub outputs: u64,
    /// Reviewers in the order of their names; the report knows them by their place here.
    pub reviewers: Vec<(Arc<str>, Kind)>,
    /// What is computed; a unit is an output.
    pub report: Report,
    /// How scores become one below.
    pub method: Method,
    /// Disputed outputs, at most 100, those farthest apart first.
    pub disputed: Vec<Disputed>,
    /// Reviewers who judged outputs again without seeing their first score: the second score
    /// against the first.
    pub own: Vec<(Arc<str>, Pair)>,
}

/// An output whose reviewers are far apart.
#[derive(Debug, Clone)]
pub struct Disputed {
    /// The record.
    pub custom_id: Arc<str>,
    /// The model; absent when the stars belong to the record as a whole.
    pub model: Option<Arc<str>>,
    /// The choice.
    pub choice: u16,
    /// How far apart.
    pub spread: Spread,
    /// Who gave what, in the order of their names.
    pub scores: Vec<(Arc<str>, u8)>,
    /// One score for it.
    pub consensus: Option<Consensus>,
}

/// What is known of all reviewers, to make one score of several.
#[derive(Debug)]
pub struct Panel {
    reviewers: BTreeMap<Arc<str>, u32>,
    model: Model,
}

/// The method that a word stands for.
pub fn method_named(word: &str) -> Result<Method, Invalid> {
    let known = Method::ALL.into_iter().find(|method| method.word() == word);
    known.ok_or_else(|| Invalid {
        field: "method",
        detail: "must be mean, median, trimmed, normed or gaussian".into(),
    })
}

/// Names a report: the view, the stars, and the method that was asked for.
pub(crate) type AgreementKey = (String, u64, Option<Method>);

impl Collection {
    /// What the stars of a view's records say about their reviewers. Without a method, the one that
    /// fits the stars. Kept until a star comes.
    pub fn agreement(&self, view: &View, method: Option<Method>) -> Arc<Agreement> {
        let key = (view.name.clone(), self.journal().revision(), method);
        let make = || Arc::new(self.new_agreement(view, method));
        kept_or(&self.agreements, key, make, |agreement| agreement.bytes())
    }

    /// What all current stars say of their reviewers, to make one score of several.
    pub fn panel(&self) -> Panel {
        let snapshot = self.catalog().snapshot();
        let standing = self.standing(&snapshot);
        let numbers = Numbers::of(standing.iter().map(|(_, stars)| stars));
        let records = standing.iter().flat_map(|(_, stars)| by_output(stars));
        let ratings: Ratings = records.map(|stars| numbers.unit(&stars)).collect();
        let model = Model::fit(&ratings, Method::fitting(&ratings));
        let numbers = numbers.0.into_iter();
        Panel { reviewers: numbers.map(|(name, (number, _))| (name, number)).collect(), model }
    }

    fn new_agreement(&self, view: &View, method: Option<Method>) -> Agreement {
        let standing = self.standing_of(&view.snapshot, &view.sight);
        let rows = view.rows.as_set(view.snapshot.row_count());
        let records: Vec<&[Judged]> =
            standing.among(rows.as_deref()).map(|(_, stars)| stars).collect();
        let numbers = Numbers::of(records.iter().copied());
        let mut ratings = Ratings::new();
        let mut disputed = Vec::new();
        for stars in records.iter().flat_map(|stars| by_output(stars)) {
            let unit = numbers.unit(&stars);
            let spread = Spread::of(unit.iter().map(|rating| rating.score));
            if let Some(spread) = spread.filter(|spread| spread.is_disputed()) {
                disputed.push((spread, ratings.len(), stars[0].clone()));
            }
            ratings.push(unit);
        }
        let stars = records.iter().map(|stars| stars.len() as u64).sum();
        let is_stale = |judged: &&Judged| judged.is_stale;
        let stale = records.iter().copied().flatten().filter(is_stale).count() as u64;
        // Nobody waits for these numbers with a star.
        drop(standing);
        let report = Report::of(&ratings, SEED, self.threads);
        let method = method.unwrap_or_else(|| Method::fitting(&ratings));
        let model = match &report.fit {
            Some(fit) if method == Method::Gaussian => Model::of_gaussian(fit.clone()),
            _ => Model::fit(&ratings, method),
        };
        let reviewers = numbers.names();
        let disputed = farthest_first(disputed);
        let disputed = disputed.into_iter().map(|(spread, unit, star)| {
            let unit = ratings.unit(unit);
            let name = |rating: &Rating| reviewers[rating.reviewer as usize].0.clone();
            Disputed {
                custom_id: star.star.custom_id.clone(),
                model: star.model,
                choice: star.choice,
                spread,
                scores: unit.iter().map(|rating| (name(rating), rating.score)).collect(),
                consensus: model.consensus(unit).map(on_scale),
            }
        });
        let disputed = disputed.collect();
        let outputs = ratings.len() as u64;
        let own = self.own(view);
        Agreement { stars, stale, outputs, reviewers, report, method, disputed, own }
    }
}

impl Collection {
    /// Each reviewer's second scores of outputs in a view against the first ones.
    fn own(&self, view: &View) -> Vec<(Arc<str>, Pair)> {
        let rows = view.rows.as_set(view.snapshot.row_count());
        let state = self.journal().state();
        let pairs: Vec<Reshown> = state.reshown().cloned().collect();
        drop(state);
        let mut tables: BTreeMap<Arc<str>, PairTable> = BTreeMap::new();
        view.snapshot.look(|table| {
            let is_meant = |pair: &&Reshown| {
                let row = table.row_of(&pair.custom_id);
                let is_in = |row: u32| rows.as_ref().is_none_or(|rows| rows.get(row));
                view.sight.is_of(&pair.starred_by) && row.is_some_and(is_in)
            };
            for pair in pairs.iter().filter(is_meant) {
                let of = tables.entry(pair.starred_by.clone());
                let of = of.or_insert_with(|| PairTable::new(SCORES[1] as usize + 1));
                of.add(pair.second, pair.first);
            }
        });
        let told = (0..).zip(tables).map(|(number, (name, table))| {
            (name, table.pair(OWN_RESAMPLES, Random::new(SEED, FOR_OWN | number)))
        });
        told.collect()
    }
}

impl Agreement {
    /// Bytes that it takes to keep it, roughly.
    fn bytes(&self) -> usize {
        size_of_val(&*self.report.pairs) + self.reviewers.len() * 256 + DISPUTED_MAX * 256
    }
}

impl Panel {
    /// How scores become one.
    pub fn method(&self) -> Method {
        self.model.method()
    }

    /// One score for the stars of one output, from 1 to 10; none without stars.
    pub fn consensus(&self, stars: &[Judged]) -> Option<Consensus> {
        let rating = |judged: &Judged| Rating {
            // Of someone new nothing is known.
            reviewer: self.reviewers.get(&judged.star.starred_by).copied().unwrap_or(u32::MAX),
            score: judged.star.quality_score,
        };
        let unit: Vec<Rating> = stars.iter().map(rating).collect();
        self.model.consensus(&unit).map(on_scale)
    }
}

/// Reviewers with a number each, in the order of their names.
pub(crate) struct Numbers(BTreeMap<Arc<str>, (u32, Kind)>);

impl Numbers {
    pub(crate) fn of<'s>(records: impl Iterator<Item = &'s [Judged]>) -> Self {
        let mut reviewers: BTreeMap<Arc<str>, (u32, Kind)> = BTreeMap::new();
        for judged in records.flatten() {
            let star = &judged.star;
            if !reviewers.contains_key(&star.starred_by) {
                reviewers.insert(star.starred_by.clone(), (0, star.kind));
            }
        }
        (0..).zip(reviewers.values_mut()).for_each(|(number, (known, _))| *known = number);
        Self(reviewers)
    }

    pub(crate) fn number(&self, name: &str) -> u32 {
        self.0.get(name).map_or(0, |(number, _)| *number)
    }

    pub(crate) fn names(self) -> Vec<(Arc<str>, Kind)> {
        self.0.into_iter().map(|(name, (_, kind))| (name, kind)).collect()
    }

    /// The scores of one output.
    fn unit(&self, stars: &[&Judged]) -> Vec<Rating> {
        let rating = |judged: &Judged| {
            let (reviewer, _) = self.0.get(&judged.star.starred_by)?;
            Some(Rating { reviewer: *reviewer, score: judged.star.quality_score })
        };
        latest_of_each(stars.to_vec()).into_iter().filter_map(rating).collect()
    }
}

/// By deviation, then range; of equals the first in the table.
fn farthest_first(mut disputed: Vec<(Spread, usize, Judged)>) -> Vec<(Spread, usize, Judged)> {
    disputed.sort_by(|(a, ..), (b, ..)| {
        b.deviation.total_cmp(&a.deviation).then(b.range.cmp(&a.range))
    });
    disputed.truncate(DISPUTED_MAX);
    disputed
}

/// A score that people can read: from 1 to 10.
fn on_scale(consensus: Consensus) -> Consensus {
    let clip = |score: f64| score.clamp(SCORES[0], SCORES[1]);
    Consensus {
        score: clip(consensus.score),
        interval: consensus.interval.map(|interval| interval.map(clip)),
    }
}
