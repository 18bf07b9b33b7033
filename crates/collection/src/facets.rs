//! Facets: how the records of a view are spread over models, states, scores, tags and sizes.

use crate::collection::{Collection, View};
use crate::judged::{Judged, is_disputed};
use crate::parallel::each_part;
use crate::shares::Shares;
use crate::standing::Standing;
use arrow_array::{Array, UInt32Array};
use goldstar_catalog::{Bits, SHOWN, State, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// Values of one kind that are counted: those with the most outputs.
const VALUES_MAX: usize = 100;
/// Bars of a histogram, the last of them open.
const BARS: usize = 40;

/// How the records of a view are spread. A count of a value is the number of the view's records
/// that answer the clause for that value by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facets {
    /// Records of the view.
    pub total: u32,
    /// Models in column order.
    pub models: Vec<(Arc<str>, u32)>,
    /// Finish reasons, the most frequent first.
    pub finishes: Vec<(Arc<str>, u32)>,
    /// Records without a star, with one, with a suggestion, a stale star, a dispute, an error, an
    /// empty output.
    pub states: Vec<(&'static str, u32)>,
    /// Records that are assigned to whoever asks, and those that are left to them; empty where
    /// nothing is assigned.
    pub mine: Vec<(&'static str, u32)>,
    /// Tags, the most frequent first.
    pub tags: Vec<(Arc<str>, u32)>,
    /// Reviewers, the most frequent first.
    pub reviewers: Vec<(Arc<str>, u32)>,
    /// Records with a star of score 1, 2, … 10.
    pub scores: [u32; 10],
    /// Outputs of the view's records, or of one model among them, by characters.
    pub chars: Histogram,
    /// The same by tokens, as far as they are known.
    pub tokens: Histogram,
}

/// Counts in bars of one width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    /// From where on each bar counts; the last one has no end.
    pub edges: Vec<u32>,
    /// What stands in each.
    pub counts: Vec<u64>,
}

/// What facets need to know of a catalog, once for each of its states.
#[derive(Debug)]
pub(crate) struct Values {
    revision: u64,
    models: Vec<(Arc<str>, Bits)>,
    finishes: Vec<(Arc<str>, Bits)>,
    errors: Bits,
    empty: Bits,
    chars_width: u32,
    tokens_width: u32,
}

impl Collection {
    /// How the records of a view are spread, for this reviewer; with a model, characters and tokens
    /// of its outputs only.
    pub fn facets(&self, view: &View, model: Option<&str>, me: &str) -> Facets {
        let shares = self.shares(&view.snapshot);
        let standing = self.standing_of(&view.snapshot, &view.sight);
        view.snapshot.look(|table| {
            let values = self.values(view.snapshot.revision, table);
            let rows = view.rows.as_set(table.row_count());
            let place = |name: &str| table.models().iter().position(|model| *model.name == *name);
            let model = model.map(place);
            let facets = Counting { table, rows: rows.as_deref(), model, threads: self.threads };
            let mine = match shares.are_none() {
                true => Vec::new(),
                false => facets.mine(&shares, &standing, me),
            };
            Facets { mine, ..facets.all(&values, &standing, view.rows.len()) }
        })
    }

    pub(crate) fn values(&self, revision: u64, table: &Table) -> Arc<Values> {
        let mut kept = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(values) if values.revision == revision => values.clone(),
            _ => {
                let values = Arc::new(Values::of(revision, table));
                *kept = Some(values.clone());
                values
            }
        }
    }
}

