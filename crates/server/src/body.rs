//! Bodies of requests, read field by field, so that all mistakes are named at once.

use crate::app::App;
use crate::identity::Who;
use crate::problem::Problem;
use crate::wire::FieldProblem;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use goldstar_collection::{BlindSeen, Invalid, Kind, Score, Ulid};
use serde_json::{Map, Value};

/// The fields of a body; an explicit null is as good as none.
#[derive(Debug)]
pub(crate) struct Fields {
    body: Map<String, Value>,
    asked: Vec<&'static str>,
    wrong: Vec<FieldProblem>,
}

impl Fields {
    /// The fields of a body that is a JSON object.
    pub(crate) fn read(app: &App, body: Result<Bytes, BytesRejection>) -> Result<Self, Problem> {
        let body = body.map_err(|error| {
            let limit = app.collection.settings().limits.body_bytes;
            match error.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Problem::new(error.status(), format!("the body is larger than {limit} bytes"))
                }
                status => Problem::new(status, error.body_text()),
            }
        })?;
        let body = serde_json::from_slice(&body)
            .map_err(|error| Problem::field("body", format!("must be a JSON object: {error}")))?;
        Ok(Self { body, asked: Vec::new(), wrong: Vec::new() })
    }

    /// All that was wrong, once every field has been taken.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.wrong.is_empty() { Ok(()) } else { Err(self.problem()) }
    }

    pub(crate) fn problem(self) -> Problem {
        Problem::bad(self.wrong)
    }

    /// Refuses fields that nobody asked for: a misspelt one would change what is meant.
    pub(crate) fn refuse_others(&mut self) {
        let names = self.body.keys().filter(|name| !self.asked.contains(&name.as_str()));
        let others: Vec<String> = names.cloned().collect();
        others.iter().for_each(|name| self.wrong(name, "is not known here"));
    }

    pub(crate) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    pub(crate) fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        self.wrong.push(FieldProblem { field: field.to_owned(), detail: detail.into() });
    }

    fn value(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.body.get(name).filter(|value| !value.is_null()).cloned()
    }

    /// A field that has no place here.
    pub(crate) fn refused<T>(&mut self, name: &'static str, why: &str) -> Option<T> {
        if self.value(name).is_some() {
            self.wrong(name, why);
        }
        None
    }

    /// A whole number from 0.
    pub(crate) fn number(&mut self, name: &'static str) -> Option<u64> {
        let number = self.value(name)?.as_u64();
        if number.is_none() {
            self.wrong(name, "must be a whole number");
        }
        number
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        let flag = self.value(name)?.as_bool();
        if flag.is_none() {
            self.wrong(name, "must be true or false");
        }
        flag
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let texts = serde_json::from_value(self.value(name)?).ok();
        if texts.is_none() {
            self.wrong(name, "must be a list of texts");
        }
        texts
    }

    /// A list of pairs of numbers.
    pub(crate) fn ranges(&mut self, name: &'static str) -> Option<Vec<(u32, u32)>> {
        let ranges = serde_json::from_value(self.value(name)?).ok();
        if ranges.is_none() {
            self.wrong(name, "must be a list of [from, to], positions from 0");
        }
        ranges
    }

    /// Where an output stood among those whose models were not named.
    pub(crate) fn blind(&mut self) -> Option<BlindSeen> {
        let blind = BlindSeen::read(&self.value("blind")?);
        blind.map_err(|what| self.wrong("blind", what)).ok()
    }

    /// A ULID.
    pub(crate) fn id(&mut self, name: &'static str) -> Option<Ulid> {
        let text = self.text(name)?;
        let id = Ulid::from_string(&text).ok();
        if id.is_none() {
            self.wrong(name, "must be a ULID: 26 characters of 0-9 and A-Z without I, L, O and U");
        }
        id
    }

    /// `human` or `agent`.
    pub(crate) fn kind(&mut self) -> Option<Kind> {
        let kind = self.text("kind").map(|word| Kind::from_word(&word));
        self.checked(kind.transpose()).flatten()
    }

    /// In whose name it is done.
    pub(crate) fn reviewer(&mut self, who: &Who) -> Result<String, Problem> {
        who.acting(self.text("starred_by"))
    }

    pub(crate) fn checked<T>(&mut self, value: Result<T, Invalid>) -> Option<T> {
        value.map_err(|invalid| self.wrong(invalid.field, invalid.detail)).ok()
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        match self.value(name) {
            None => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                self.wrong(name, format!("must be a text, not {}", kind_of(&other)));
                None
            }
        }
    }

    pub(crate) fn score(&mut self) -> Option<Score> {
        let detail = match self.value("quality_score") {
            None => "is required".to_owned(),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(number) => return self.checked(Score::new(number)),
                None => format!("must be a whole number from 1 to 10, not {number}"),
            },
            Some(other) => {
                format!("must be a whole number from 1 to 10, not {}", kind_of(&other))
            }
        };
        self.wrong("quality_score", detail);
        None
    }

    pub(crate) fn choice(&mut self) -> Option<u16> {
        let value = self.value("choice")?;
        let choice = value.as_u64().and_then(|number| u16::try_from(number).ok());
        if choice.is_none() {
            self.wrong("choice", "must be a whole number from 0 to 65535");
        }
        choice
    }

    pub(crate) fn tags(&mut self) -> Option<Vec<String>> {
        let wrong = match self.value("tags")? {
            Value::String(tags) => return Some(tags.split(',').map(str::to_owned).collect()),
            Value::Array(tags) => {
                let texts: Option<Vec<String>> =
                    tags.iter().map(|tag| tag.as_str().map(str::to_owned)).collect();
                match texts {
                    Some(texts) => return Some(texts),
                    None => "a list with something else in it",
                }
            }
            other => kind_of(&other),
        };
        self.wrong(
            "tags",
            format!("must be a list of texts, or one text with commas, not {wrong}"),
        );
        None
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
