//! Records: a page of a view, and one record whole.

use crate::app::App;
use crate::claims;
use crate::identity::Who;
use crate::params::Params;
use crate::preview::{self, Preview, preview};
use crate::problem::Problem;
use crate::wire::{
    Cell, HistoryEntry, HistoryEvent, MessageBody, OutputBody, OutputState, Page, ProblemBody,
    RecordBody, Row, RowStar, Source, ToolCallBody,
};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use goldstar_collection::{
    Collection, Judged, JudgedRecord, Look, Output, OutputText, Query, ReadError, Record, Sight,
    Sort, State as Indexed, read_outputs,
};
use jiff::Timestamp;

/// A page of the records that answer a query.
#[utoipa::path(
    get, path = "/api/records", operation_id = "search_records",
    params(
        ("q" = Option<String>, Query, description = "A query, as in docs/query.md"),
        ("sort" = Option<String>, Query, description = "custom_id, name, score, stars, spread, disagreement, starred_at, chars:MODEL or tokens:MODEL; `-` before it for the greatest first"),
        ("offset" = Option<u32>, Query, description = "Records to pass over"),
        ("limit" = Option<u32>, Query, description = "Most records, at most 500 unless set otherwise; 50 if absent"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = Page),
        (status = 400, description = "A parameter is wrong", body = ProblemBody),
    )
)]
pub(crate) async fn page(
    State(app): State<App>,
    who: Who,
    params: Params,
) -> Result<Json<Page>, Problem> {
    let sight = app.sight(&who, &params);
    let query = query(&app, &params);
    let sort = sort(&app, &params);
    let offset = params.number("offset", 0, u32::MAX).unwrap_or(0);
    let most = app.collection.settings().limits.page as u32;
    let limit = params.number("limit", 0, most).unwrap_or(most.min(50));
    let me = params.reviewer();
    params.finish()?;
    let page = app.blocking(move |app| {
        let view = app.collection.view_of(&query, &sort, &sight);
        let rows = view.rows.slice(offset, limit);
        let looks = preview::looks(&query);
        let records = app.collection.records(&view, rows);
        records.iter().for_each(|judged| judged.record.will_read());
        let mut claims = claims::of_others(app, &me);
        let records = records.iter().map(|judged| Row {
            claim: claims.remove(&judged.record.custom_id),
            ..row(judged, &looks)
        });
        let records = records.collect();
        Page { total: view.rows.len(), view: view.name, records }
    });
    Ok(Json(page.await))
}

/// A record whole.
#[utoipa::path(
    get, path = "/api/records/{custom_id}", operation_id = "read_record",
    params(
        ("custom_id" = String, Path, description = "The record, percent-encoded"),
        ("reviewer" = Option<String>, Query, description = "Who looks; of who signed in it is known"),
    ),
    responses(
        (status = 200, body = RecordBody),
        (status = 400, description = "The id is not UTF-8", body = ProblemBody),
        (status = 404, description = "No batch and no star has it", body = ProblemBody),
        (status = 503, description = "Not there yet: ask again soon", body = ProblemBody),
    )
)]
pub(crate) async fn record(
    State(app): State<App>,
    who: Who,
    id: Result<Path<String>, PathRejection>,
    params: Params,
) -> Result<Json<RecordBody>, Problem> {
    let Path(custom_id) = id.map_err(|error| Problem::field("custom_id", error.body_text()))?;
    let sight = app.sight(&who, &params);
    params.finish()?;
    let found = app.blocking(move |app| {
        let was_complete = app.collection.is_complete();
        let found = whole(&app.collection, &custom_id, &sight);
        found.ok_or_else(|| no_record(app, was_complete, &custom_id))
    });
    found.await.map(Json)
}

pub(crate) fn no_record(app: &App, was_complete: bool, custom_id: &str) -> Problem {
    let what = format!("no batch and no star has a record {custom_id}");
    app.collection.absent(was_complete, what).into()
}

/// The query that the parameter `q` holds, asked by whoever looks.
pub(crate) fn query(app: &App, params: &Params) -> Query {
    let text = params.text("q").unwrap_or_default();
    let query = checked_query(app, &text).unwrap_or_else(|detail| {
        params.wrong("q", detail);
        Query::default()
    });
    query.asked_by(&params.reviewer())
}

