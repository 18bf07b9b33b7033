//! `check`: is this folder whole?

use crate::arguments::Check;
use crate::commands::{count, print};
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::{Blemish, Collection, Status, judge};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

/// What was found.
#[derive(Debug, Serialize)]
struct Report {
    records: u64,
    outputs: u64,
    requests: u64,
    /// Requests that no output answers.
    unanswered: u64,
    batches: u64,
    /// Batches whose kept index was used.
    reused: u64,
    stars: u64,
    lines: u64,
    blemish_count: u64,
    blemishes: Vec<BlemishLine>,
    /// Stars whose output has changed since.
    stale: Vec<StarLine>,
    /// Records with stars that no batch holds.
    not_in_batches: Vec<String>,
}

#[derive(Debug, Serialize)]
struct BlemishLine {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    what: String,
}

#[derive(Debug, Serialize)]
struct StarLine {
    custom_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    starred_by: String,
    line: u64,
}

/// Verifies a folder; 1 when something is wrong.
pub(crate) fn run(data: &Path, options: &Check) -> Result<ExitCode, Failure> {
    let collection = folder::open_indexed(data)?;
    folder::warn_without_batches(data);
    let report = Report::of(&collection);
    let text = if options.json {
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    } else {
        report.text()
    };
    print(&text)?;
    let is_whole =
        report.blemish_count == 0 && report.stale.is_empty() && folder::has_batches(data);
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Report {
    fn of(collection: &Collection) -> Self {
        let status: Status = collection.catalog().status();
        let (blemish_count, blemishes) = collection.blemishes();
        let state = collection.journal().state();
        let (mut stale, mut not_in_batches) = (Vec::new(), BTreeSet::new());
        for star in state.all() {
            let record = collection.catalog().record(&star.custom_id);
            if record.is_none() {
                not_in_batches.insert(star.custom_id.to_string());
            }
            let judged = judge(record.as_ref(), std::slice::from_ref(&star), true);
            stale.extend(judged.into_iter().filter(|judged| judged.is_stale).map(|judged| {
                StarLine {
                    custom_id: star.custom_id.to_string(),
                    model: judged.model.as_deref().map(str::to_owned),
                    starred_by: star.starred_by.to_string(),
                    line: star.place.line,
                }
            }));
        }
        let line = |b: Blemish| BlemishLine { file: b.file, line: b.line, what: b.what };
        Self {
            records: status.records,
            outputs: status.outputs,
            requests: status.requests,
            unanswered: status.unanswered,
            batches: status.batches,
            reused: status.reused,
            stars: state.stars(),
            lines: state.lines(),
            blemish_count,
            blemishes: blemishes.into_iter().map(line).collect(),
            stale,
            not_in_batches: not_in_batches.into_iter().collect(),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        self.write(&mut text).ok();
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let (records, outputs) = (count(self.records, "record"), count(self.outputs, "output"));
        let (requests, stars) = (count(self.requests, "request"), count(self.stars, "star"));
        let (reused, batches) = (self.reused, self.batches);
        writeln!(text, "{records}, {outputs} in {batches} batches, {requests}")?;
        if self.unanswered > 0 {
            writeln!(text, "{} that no output answers", count(self.unanswered, "request"))?;
        }
        writeln!(text, "{stars} in {} of the journal", count(self.lines, "line"))?;
        writeln!(text, "{reused} of {batches} batches came from the kept index")?;
        for BlemishLine { file, line, what } in &self.blemishes {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            writeln!(text, "{file}{line}: {what}")?;
        }
        let more = self.blemish_count - self.blemishes.len() as u64;
        if more > 0 {
            writeln!(text, "and {more} blemishes more")?;
        }
        for StarLine { custom_id, model, starred_by, line } in &self.stale {
            let model = model.as_ref().map(|model| format!(" of {model}")).unwrap_or_default();
            writeln!(
                text,
                "gold_star/starred.jsonl:{line}: stale: {starred_by} starred {custom_id}{model}, \
                 and the output on disk is another now"
            )?;
        }
        if !self.not_in_batches.is_empty() {
            let number = self.not_in_batches.len() as u64;
            let (have, first) = (count(number, "record"), &self.not_in_batches[0]);
            writeln!(text, "{have} with stars in no batch, such as {first}")?;
        }
        match self.blemish_count + self.stale.len() as u64 {
            0 => writeln!(text, "nothing is wrong"),
            1 => writeln!(text, "1 thing is wrong"),
            wrong => writeln!(text, "{wrong} things are wrong"),
        }
    }
}
