//! Which output a star belongs to, and whether that output is still the one that was judged.

use goldstar_catalog::Record;
use goldstar_journal::Entry;
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
    stars.iter().map(|star| judge_one(record, star, is_complete)).collect()
}

fn judge_one(record: Option<&Record>, star: &Arc<Entry>, is_complete: bool) -> Judged {
    let as_written = |is_stale| Judged {
        star: star.clone(),
        model: star.model.clone(),
        choice: star.choice,
        is_stale,
    };
    let Some(record) = record else { return as_written(false) };
    match &star.model {
        Some(model) => as_written(match record.output(model, star.choice) {
            Some(output) => output.hash != star.text_hash,
            None => is_complete,
        }),
        None => match record.outputs.iter().find(|output| output.hash == star.text_hash) {
            Some(output) => Judged {
                star: star.clone(),
                model: Some(output.model.clone()),
                choice: output.choice,
                is_stale: false,
            },
            None => as_written(false),
        },
    }
}

/// The mean score of a record's stars; none without stars.
pub fn mean_score(stars: &[Judged]) -> Option<f64> {
    let sum: u64 = stars.iter().map(|judged| u64::from(judged.star.quality_score)).sum();
    (!stars.is_empty()).then(|| sum as f64 / stars.len() as f64)
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
