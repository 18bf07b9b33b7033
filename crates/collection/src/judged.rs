//! Which output a star belongs to, and whether that output is still the one that was judged.

use crate::query::Condition;
use goldstar_catalog::{ModelNo, Record, SHOWN, Table};
use goldstar_insight::Spread;
use goldstar_journal::{Entry, Kind};
use std::sync::Arc;

/// A current star, put to its output.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The star.
    pub star: Arc<Entry>,
    /// The model of its output; absent when it belongs to the record as a whole.
    pub model: Option<Arc<str>>,
    /// The choice.
    pub choice: u16,
    /// The output on disk is not the text that was judged.
    pub is_stale: bool,
}

/// Puts the stars of a record to its outputs. A star without a model, as the old tool wrote them,
/// belongs to the output with the text that was judged, else to the record.
///
/// `record` is `None` when no batch holds it: then nothing can be stale. While batches are still
/// being indexed (`is_complete` is false), an output that is not there yet is no sign of anything.
pub fn judge(record: Option<&Record>, stars: &[Arc<Entry>], is_complete: bool) -> Vec<Judged> {
    let outputs = record.map(|record| -> Vec<_> {
        record.outputs.iter().map(|o| (&o.model, o.choice, o.hash)).collect()
    });
    stars.iter().map(|star| judge_one(outputs.as_deref(), star, is_complete)).collect()
}

/// As [`judge`], from the columns alone.
pub(crate) fn judge_row(
    table: &Table,
    row: u32,
    stars: &[Arc<Entry>],
    is_complete: bool,
) -> Vec<Judged> {
    let mut outputs: Vec<(ModelNo, u16, u64)> = Vec::new();
    for entry in table.entry_numbers(row) {
        let part = table.part_of(entry);
        if part.flags()[0] & SHOWN != 0 {
            outputs.push((part.models()[0], part.choices()[0], part.hash(0)));
        }
    }
    outputs.sort_unstable();
    let name = |model: ModelNo| &table.models()[usize::from(model)].name;
    let outputs: Vec<_> =
        outputs.iter().map(|(model, choice, hash)| (name(*model), *choice, *hash)).collect();
    stars.iter().map(|star| judge_one(Some(&outputs), star, is_complete)).collect()
}

/// The model, choice and hash of each output of a record, in column order.
type Outputs<'o> = [(&'o Arc<str>, u16, u64)];

fn judge_one(outputs: Option<&Outputs<'_>>, star: &Arc<Entry>, is_complete: bool) -> Judged {
    let as_written = |is_stale| Judged {
        star: star.clone(),
        model: star.model.clone(),
        choice: star.choice,
        is_stale,
    };
    let Some(outputs) = outputs else { return as_written(false) };
    if let Some(model) = &star.model {
        let mut of_model = outputs.iter().filter(|output| *output.0 == *model);
        return as_written(match of_model.find(|output| output.1 == star.choice) {
            Some(output) => output.2 != star.text_hash,
            None => is_complete,
        });
    }
    match outputs.iter().find(|output| output.2 == star.text_hash) {
        Some((model, choice, _)) => Judged {
            star: star.clone(),
            model: Some((*model).clone()),
            choice: *choice,
            is_stale: false,
        },
        None => as_written(false),
    }
}

impl Judged {
    /// Whether it is an agent's star: it counts once a person has made it their own.
    pub fn is_suggestion(&self) -> bool {
        self.star.kind == Kind::Agent
    }

    pub(crate) fn is_of_the_same_output(&self, other: &Self) -> bool {
        let is_of_text = self.model.is_some() || self.star.text_hash == other.star.text_hash;
        (&self.model, self.choice) == (&other.model, other.choice) && is_of_text
    }

    /// Whether the star meets a condition about stars.
    pub(crate) fn meets(&self, condition: &Condition) -> bool {
        let star = &self.star;
        match condition {
            Condition::Score(range) => range.contains(u64::from(star.quality_score)),
            Condition::Tag(tag) => star.tags.iter().any(|known| **known == **tag),
            Condition::By(by) => *star.starred_by == **by,
            Condition::Of(model) => self.model.as_deref() == Some(&**model),
            Condition::Starred(times) => times.contains(star.at),
            Condition::IsStale => self.is_stale,
            _ => true,
        }
    }
}

