//! All that ratings say about agreement, computed in one go.

use crate::alpha::{Alphas, alphas};
use crate::fleiss::fleiss_kappa;
use crate::gaussian::Gaussian;
use crate::icc::Icc;
use crate::pair::{Pair, pair};
use crate::ratings::Ratings;
use crate::resample::Random;
use crate::reviewers::{Tendency, reviewers};
use crate::spread::Spreads;
use std::panic::resume_unwind;

/// Pairs are told of at most so many reviewers: those with the most shared units.
pub const PAIRED_MAX: usize = 100;
/// Resamples behind each interval …
const RESAMPLES: usize = 1000;
/// … and behind that of each pair, when there are more pairs than these.
const RESAMPLES_OF_MANY: usize = 200;
const MANY: usize = 100;

/// What each random number is drawn for.
const FOR_ALPHA: u64 = 1 << 32;
const FOR_ICC: u64 = 2 << 32;
const FOR_PAIRS: u64 = 3 << 32;

/// All that ratings say about agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Krippendorff's alpha.
    pub alphas: Alphas,
    /// Fleiss' kappa.
    pub fleiss: Option<f64>,
    /// Intraclass correlations of the largest complete table.
    pub icc: Option<Icc>,
    /// How far apart scores of one unit are.
    pub spreads: Spreads,
    /// Each reviewer against the others.
    pub reviewers: Vec<Tendency>,
    /// Each two reviewers who share units, the smaller number first, in order.
    pub pairs: Vec<(u32, u32, Pair)>,
    /// The model behind bias and noise.
    pub fit: Option<Gaussian>,
}

impl Report {
    /// Computes it on up to `threads` threads. The same seed gives the same intervals, however many
    /// threads there are.
    pub fn of(ratings: &Ratings, seed: u64, threads: usize) -> Self {
        let modelled = || {
            let fit = Gaussian::fit(ratings);
            let all = fit.as_ref().map(|fit| reviewers(ratings, fit, RESAMPLES, seed));
            (fit, all.unwrap_or_default())
        };
        let counted = || {
            let alphas = alphas(ratings, RESAMPLES, Random::new(seed, FOR_ALPHA));
            let icc = Icc::of(ratings, RESAMPLES, Random::new(seed, FOR_ICC));
            let rest = (fleiss_kappa(ratings), Spreads::of(ratings));
            (alphas, icc, rest, pairs(ratings, seed, threads))
        };
        let ((fit, reviewers), (alphas, icc, (fleiss, spreads), pairs)) =
            both(threads, modelled, counted);
        Self { alphas, fleiss, icc, spreads, reviewers, pairs, fit }
    }
}

/// Two pieces of work, side by side if there are threads for both.
fn both<A: Send, B>(threads: usize, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    if threads < 2 {
        return (a(), b());
    }
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| resume_unwind(panic)), b)
    })
}

/// The tables of each two reviewers.
struct Tables {
    values: usize,
    /// The reviewers that pairs are told of, in order.
    paired: Vec<u32>,
    counts: Vec<u32>,
}

fn pairs(ratings: &Ratings, seed: u64, threads: usize) -> Vec<(u32, u32, Pair)> {
    let tables = Tables::of(ratings);
    let found: Vec<(u32, u32, &[u32])> = tables.found();
    let resamples = if found.len() > MANY { RESAMPLES_OF_MANY } else { RESAMPLES };
    let told = |part: &[(u32, u32, &[u32])]| -> Vec<(u32, u32, Pair)> {
        let told = part.iter().map(|(a, b, counts)| {
            let random = Random::new(seed ^ FOR_PAIRS, u64::from(*a) << 32 | u64::from(*b));
            (*a, *b, pair(counts, tables.values, resamples, random))
        });
        told.collect()
    };
    let share = found.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = found.chunks(share).map(|part| scope.spawn(|| told(part))).collect();
        let joined = parts.into_iter().map(|part| part.join());
        joined.flat_map(|part| part.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

impl Tables {
    fn of(ratings: &Ratings) -> Self {
        let paired = most_shared(ratings);
        let values = ratings.values();
        let size = values * values;
        let mut places = vec![None; ratings.reviewers()];
        (0..).zip(&paired).for_each(|(place, reviewer)| places[*reviewer as usize] = Some(place));
        let count = paired.len();
        let counts = vec![0; count * count.saturating_sub(1) / 2 * size];
        let mut tables = Self { values, counts, paired };
        let mut here: Vec<(usize, usize)> = Vec::new();
        for unit in ratings.shared() {
            let placed = unit.iter().filter_map(|rating| {
                places[rating.reviewer as usize].map(|place| (place, usize::from(rating.score)))
            });
            here.clear();
            here.extend(placed);
            for (at, (a, first)) in here.iter().enumerate() {
                for (b, second) in here[at + 1..].iter().filter(|(b, _)| b > a) {
                    let table = table_of(*a, *b, count) * size;
                    tables.counts[table + first * values + second] += 1;
                }
            }
        }
        tables
    }

    /// Those that hold something.
    fn found(&self) -> Vec<(u32, u32, &[u32])> {
        let size = self.values * self.values;
        let count = self.paired.len();
        let each = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        let table = |(a, b)| {
            let counts = &self.counts[table_of(a, b, count) * size..][..size];
            (self.paired[a], self.paired[b], counts)
        };
        each.map(table).filter(|(.., counts)| counts.iter().any(|count| *count > 0)).collect()
    }
}

/// Which table is that of `a` and `b`, where `a` is less and both are below `count`.
fn table_of(a: usize, b: usize, count: usize) -> usize {
    a * (2 * count - a - 1) / 2 + b - a - 1
}

/// The reviewers with the most shared units, in order of their numbers.
fn most_shared(ratings: &Ratings) -> Vec<u32> {
    let mut shared = vec![0_u64; ratings.reviewers()];
    ratings.shared().flatten().for_each(|rating| shared[rating.reviewer as usize] += 1);
    let mut reviewers: Vec<u32> =
        (0..shared.len() as u32).filter(|reviewer| shared[*reviewer as usize] > 0).collect();
    reviewers.sort_by_key(|reviewer| std::cmp::Reverse(shared[*reviewer as usize]));
    reviewers.truncate(PAIRED_MAX);
    reviewers.sort_unstable();
    reviewers
}
