//! Which starred outputs become examples, in which order, and which cannot and why.

use crate::recipe::{Format, Recipe, ScoreRule};
use goldstar_collection::{
    Collection, Entry, Judged, Method, Panel, PromptKind, Record, State, Ulid, all_tags,
    hash_of_text, judge,
};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An output that leaves, once, however many reviewers starred it.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its record, if a batch holds it.
    pub record: Option<Arc<Record>>,
    /// Its newest star.
    pub star: Arc<Entry>,
    /// Its model, if it is known.
    pub model: Option<Arc<str>>,
    /// Its score, by the recipe's rule.
    pub score: f64,
    /// Its tags, of all its stars.
    pub tags: Vec<Arc<str>>,
    /// How many stars it has.
    pub stars: u64,
}

/// What a recipe chooses.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// In the order in which they leave; more than the recipe asks for, should one of them turn out
    /// not to be readable any more.
    pub examples: Vec<Example>,
    /// Most that leave.
    pub most: usize,
    /// How many could not be formed, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Stars of all outputs that are good enough, those left out counted.
    pub stars: u64,
    /// How the scores of an output became one, where that is their consensus.
    pub method: Option<Method>,
}

/// Chooses. Nothing is read but the index and the journal's fold.
pub fn select(collection: &Collection, recipe: &Recipe) -> Selection {
    // Raw stars leave as they are, each with its own score.
    let is_asked = recipe.score == ScoreRule::Consensus && recipe.format != Format::Raw;
    let panel = is_asked.then(|| collection.panel());
    let method = panel.as_ref().map(Panel::method);
    let mut selection = Selection { most: recipe.most(), method, ..Selection::default() };
    let mut chosen: Vec<Example> = Vec::new();
    for group in groups(collection, recipe) {
        let example = group.into_example(recipe.score, panel.as_ref());
        if recipe.min_quality.is_some_and(|least| example.score < least) {
            continue;
        }
        selection.stars += example.stars;
        match hindrance(&example, recipe.format) {
            Some(reason) => *selection.left_out.entry(reason).or_default() += 1,
            None => chosen.push(example),
        }
    }
    if recipe.format == Format::Raw {
        chosen.sort_by_key(|example| example.star.place.offset);
    } else {
        chosen.sort_by(best_first);
    }
    selection.examples = chosen;
    selection
}

impl Selection {
    /// How many examples leave.
    pub fn count(&self) -> u64 {
        self.examples.len().min(self.most) as u64
    }
}

/// The stars of one output.
struct Group {
    record: Option<Arc<Record>>,
    stars: Vec<Judged>,
}

/// Stars that pass the recipe's filters, by output; each by itself where stars leave as they are.
fn groups(collection: &Collection, recipe: &Recipe) -> Vec<Group> {
    let is_complete = collection.is_complete();
    let mut groups = Vec::new();
    let by_record = collection.journal().state().by_record();
    let first_line = |id| Some(collection.journal().state().line_of(id)?.offset);
    for stars in by_record {
        let record = collection.catalog().record(&stars[0].custom_id).map(Arc::new);
        let accepted: Vec<Ulid> = stars.iter().filter_map(|star| star.accepted).collect();
        // It has another id where it was taken back and done again, but came from the same line.
        let origins: Vec<u64> = accepted.iter().copied().filter_map(first_line).collect();
        // What a person made their own would count twice.
        let is_accepted = |judged: &Judged| {
            let star = &judged.star;
            origins.contains(&star.origin) || star.id.is_some_and(|id| accepted.contains(&id))
        };
        let mut of_output: Vec<Group> = Vec::new();
        for judged in judge(record.as_deref(), &stars, is_complete) {
            if !passes(&judged, recipe) || judged.is_suggestion() && is_accepted(&judged) {
                continue;
            }
            let same = |group: &&mut Group| is_same_output(&group.stars[0], &judged);
            match of_output.iter_mut().find(same).filter(|_| recipe.format != Format::Raw) {
                Some(group) => group.stars.push(judged),
                None => of_output.push(Group { record: record.clone(), stars: vec![judged] }),
            }
        }
        groups.append(&mut of_output);
    }
    groups
}

fn passes(judged: &Judged, recipe: &Recipe) -> bool {
    let star = &judged.star;
    (recipe.include_agents || !judged.is_suggestion())
        && recipe.tag.as_ref().is_none_or(|tag| star.tags.iter().any(|known| **known == **tag))
        && recipe.starred_by.as_ref().is_none_or(|by| *star.starred_by == **by)
        && recipe.model.as_ref().is_none_or(|model| judged.model.as_deref() == Some(model))
}

fn is_same_output(a: &Judged, b: &Judged) -> bool {
    match (&a.model, &b.model) {
        (Some(_), Some(_)) => (&a.model, a.choice) == (&b.model, b.choice),
        (None, None) => a.star.text_hash == b.star.text_hash,
        _ => false,
    }
}

impl Group {
    fn into_example(self, rule: ScoreRule, panel: Option<&Panel>) -> Example {
        let record = self.record;
        let mut stars = self.stars;
        stars.sort_by_key(|judged| Reverse((judged.star.at, judged.star.place.offset)));
        let newest = stars[0].clone();
        let score = |judged: &Judged| f64::from(judged.star.quality_score);
        let mean = || stars.iter().map(score).sum::<f64>() / stars.len() as f64;
        let score = match rule {
            ScoreRule::Mean => mean(),
            ScoreRule::Latest => score(&newest),
            ScoreRule::Min => stars.iter().map(score).fold(f64::INFINITY, f64::min),
            ScoreRule::Consensus => {
                let consensus = panel.and_then(|panel| panel.consensus(&stars));
                consensus.map_or_else(mean, |consensus| consensus.score)
            }
        };
        let tags = all_tags(stars.iter().rev());
        let count = stars.len() as u64;
        Example { record, star: newest.star, model: newest.model, score, tags, stars: count }
    }
}

/// Why an output cannot be an example of this format.
fn hindrance(example: &Example, format: Format) -> Option<&'static str> {
    if format == Format::Raw {
        return None;
    }
    let Some(record) = &example.record else {
        return Some("not in the batches, so without a prompt");
    };
    let model = example.model.as_deref();
    let prompt = record.prompt_kind(model);
    if prompt == PromptKind::Missing {
        return Some("no prompt");
    }
    let output = model.and_then(|model| {
        record.outputs.iter().find(|o| &*o.model == model && o.hash == example.star.text_hash)
    });
    if example.star.text_hash == hash_of_text("") {
        return Some("an empty output");
    }
    if let Some(output) = output {
        match output.state {
            State::Error => return Some("an error"),
            State::Empty => return Some("an empty output"),
            State::NotText => return Some("not text"),
            State::Ok | State::Request => {}
        }
        let finish = output.finish_reason.as_deref().unwrap_or_default();
        let calls_tools = ["tool_calls", "tool_use", "function_call"].contains(&finish);
        if format == Format::Finetuning && calls_tools {
            return Some("calls tools");
        }
    }
    let has_tools = prompt == PromptKind::WithTools;
    (format == Format::Finetuning && has_tools).then_some("results of tools in the prompt")
}

/// Best score, then newest star, then id.
fn best_first(a: &Example, b: &Example) -> std::cmp::Ordering {
    b.score
        .total_cmp(&a.score)
        .then(b.star.at.cmp(&a.star.at))
        .then_with(|| a.star.custom_id.cmp(&b.star.custom_id))
        .then(a.star.place.offset.cmp(&b.star.place.offset))
}
