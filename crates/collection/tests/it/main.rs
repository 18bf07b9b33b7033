//! Catalog and journal together, on real folders: one test program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod agreement;
mod assignments;
mod bulk;
mod claims;
mod facets;
mod reviewers;
mod starring;
mod suggestions;
mod tagging;
mod views;
mod words;

use goldstar_collection::{
    Collection, Kind, NewStar, Query, Score, Seen, Settings, Sort, Star, StarError, Ulid, Unstar,
};
use goldstar_disk::{Disk, RealDisk};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

struct Folder(tempfile::TempDir);

impl Folder {
    /// Four records: q1 and q2 of two models, q3 of one, q4 an error.
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.put(
            "batches/output/a.jsonl",
            &[
                result("q1", "alpha", "a strong leader", "stop"),
                result("q2", "alpha", "ten years of Rust", "length"),
                result("q3", "alpha", "<think>hm</think>\nno", "stop"),
                r#"{"custom_id":"q4","response":{"status_code":400,"body":null},"error":{"message":"too long"}}"#.into(),
            ],
        );
        folder.put(
            "batches/output/b.jsonl",
            &[
                result("q1", "beta", "a weak one", "stop"),
                result("q2", "beta", "strong in Go", "stop"),
            ],
        );
        folder.put(
            "batches/input/a.jsonl",
            &[r#"{"custom_id":"q1","body":{"messages":[{"role":"user","content":"Name: Zoë\nJudge her"}]}}"#.into()],
        );
        folder
    }

    fn put(&self, name: &str, lines: &[String]) {
        let path = self.0.path().join(name);
        let text = lines.join("\n") + "\n";
        RealDisk.replace(&path, &mut |file| file.write_all(text.as_bytes())).unwrap();
    }

    fn open(&self) -> Collection {
        self.open_with("")
    }

    /// With what `goldstar.toml` would say.
    fn open_with(&self, settings: &str) -> Collection {
        let collection = self.open_early(settings);
        collection.catalog().index();
        collection
    }

    /// Before any batch is indexed.
    fn open_early(&self, settings: &str) -> Collection {
        let settings = Settings::parse(settings).unwrap();
        Collection::open(self.0.path(), Arc::new(RealDisk), settings, 2).unwrap()
    }

    fn journal(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.0.path().join("gold_star/starred.jsonl"));
        text.unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

fn result(custom_id: &str, model: &str, text: &str, finish: &str) -> String {
    let text = text.replace('\n', "\\n");
    format!(
        r#"{{"custom_id":"{custom_id}","response":{{"status_code":200,"body":{{"model":"{model}","choices":[{{"index":0,"message":{{"content":"{text}"}},"finish_reason":"{finish}"}}],"usage":{{"completion_tokens":{}}}}}}},"error":null}}"#,
        text.len()
    )
}

/// A line as the old tool wrote it.
fn old_line(custom_id: &str, text: &str, score: u8, by: &str) -> String {
    format!(
        r#"{{"custom_id": "{custom_id}", "candidate_name": "", "llm_output": "{text}", "quality_score": {score}, "tags": ["old"], "notes": "", "starred_by": "{by}", "starred_at": "2025-10-29T12:00:00Z"}}"#
    )
}

fn new_id() -> Ulid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Ulid::from(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn new_star(custom_id: &str, model: Option<&str>, score: i64) -> NewStar {
    NewStar {
        custom_id: custom_id.into(),
        candidate_name: None,
        llm_output: None,
        quality_score: Score::new(score).unwrap(),
        tags: Vec::new(),
        notes: String::new(),
        model: model.map(str::to_owned),
        choice: None,
        starred_by: "ann".into(),
        kind: Kind::Human,
        accepted: None,
        seen: Seen::default(),
        id: new_id(),
        starred_at: "2026-11-22T10:00:00Z".into(),
    }
}

fn star(collection: &Collection, custom_id: &str, model: Option<&str>, score: i64) -> Star {
    collection.star(new_star(custom_id, model, score)).unwrap()
}

fn unstar(
    collection: &Collection,
    custom_id: &str,
    model: Option<&str>,
) -> Result<usize, StarError> {
    let which = Unstar {
        custom_id: custom_id.into(),
        model: model.map(str::to_owned),
        choice: None,
        starred_by: "ann".into(),
        kind: Kind::Human,
        id: new_id(),
        at: "2026-11-22T11:00:00Z".into(),
    };
    collection.unstar(&which, new_id)
}

/// The ids that answer a query, in order.
fn ids(collection: &Collection, query: &str, sort: &str) -> Vec<String> {
    let (query, sort) = (Query::parse(query).unwrap(), sort.parse::<Sort>().unwrap());
    let view = collection.view(&query, &sort);
    let rows = view.rows.slice(0, u32::MAX);
    let records = collection.records(&view, rows).into_iter();
    records.map(|judged| judged.record.custom_id).collect()
}

/// The stars of a record as `reviewer model score`, with `!` when stale.
fn stars(collection: &Collection, custom_id: &str) -> Vec<String> {
    let judged = collection.judged(custom_id).into_iter();
    judged
        .map(|judged| {
            let model = judged.model.as_deref().unwrap_or("-");
            let stale = if judged.is_stale { "!" } else { "" };
            format!("{} {model} {}{stale}", judged.star.starred_by, judged.star.quality_score)
        })
        .collect()
}