impl Values {
    fn of(revision: u64, table: &Table) -> Self {
        let empty_set = || Bits::new(table.row_count());
        let mut models = most_used(table);
        let mut finishes: Vec<(Arc<str>, Bits)> = Vec::new();
        let (mut errors, mut empty) = (empty_set(), empty_set());
        let (mut chars, mut tokens) = (Sizes::default(), Sizes::default());
        for part in table.parts() {
            let (rows, flags, of) = (part.rows(), part.flags(), part.models());
            let (states, codes) = (part.states(), part.finishes());
            // Where the batch's finish reasons stand in the list of all.
            let places = part.finish_names().iter().map(|name| {
                let known = finishes.iter().position(|(known, _)| known == name);
                known.or_else(|| {
                    let is_one_more = finishes.len() < VALUES_MAX;
                    is_one_more.then(|| finishes.push((name.clone(), empty_set())))?;
                    Some(finishes.len() - 1)
                })
            });
            let places: Vec<Option<usize>> = places.collect();
            for at in (0..part.len).filter(|at| flags[*at] & SHOWN != 0) {
                let row = rows[at];
                if let Some(Some(set)) = models.get_mut(usize::from(of[at])) {
                    set.set(row);
                }
                if let Some(Some(place)) = places.get(usize::from(codes.value(at))) {
                    finishes[*place].1.set(row);
                }
                if states[at] == State::Error as u8 {
                    errors.set(row);
                } else if states[at] == State::Empty as u8 {
                    empty.set(row);
                }
            }
            chars.look(&part.chars(), flags);
            tokens.look(&part.tokens(), flags);
        }
        let names = table.models().iter().map(|model| model.name.clone());
        let models = names.zip(models).filter_map(|(name, set)| Some((name, set?)));
        Self {
            revision,
            models: models.collect(),
            finishes,
            errors,
            empty,
            chars_width: chars.width(),
            tokens_width: tokens.width(),
        }
    }
}

/// An empty set for each model that is counted, by the model's number.
fn most_used(table: &Table) -> Vec<Option<Bits>> {
    let models = table.models();
    let mut order: Vec<usize> = (0..models.len()).collect();
    order.sort_by_key(|model| std::cmp::Reverse(models[*model].outputs));
    let mut sets: Vec<Option<Bits>> = models.iter().map(|_| None).collect();
    order
        .iter()
        .take(VALUES_MAX)
        .for_each(|model| sets[*model] = Some(Bits::new(table.row_count())));
    sets
}

/// How large the numbers of a column are, in powers of two.
struct Sizes([u64; 33]);

impl Default for Sizes {
    fn default() -> Self {
        Self([0; 33])
    }
}

impl Sizes {
    fn look(&mut self, numbers: &UInt32Array, flags: &[u8]) {
        let values = numbers.values();
        let known = (0..values.len()).filter(|at| flags[*at] & SHOWN != 0 && numbers.is_valid(*at));
        known.for_each(|at| self.0[(32 - values[at].leading_zeros()) as usize] += 1);
    }

    /// A round width of bars, so that all but the hundredth part at most stands before the last.
    fn width(&self) -> u32 {
        let total: u64 = self.0.iter().sum();
        let mut beyond = total;
        let below = self.0.iter().position(|count| {
            beyond -= count;
            beyond <= total / 100
        });
        let most = 1_u64 << below.unwrap_or(0);
        let least = (most / (BARS as u64 - 1)).max(1);
        let round = (0..10).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
        round.into_iter().find(|width| *width >= least).unwrap_or(least) as u32
    }
}

struct Counting<'a> {
    table: &'a Table,
    /// None when all rows are meant.
    rows: Option<&'a Bits>,
    /// Whose sizes are counted: none when all models' are; a model that is not there has none.
    model: Option<Option<usize>>,
    threads: usize,
}