/// A query, if it is not too long and can be understood; else why not.
pub(crate) fn checked_query(app: &App, text: &str) -> Result<Query, String> {
    let most = app.collection.settings().limits.query_bytes;
    if text.len() > most {
        return Err(format!("is longer than {most} bytes"));
    }
    Query::parse(text).map_err(|error| error.to_string())
}

/// The order that the parameter `sort` names.
pub(crate) fn sort(app: &App, params: &Params) -> Sort {
    let text = params.text("sort").unwrap_or_default();
    checked_sort(app, &text).unwrap_or_else(|detail| {
        params.wrong("sort", detail);
        Sort::default()
    })
}

/// An order, if there is such a one; else what there is.
pub(crate) fn checked_sort(app: &App, text: &str) -> Result<Sort, String> {
    let sort: Sort = text.parse()?;
    app.collection.known(&sort).map(|()| sort)
}

fn row(judged: &JudgedRecord, looks: &[Look]) -> Row {
    let record = &judged.record;
    Row {
        row: record.row,
        custom_id: record.custom_id.clone(),
        name: record.name.clone(),
        score: judged.score(),
        tags: judged.tags().iter().map(|tag| tag.to_string()).collect(),
        outputs: cells(&record.outputs, looks),
        stars: judged.stars.iter().map(|star| row_star(star, None)).collect(),
        claim: None,
    }
}

fn cells(outputs: &[Output], looks: &[Look]) -> Vec<Cell> {
    let read = outputs.iter().zip(read_outputs(outputs));
    read.map(|(output, read)| cell(output, read, looks)).collect()
}

fn cell(output: &Output, read: Result<OutputText, ReadError>, looks: &[Look]) -> Cell {
    let (text, unreadable) = match &read {
        Ok(read) => (&*read.text, None),
        Err(error) => ("", Some(error.to_string())),
    };
    let Preview { text, marks } = preview(text, looks);
    let is_error = output.state == Indexed::Error;
    Cell {
        model: output.model.to_string(),
        choice: output.choice,
        state: state(output, unreadable.is_some()),
        error: unreadable.or_else(|| is_error.then(|| text.clone())),
        preview: if is_error { String::new() } else { text },
        marks: if is_error { Vec::new() } else { marks },
        chars: output.chars,
        tokens: output.tokens,
        finish_reason: output.finish_reason.as_deref().map(str::to_owned),
        reruns: output.older.len() as u32,
    }
}

fn state(output: &Output, is_unreadable: bool) -> OutputState {
    match output.state {
        _ if is_unreadable => OutputState::Error,
        Indexed::Ok => OutputState::Ok,
        Indexed::Empty => OutputState::Empty,
        Indexed::Error => OutputState::Error,
        Indexed::NotText | Indexed::Request => OutputState::NotText,
    }
}

pub(crate) fn row_star(judged: &Judged, llm_output: Option<String>) -> RowStar {
    let star = &judged.star;
    RowStar {
        model: judged.model.as_deref().map(str::to_owned),
        choice: judged.choice,
        quality_score: star.quality_score,
        tags: star.tags.iter().map(|tag| tag.to_string()).collect(),
        notes: star.notes.to_string(),
        starred_by: star.starred_by.to_string(),
        starred_at: star.starred_at.to_string(),
        kind: star.kind.word().into(),
        id: star.id.map(|id| id.to_string()),
        accepted: star.accepted.map(|id| id.to_string()),
        stale: judged.is_stale,
        llm_output,
    }
}

