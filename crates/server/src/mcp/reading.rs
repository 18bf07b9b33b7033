//! Tools that read: the answers of the HTTP interface, each bounded to what a context can hold.

use super::schemas::{CHARS, CHARS_MAX, PAGE, PAGE_MAX};
use super::tools::Asked;
use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{
    CollectionStats, ExampleLines, OutputBody, RecordBody, StarList, SuggestedTags, TagCount,
};
use crate::{exports, records, stars, statistics, status};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goldstar_collection::Sight;
use goldstar_dataset::select;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Most bytes of all lines of one answer.
const LINES_BYTES_MAX: usize = 1 << 20;

pub(super) async fn search_records(asked: Asked) -> Result<Value, Problem> {
    let (app, who) = (asked.app.clone(), asked.who.clone());
    let Json(page) = records::page(State(app), who, asked.or("limit", PAGE).params()).await?;
    Ok(json!(page))
}

pub(super) async fn read_record(mut asked: Asked) -> Result<Value, Problem> {
    let most = asked.take_number("max_chars", CHARS, CHARS_MAX)?;
    let custom_id = asked.take_text("custom_id").unwrap_or_default();
    let Json(mut record) =
        records::record(State(asked.app), asked.who.clone(), Ok(Path(custom_id)), none(&asked.who))
            .await?;
    cut_record(&mut record, most);
    Ok(json!(record))
}

pub(super) async fn suggest_tags(mut asked: Asked) -> Result<Value, Problem> {
    let most = asked.take_number("limit", PAGE, PAGE_MAX)?;
    let custom_id = asked.take_text("custom_id");
    let (app, who) = (asked.app.clone(), asked.who.clone());
    let Json(mut tags) = stars::tags(State(app.clone()), who.clone(), asked.params()).await?;
    tags.truncate(most);
    let of_record = match custom_id {
        Some(custom_id) => {
            let sight = app.sight_of(&who, &who.name);
            app.blocking(move |app| tags_of(app, &custom_id, &sight)).await?
        }
        None => Vec::new(),
    };
    Ok(json!(SuggestedTags { tags, of_record }))
}

pub(super) async fn list_stars(mut asked: Asked) -> Result<Value, Problem> {
    let most = asked.take_number("limit", PAGE, PAGE_MAX)?;
    let (app, who) = (asked.app.clone(), asked.who.clone());
    // One more than is shown tells whether there are more.
    let Json(mut stars) =
        stars::list(State(app), who, asked.or("limit", most + 1).params()).await?;
    let more = stars.len() > most;
    stars.truncate(most);
    Ok(json!(StarList { stars, more }))
}

pub(super) async fn export_examples(mut asked: Asked) -> Result<Value, Problem> {
    let most = asked.take_number("limit", PAGE, PAGE_MAX)?;
    let app = asked.app.clone();
    app.must_see_all(&asked.who)?;
    let recipe = exports::recipe(asked.params())?;
    let lines = app.blocking(move |app| {
        let mut selection = select(&app.collection, &recipe);
        let examples = selection.count();
        selection.most = selection.most.min(most);
        let mut lines = Lines::default();
        let written = goldstar_dataset::write(&app.collection, &recipe, &selection, &mut lines);
        if let (Err(error), false) = (&written, lines.is_full) {
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()));
        }
        let left_out = written.map_or(selection.left_out, |written| written.left_out);
        Ok(ExampleLines {
            format: recipe.format.word().into(),
            examples,
            more: examples > lines.lines.len() as u64,
            lines: lines.lines,
            left_out: left_out.into_iter().map(|(why, count)| (why.to_owned(), count)).collect(),
        })
    });
    Ok(json!(lines.await?))
}

pub(super) async fn collection_stats(asked: Asked) -> Result<Value, Problem> {
    let (app, who) = (asked.app.clone(), asked.who.clone());
    let Json(status) = status::status(State(app.clone()), who.clone(), none(&who)).await?;
    let Json(stats) = statistics::stats(State(app), who, asked.params()).await?;
    Ok(json!(CollectionStats { status, stats }))
}

fn none(who: &Who) -> Params {
    Params::of(BTreeMap::new(), who.clone())
}

/// The tags of a record's current stars that are seen, the most used first.
fn tags_of(app: &App, custom_id: &str, sight: &Sight) -> Result<Vec<TagCount>, Problem> {
    let was_complete = app.collection.is_complete();
    let judged = sight.seen(app.collection.judged(custom_id));
    if judged.is_empty() && app.collection.catalog().record(custom_id).is_none() {
        return Err(records::no_record(app, was_complete, custom_id));
    }
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for tag in judged.iter().flat_map(|judged| judged.star.tags.iter()) {
        *counts.entry(tag).or_default() += 1;
    }
    let mut tags: Vec<TagCount> =
        counts.into_iter().map(|(tag, count)| TagCount { tag: tag.to_owned(), count }).collect();
    tags.sort_by_key(|tag| Reverse(tag.count));
    Ok(tags)
}

fn cut_record(record: &mut RecordBody, most: usize) {
    record.prompt.iter_mut().for_each(|message| cut(&mut message.content, most));
    record.outputs.iter_mut().for_each(|output| cut_output(output, most));
    let judged = record.stars.iter_mut().filter_map(|star| star.llm_output.as_mut());
    judged.for_each(|text| cut(text, most));
}

fn cut_output(output: &mut OutputBody, most: usize) {
    cut(&mut output.text, most);
    output.reasoning.iter_mut().for_each(|text| cut(text, most));
    output.tool_calls.iter_mut().for_each(|call| cut(&mut call.arguments, most));
    output.older.iter_mut().for_each(|older| cut_output(older, most));
}

/// Cuts a text to so many characters, and says how many are missing.
fn cut(text: &mut String, most: usize) {
    let Some((end, _)) = text.char_indices().nth(most) else { return };
    let missing = text[end..].chars().count();
    text.truncate(end);
    text.push_str(&format!("… [{missing} more characters; max_chars shows more]"));
}

/// Lines as they are written, up to a number of bytes.
#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    bytes: usize,
    is_full: bool,
}

impl Write for Lines {
    /// Takes a line whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.bytes += line.len();
        if self.bytes > LINES_BYTES_MAX {
            self.is_full = true;
            return Err(io::Error::other("more than one answer holds"));
        }
        self.lines.push(String::from_utf8_lossy(line.trim_ascii_end()).into_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        let check = |text: &str, most: usize, expected: &str| {
            let mut text = text.to_owned();
            cut(&mut text, most);
            assert_eq!(text, expected);
        };
        check("Zoë", 3, "Zoë");
        check("Zoë!", 3, "Zoë… [1 more characters; max_chars shows more]");
        check("", 1, "");
    }

    #[test]
    fn lines_end_at_the_bound() {
        let mut lines = Lines::default();
        lines.write_all(b"{}\n").unwrap();
        assert!(lines.write_all(&vec![b'x'; LINES_BYTES_MAX]).is_err());
        assert_eq!((lines.lines, lines.is_full), (vec!["{}".to_owned()], true));
    }
}
