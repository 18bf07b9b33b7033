//! `list`: records in the terminal.

use crate::arguments::List;
use crate::commands::{Asked, aligned, count, cut, print};
use crate::failure::Failure;
use goldstar_collection::JudgedRecord;
use serde::Serialize;
use std::path::Path;

/// A record as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    row: u32,
    custom_id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    tags: Vec<String>,
    outputs: Vec<OutputLine<'a>>,
    stars: Vec<StarLine<'a>>,
}

#[derive(Serialize)]
struct OutputLine<'a> {
    model: &'a str,
    choice: u16,
    state: &'static str,
    chars: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<u32>,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct StarLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    choice: u16,
    quality_score: u8,
    starred_by: &'a str,
    starred_at: &'a str,
    stale: bool,
}

/// Lists the records that answer a query.
pub(crate) fn run(data: &Path, options: &List) -> Result<(), Failure> {
    let Asked { collection, view, .. } = Asked::of(data, &options.query, &options.sort)?;
    let limit = if options.limit == 0 { u32::MAX } else { options.limit };
    let records = collection.records(&view, view.rows.slice(options.offset, limit));
    if options.json {
        return print(&records.iter().map(json_line).collect::<String>());
    }
    let shown = records.len();
    let mut text = table(&records);
    text.push_str(&format!("{shown} of {}\n", count(view.rows.len().into(), "record")));
    print(&text)
}

fn json_line(judged: &JudgedRecord) -> String {
    let record = &judged.record;
    let line = Line {
        row: record.row,
        custom_id: &record.custom_id,
        name: &record.name,
        score: judged.score(),
        tags: judged.tags().iter().map(|tag| tag.to_string()).collect(),
        outputs: record
            .outputs
            .iter()
            .map(|output| OutputLine {
                model: &output.model,
                choice: output.choice,
                state: output.state.word(),
                chars: output.chars,
                tokens: output.tokens,
                file: output.place.file(),
                line: output.place.line,
            })
            .collect(),
        stars: judged
            .stars
            .iter()
            .map(|judged| StarLine {
                model: judged.model.as_deref(),
                choice: judged.choice,
                quality_score: judged.star.quality_score,
                starred_by: &judged.star.starred_by,
                starred_at: &judged.star.starred_at,
                stale: judged.is_stale,
            })
            .collect(),
    };
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

fn table(records: &[JudgedRecord]) -> String {
    let rows = records.iter().map(|judged| cells(judged).to_vec()).collect();
    aligned(&["custom_id", "name", "outputs", "score", "tags"], rows)
}

fn cells(judged: &JudgedRecord) -> [String; 5] {
    let record = &judged.record;
    [
        cut(&record.custom_id, 80),
        cut(&record.name, 28),
        record.outputs.len().to_string(),
        judged.score().map_or("–".into(), |score| format!("★ {}", (score * 10.0).round() / 10.0)),
        cut(&judged.tags().join(", "), 40),
    ]
}