/// A record with everything that is known of it; one that only the journal knows has no outputs.
fn whole(collection: &Collection, custom_id: &str, sight: &Sight) -> Option<RecordBody> {
    let record = collection.catalog().record(custom_id);
    let stars = sight.seen(collection.judged(custom_id));
    let history = history(collection, custom_id, sight, &stars);
    if record.is_none() && history.is_empty() {
        return None;
    }
    let (prompt, prompt_source) = prompt(record.as_ref());
    let journal = collection.journal();
    let text_of = |judged: &Judged| {
        let hidden = judged.is_stale || judged.model.is_none() || record.is_none();
        let star = hidden.then(|| journal.star(judged.star.place).ok()).flatten();
        star.map(|(star, _)| star.llm_output)
    };
    let named = |judged: &Judged| journal.star(judged.star.place).ok().map(|s| s.0.candidate_name);
    let name = record.as_ref().map(|record| record.name.clone());
    let name = name.or_else(|| stars.first().and_then(named)).filter(|name| !name.is_empty());
    Some(RecordBody {
        custom_id: custom_id.to_owned(),
        name: name.unwrap_or_else(|| custom_id.to_owned()),
        row: record.as_ref().map(|record| record.row),
        prompt,
        prompt_source,
        outputs: record.as_ref().map_or_else(Vec::new, |record| output_bodies(&record.outputs)),
        stars: stars.iter().map(|judged| row_star(judged, text_of(judged))).collect(),
        history,
    })
}

fn prompt(record: Option<&Record>) -> (Vec<MessageBody>, Option<Source>) {
    let Some(record) = record else { return (Vec::new(), None) };
    let model = record.outputs.first().map(|output| &*output.model);
    match record.prompt(model) {
        Ok(Some((prompt, place))) => {
            let messages = prompt.0.into_iter();
            let messages = messages.map(|m| MessageBody { role: m.role, content: m.content });
            let source = Source { file: place.file().to_owned(), line: place.line };
            (messages.collect(), Some(source))
        }
        Ok(None) => (Vec::new(), None),
        Err(error) => {
            let content = error.to_string();
            (vec![MessageBody { role: "unreadable".into(), content }], None)
        }
    }
}

fn output_bodies(outputs: &[Output]) -> Vec<OutputBody> {
    let read = read_outputs(outputs).into_iter();
    outputs.iter().zip(read).map(|(output, read)| output_body(output, read)).collect()
}

fn output_body(output: &Output, read: Result<OutputText, ReadError>) -> OutputBody {
    let (read, unreadable) = match read {
        Ok(read) => (read, None),
        Err(error) => (OutputText::default(), Some(error.to_string())),
    };
    let is_error = output.state == Indexed::Error;
    let calls = read.tool_calls.into_iter();
    let created = output.created.and_then(|second| Timestamp::from_second(second).ok());
    OutputBody {
        model: output.model.to_string(),
        asked_model: read.asked_model,
        choice: output.choice,
        state: state(output, unreadable.is_some()),
        error: unreadable.or_else(|| is_error.then(|| read.text.clone())),
        text: if is_error { String::new() } else { read.text },
        reasoning: read.reasoning,
        tool_calls: calls.map(|c| ToolCallBody { name: c.name, arguments: c.arguments }).collect(),
        finish_reason: output.finish_reason.as_deref().map(str::to_owned),
        prompt_tokens: read.prompt_tokens,
        completion_tokens: output.tokens,
        created: created.map(|time| time.to_string()),
        latency_ms: read.latency_ms,
        file: output.place.file().to_owned(),
        line: output.place.line,
        output_hash: format!("xxh3:{:016x}", output.hash),
        older: output_bodies(&output.older),
    }
}

fn history(
    collection: &Collection,
    custom_id: &str,
    sight: &Sight,
    seen: &[Judged],
) -> Vec<HistoryEntry> {
    let places = collection.journal().state().history(custom_id).to_vec();
    let lines = places.into_iter().filter_map(|place| collection.journal().star(place).ok());
    let seen = lines.filter(|(star, _)| sight.sees(star, seen));
    let entries = seen.map(|(star, is_unstar)| HistoryEntry {
        event: if is_unstar { HistoryEvent::Unstar } else { HistoryEvent::Star },
        quality_score: if is_unstar { 0 } else { star.quality_score.get() },
        model: star.model,
        choice: star.choice,
        tags: star.tags,
        notes: star.notes,
        starred_by: star.starred_by,
        starred_at: star.starred_at,
        kind: star.kind.word().into(),
        accepted: star.accepted.filter(|_| !is_unstar).map(|id| id.to_string()),
    });
    entries.collect()
}