/// The stars that people gave.
pub fn of_people(stars: &[Judged]) -> Vec<Judged> {
    stars.iter().filter(|judged| !judged.is_suggestion()).cloned().collect()
}

/// The mean score of stars; none without stars.
pub fn mean_score(stars: &[Judged]) -> Option<f64> {
    let sum: u64 = stars.iter().map(|judged| u64::from(judged.star.quality_score)).sum();
    (!stars.is_empty()).then(|| sum as f64 / stars.len() as f64)
}

/// How far apart the scores of each output are that has several.
fn spreads(stars: &[Judged]) -> impl Iterator<Item = Spread> {
    by_output(stars)
        .into_iter()
        .filter_map(|stars| Spread::of(stars.iter().map(|judged| judged.star.quality_score)))
}

/// The stars of each output by themselves, in order of appearance.
pub(crate) fn by_output(stars: &[Judged]) -> Vec<Vec<&Judged>> {
    let mut outputs: Vec<Vec<&Judged>> = Vec::new();
    for judged in stars {
        match outputs.iter_mut().find(|known| known[0].is_of_the_same_output(judged)) {
            Some(known) => known.push(judged),
            None => outputs.push(vec![judged]),
        }
    }
    outputs
}

/// One star of each reviewer of an output, in the order of their names: of two, as an old line and
/// a new one may be, the later.
pub(crate) fn latest_of_each(mut stars: Vec<&Judged>) -> Vec<&Judged> {
    stars.sort_by(|a, b| {
        let place = |judged: &&Judged| judged.star.place.offset;
        a.star.starred_by.cmp(&b.star.starred_by).then(place(b).cmp(&place(a)))
    });
    stars.dedup_by(|earlier, kept| earlier.star.starred_by == kept.star.starred_by);
    stars
}

/// Whether an output has stars of several reviewers that are far apart.
pub(crate) fn is_disputed(stars: &[Judged]) -> bool {
    stars.len() > 1 && spreads(stars).any(Spread::is_disputed)
}

/// The greatest standard deviation of one output's scores; none without an output that has several.
pub(crate) fn disagreement(stars: &[Judged]) -> Option<f64> {
    spreads(stars).map(|spread| spread.deviation).reduce(f64::max)
}

/// The mean score of the stars of each model, in the order in which the models come.
pub(crate) fn model_means(stars: &[Judged]) -> Vec<(&Arc<str>, f64)> {
    let mut sums: Vec<(&Arc<str>, u32, u32)> = Vec::new();
    for judged in stars {
        let Some(model) = &judged.model else { continue };
        let score = u32::from(judged.star.quality_score);
        match sums.iter_mut().find(|(known, ..)| *known == model) {
            Some((_, sum, count)) => (*sum, *count) = (*sum + score, *count + 1),
            None => sums.push((model, score, 1)),
        }
    }
    let mean = |(model, sum, count)| (model, f64::from(sum) / f64::from(count));
    sums.into_iter().map(mean).collect()
}

/// A mean score as one of the ten: a half goes up.
pub(crate) fn rounded(mean: f64) -> u8 {
    (mean + 0.5).floor() as u8
}

/// How far apart the best and the worst model are, by their means; none with less than two.
pub(crate) fn spread(stars: &[Judged]) -> Option<f64> {
    let means: Vec<f64> = model_means(stars).into_iter().map(|(_, mean)| mean).collect();
    let most = means.iter().copied().reduce(f64::max)?;
    let least = means.iter().copied().reduce(f64::min)?;
    (means.len() > 1).then_some(most - least)
}

/// All tags of these stars, each once, in order of appearance.
pub fn all_tags<'s>(stars: impl IntoIterator<Item = &'s Judged>) -> Vec<Arc<str>> {
    let mut tags: Vec<Arc<str>> = Vec::new();
    for tag in stars.into_iter().flat_map(|judged| judged.star.tags.iter()) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}
