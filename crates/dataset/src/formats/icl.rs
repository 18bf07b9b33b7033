//! In-context examples: what was asked, what was answered, and what was said of it.

use crate::selection::Example;
use goldstar_collection::Prompt;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    input: &'a str,
    llm_output: &'a str,
    custom_id: &'a str,
    candidate_name: &'a str,
    model: Option<&'a str>,
    quality_score: Number,
    tags: Vec<&'a str>,
    notes: &'a str,
    starred_by: &'a str,
    starred_at: &'a str,
}

/// A score: a whole number where it is one, as in the journal.
#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Whole(u8),
    Fraction(f64),
}

/// The line of an example. `text` is what was judged, `name` what the record was called then.
pub(crate) fn line(example: &Example, prompt: &Prompt, text: &str, name: &str) -> String {
    let star = &example.star;
    let is_whole = example.score.fract() == 0.0;
    let quality_score = if is_whole {
        Number::Whole(example.score as u8)
    } else {
        // Two decimals are more than scores of one to ten can say.
        Number::Fraction((example.score * 100.0).round() / 100.0)
    };
    let line = Line {
        input: &prompt.as_input(),
        llm_output: text,
        custom_id: &star.custom_id,
        candidate_name: name,
        model: example.model.as_deref(),
        quality_score,
        tags: example.tags.iter().map(|tag| &**tag).collect(),
        notes: &star.notes,
        starred_by: &star.starred_by,
        starred_at: &star.starred_at,
    };
    serde_json::to_string(&line).expect("strings and numbers are always JSON")
}
