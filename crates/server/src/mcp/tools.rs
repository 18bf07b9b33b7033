//! The tools: what a client is told of each, and what it does.

use super::{reading, schemas, starring};
use crate::app::App;
use crate::identity::Who;
use crate::params::Params;
use crate::problem::Problem;
use crate::wire::{
    CollectionStats, ExampleLines, FieldProblem, Page, RecordBody, StarList, Starred,
    SuggestedTags, Unstarred,
};
use axum::body::Bytes;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::pin::Pin;

/// A tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) effect: Effect,
    pub(super) input: fn() -> Value,
    pub(super) output: fn() -> Value,
    /// Arguments that are right.
    pub(super) example: &'static str,
    pub(super) call: fn(Asked) -> Answering,
}

/// What calling a tool does to the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Reads,
    /// It adds a star.
    Adds,
    /// It takes stars away; a second time there is nothing to take.
    Removes,
}

type Answering = Pin<Box<dyn Future<Output = Result<Value, Problem>> + Send>>;

/// A call of a tool.
pub(super) struct Asked {
    pub(super) app: App,
    pub(super) given: Map<String, Value>,
    pub(super) who: Who,
}

/// All tools, in the order in which a client is told of them.
pub(super) static TOOLS: [Tool; 8] = [
    Tool {
        name: "search_records",
        title: "Search records",
        description: "Finds records by a query and gives a page of them: ids, names, the beginning \
            of each model's output, stars. A query is words, \"phrases\", beginnings* \
            and field:value clauses that all have to hold; `-` before one turns it \
            round. Fields: model, score, tag, by, is (starred, unreviewed, suggested, stale, \
            disputed, error, empty), assigned, todo, finish, tokens, chars, name, id, file. \
            `is:unreviewed` finds what is left to do, `todo:me` what is left to you.",
        effect: Effect::Reads,
        input: schemas::search_records,
        output: schemas::output::<Page>,
        example: r#"{"q": "is:unreviewed finish:stop", "limit": 5}"#,
        call: |asked| Box::pin(reading::search_records(asked)),
    },
    Tool {
        name: "read_record",
        title: "Read a record",
        description: "Gives a record whole: its prompt, every model's output with the reasoning, \
            the stars on them and their history. Texts longer than max_chars are cut and \
            say so. Read a record before starring its outputs.",
        effect: Effect::Reads,
        input: schemas::read_record,
        output: schemas::output::<RecordBody>,
        example: r#"{"custom_id": "cand-0000012"}"#,
        call: |asked| Box::pin(reading::read_record(asked)),
    },
    Tool {
        name: "star_output",
        title: "Star an output",
        description: "Judges one output of a record: a score from 1 (bad) to 10 (an example to \
            learn from), tags and notes that say why. A second star on the same output \
            replaces your first. Answers when it is on the disk. With an `id` (a ULID) a \
            call may be sent again and is still one star.",
        effect: Effect::Adds,
        input: schemas::star_output,
        output: schemas::output::<Starred>,
        example: r#"{"custom_id": "cand-0000012", "model": "Qwen3-32B", "quality_score": 8, "tags": ["clear"], "notes": "Names the gap."}"#,
        call: |asked| Box::pin(starring::star_output(asked)),
    },
    Tool {
        name: "unstar_output",
        title: "Take a star back",
        description: "Takes your stars on a record back: all of them, or only that of one model or \
            choice. The history keeps them.",
        effect: Effect::Removes,
        input: schemas::unstar_output,
        output: schemas::output::<Unstarred>,
        example: r#"{"custom_id": "cand-0000012", "model": "Qwen3-32B"}"#,
        call: |asked| Box::pin(starring::unstar_output(asked)),
    },
    Tool {
        name: "suggest_tags",
        title: "Suggest tags",
        description: "Gives the tags that reviewers use already, with counts: those that begin \
            with a prefix, and those of one record's stars. Use a tag that exists before \
            inventing one.",
        effect: Effect::Reads,
        input: schemas::suggest_tags,
        output: schemas::output::<SuggestedTags>,
        example: r#"{"prefix": "cl", "custom_id": "cand-0000012"}"#,
        call: |asked| Box::pin(reading::suggest_tags(asked)),
    },
    Tool {
        name: "list_stars",
        title: "List stars",
        description: "Lists current stars with the texts that were judged, in the order of the \
            journal: all, or those of a reviewer, with a tag, of a model, with a least \
            score, or on records of a query.",
        effect: Effect::Reads,
        input: schemas::list_stars,
        output: schemas::output::<StarList>,
        example: r#"{"min_quality": 8, "limit": 5}"#,
        call: |asked| Box::pin(reading::list_stars(asked)),
    },
    Tool {
        name: "export_examples",
        title: "Export examples",
        description: "Gives the first lines of a dataset of starred outputs, best first: icl \
            (in-context examples), finetuning (chat messages) or raw (journal lines). \
            Nothing is written; the whole file comes from GET /api/export-gold-star or \
            `goldstar export`.",
        effect: Effect::Reads,
        input: schemas::export_examples,
        output: schemas::output::<ExampleLines>,
        example: r#"{"format": "icl", "min_quality": 8, "limit": 5}"#,
        call: |asked| Box::pin(reading::export_examples(asked)),
    },
    Tool {
        name: "collection_stats",
        title: "Collection statistics",
        description: "Says what the collection holds (records, models, limits, whether indexing is \
            done) and what its stars say: scores by model, reviewer and tag, and how \
            much is reviewed; of all records or of those of a query.",
        effect: Effect::Reads,
        input: schemas::collection_stats,
        output: schemas::output::<CollectionStats>,
        example: r#"{"q": "model:qwen"}"#,
        call: |asked| Box::pin(reading::collection_stats(asked)),
    },
];

impl Tool {
    /// The tool of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        TOOLS.iter().find(|tool| tool.name == name)
    }

    /// Does what is asked, if the arguments are of the form that the schema says.
    pub(super) async fn answer(&self, asked: Asked) -> Result<Value, Problem> {
        let wrong = schemas::misfits(&(self.input)(), &asked.given);
        if !wrong.is_empty() {
            return Err(Problem::bad(wrong));
        }
        (self.call)(asked).await
    }
}

impl Asked {
    /// Puts a value where none is given.
    pub(super) fn or(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.given.entry(name).or_insert_with(|| value.into());
        self
    }

    /// Takes a text out.
    pub(super) fn take_text(&mut self, name: &str) -> Option<String> {
        match self.given.remove(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Takes a number out, if it lies in a range.
    pub(super) fn take_number(
        &mut self,
        name: &str,
        default: usize,
        most: usize,
    ) -> Result<usize, Problem> {
        let Some(value) = self.given.remove(name) else { return Ok(default) };
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.filter(|number| (1..=most).contains(number)).ok_or_else(|| {
            Problem::field(name, format!("must be a number from 1 to {most}, not {value}"))
        })
    }

    /// What is given, as the parameters of an address.
    pub(super) fn params(self) -> Params {
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let given: BTreeMap<String, String> =
            self.given.into_iter().map(|(name, value)| (name, text(value))).collect();
        Params::of(given, self.who)
    }

    /// What is given, as the body of a request.
    pub(super) fn body(self) -> Bytes {
        Value::Object(self.given).to_string().into()
    }
}

/// A field with what is wrong with it.
pub(super) fn wrong(field: &str, detail: impl Into<String>) -> FieldProblem {
    FieldProblem { field: field.to_owned(), detail: detail.into() }
}