impl Counting<'_> {
    fn count(&self, set: &Bits) -> u32 {
        match self.rows {
            Some(rows) => rows.count_common(set),
            None => set.count_ones(),
        }
    }

    fn mine(&self, shares: &Shares, standing: &Standing, me: &str) -> Vec<(&'static str, u32)> {
        let limit = self.table.row_count();
        let todo = shares.todo(me, standing, limit);
        vec![("assigned", self.count(&shares.of(me, limit))), ("todo", self.count(&todo))]
    }

    fn all(&self, values: &Values, standing: &Standing, total: u32) -> Facets {
        let count = |set: &Bits| self.count(set);
        let counts = |sets: &[(Arc<str>, Bits)]| -> Vec<(Arc<str>, u32)> {
            let counts = sets.iter().map(|(value, set)| (value.clone(), count(set)));
            counts.filter(|(_, count)| *count > 0).collect()
        };
        let stars = self.stars(standing);
        let suggested = standing.suggested(self.table.row_count(), |_| true);
        let [chars, tokens] = self.histograms(values);
        Facets {
            total,
            models: counts(&values.models),
            finishes: most_first(counts(&values.finishes)),
            states: vec![
                ("unreviewed", total - stars.starred),
                ("starred", stars.starred),
                ("suggested", count(&suggested)),
                ("stale", stars.stale),
                ("disputed", stars.disputed),
                ("error", count(&values.errors)),
                ("empty", count(&values.empty)),
            ],
            mine: Vec::new(),
            tags: most_first(stars.tags.into_iter().collect()),
            reviewers: most_first(stars.reviewers.into_iter().collect()),
            scores: stars.scores,
            chars,
            tokens,
        }
    }

    fn stars(&self, standing: &Standing) -> OfStars {
        let mut all = OfStars::default();
        standing.among(self.rows).for_each(|(_, stars)| all.record(stars));
        all
    }

    fn histograms(&self, values: &Values) -> [Histogram; 2] {
        let widths = [values.chars_width, values.tokens_width];
        let empty = || [[0_u64; BARS]; 2];
        let found = each_part(&self.table.parts(), self.threads, empty, |bars, part| {
            let (rows, flags, models) = (part.rows(), part.flags(), part.models());
            let is_of = |at: usize| self.model.is_none_or(|m| m == Some(usize::from(models[at])));
            let columns = [part.chars(), part.tokens()];
            for ((numbers, width), bars) in columns.iter().zip(widths).zip(bars) {
                let values = numbers.values();
                let all_known = numbers.null_count() == 0;
                for at in 0..part.len {
                    let is_meant = flags[at] & SHOWN != 0
                        && (all_known || numbers.is_valid(at))
                        && is_of(at)
                        && self.rows.is_none_or(|of| of.get(rows[at]));
                    if is_meant {
                        bars[((values[at] / width) as usize).min(BARS - 1)] += 1;
                    }
                }
            }
        });
        [0, 1].map(|which| {
            let sum = |bar: usize| found.iter().map(|bars| bars[which][bar]).sum();
            Histogram::of(widths[which], (0..BARS).map(sum).collect())
        })
    }
}

impl Histogram {
    /// Bars up to the last that is not empty.
    fn of(width: u32, mut counts: Vec<u64>) -> Self {
        let end = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        counts.truncate(end);
        Self { edges: (0..end as u32).map(|bar| bar * width).collect(), counts }
    }
}

#[derive(Default)]
struct OfStars {
    starred: u32,
    stale: u32,
    disputed: u32,
    tags: BTreeMap<Arc<str>, u32>,
    reviewers: BTreeMap<Arc<str>, u32>,
    scores: [u32; 10],
}

impl OfStars {
    /// Each value counts once for a record.
    fn record(&mut self, stars: &[Judged]) {
        self.starred += 1;
        self.stale += u32::from(stars.iter().any(|judged| judged.is_stale));
        self.disputed += u32::from(is_disputed(stars));
        let tags: BTreeSet<_> = stars.iter().flat_map(|judged| judged.star.tags.iter()).collect();
        for tag in tags {
            *self.tags.entry(tag.clone()).or_default() += 1;
        }
        let reviewers: BTreeSet<_> = stars.iter().map(|judged| &judged.star.starred_by).collect();
        for reviewer in reviewers {
            *self.reviewers.entry(reviewer.clone()).or_default() += 1;
        }
        let scores: BTreeSet<u8> = stars.iter().map(|judged| judged.star.quality_score).collect();
        for score in scores {
            self.scores[usize::from(score) - 1] += 1;
        }
    }
}

fn most_first(mut counts: Vec<(Arc<str>, u32)>) -> Vec<(Arc<str>, u32)> {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(VALUES_MAX);
    counts
}
