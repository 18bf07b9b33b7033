//! What tools take and give, as JSON Schema 2020-12.

use super::tools::wrong;
use crate::wire::FieldProblem;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Most records, stars or lines of one answer.
pub(super) const PAGE_MAX: usize = 500;
/// How many come when the call does not say.
pub(super) const PAGE: usize = 10;
/// Characters of each text of a record when the call does not say.
pub(super) const CHARS: usize = 20_000;
/// Most characters of a text.
pub(super) const CHARS_MAX: usize = 1_000_000;

pub(super) fn search_records() -> Value {
    input(
        &[],
        json!({
            "q": query(),
            "sort": text("custom_id, name, score, stars, spread, starred_at, chars:MODEL or tokens:MODEL; `-` before it for the greatest first"),
            "offset": {"type": "integer", "minimum": 0, "default": 0, "description": "Records to pass over"},
            "limit": limit("Most records", 0),
        }),
    )
}

pub(super) fn read_record() -> Value {
    input(
        &["custom_id"],
        json!({
            "custom_id": record(),
            "max_chars": {"type": "integer", "minimum": 1, "maximum": CHARS_MAX, "default": CHARS,
                "description": "Characters of each text before it is cut"},
        }),
    )
}

pub(super) fn star_output() -> Value {
    input(
        &["custom_id", "quality_score"],
        json!({
            "custom_id": record(),
            "model": text("The model whose output it is; needed when the record has outputs of several"),
            "choice": choice("The choice, from 0"),
            "quality_score": score("How good the output is"),
            "tags": {"type": "array", "items": {"type": "string"}, "default": [],
                "description": "Tags without commas; suggest_tags says which there are"},
            "notes": text("Why; a person reads this"),
            "id": id("The same id twice is one star"),
        }),
    )
}

pub(super) fn unstar_output() -> Value {
    input(
        &["custom_id"],
        json!({
            "custom_id": record(),
            "model": text("Only the star on this model's output"),
            "choice": choice("Only the star on this choice"),
            "id": id("The same id twice takes back once"),
        }),
    )
}

pub(super) fn suggest_tags() -> Value {
    input(
        &[],
        json!({
            "prefix": text("Only tags that begin so, capital or small"),
            "custom_id": text("The record whose tags are given, too"),
            "limit": limit("Most tags", 1),
        }),
    )
}

pub(super) fn list_stars() -> Value {
    input(
        &[],
        json!({
            "starred_by": text("Only by this reviewer"),
            "tag": text("Only with this tag"),
            "model": text("Only of this model; its whole name"),
            "min_quality": score("The least score"),
            "q": query(),
            "offset": {"type": "integer", "minimum": 0, "default": 0, "description": "Stars to pass over"},
            "limit": limit("Most stars", 1),
        }),
    )
}

pub(super) fn export_examples() -> Value {
    input(
        &[],
        json!({
            "format": {"type": "string", "enum": ["icl", "finetuning", "raw"], "default": "icl", "description": "The form of the lines"},
            "min_quality": {"type": "number", "minimum": 1, "maximum": 10, "description": "The least score"},
            "tag": text("Only stars with this tag"),
            "starred_by": text("Only stars by this reviewer"),
            "model": text("Only outputs of this model; its whole name"),
            "score": {"type": "string", "enum": ["mean", "latest", "min", "consensus"], "default": "mean",
                "description": "Which score an output with several stars has"},
            "include_agents": {"type": "boolean", "default": false,
                "description": "Stars of agents, too, though no person made them their own"},
            "limit": limit("Most lines", 1),
        }),
    )
}

pub(super) fn collection_stats() -> Value {
    input(&[], json!({"q": query()}))
}

/// The schema of what is sent, as the OpenAPI document has it, with what it refers to inside it.
pub(super) fn output<T: ToSchema>() -> Value {
    let mut parts = Vec::new();
    T::schemas(&mut parts);
    let mut whole = json!(T::schema());
    let parts: Map<String, Value> =
        parts.into_iter().map(|(name, schema)| (name, json!(schema))).collect();
    if !parts.is_empty() {
        whole["$defs"] = Value::Object(parts);
    }
    refer_inside(&mut whole);
    whole
}

/// Where arguments are not of the form that an input schema says: names, and types of values. What
/// a value may be is looked at by whoever takes it.
pub(super) fn misfits(schema: &Value, given: &Map<String, Value>) -> Vec<FieldProblem> {
    let none = Map::new();
    let known = schema["properties"].as_object().unwrap_or(&none);
    let mut found = Vec::new();
    for (name, value) in given {
        match known.get(name) {
            None => {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                found.push(wrong(
                    name,
                    format!("is not known here; there are {}", names.join(", ")),
                ));
            }
            Some(property) => {
                found.extend(misfit(property, value).map(|detail| wrong(name, detail)));
            }
        }
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let absent = required.filter(|name| given.get(*name).is_none_or(Value::is_null));
    found.extend(absent.map(|name| wrong(name, "is required")));
    found
}

/// What is wrong with the form of a value; null is as good as none.
fn misfit(property: &Value, value: &Value) -> Option<String> {
    let (fits, expected) = match property["type"].as_str() {
        _ if property["enum"].is_array() => {
            let words = property["enum"].as_array().into_iter().flatten();
            let words: Vec<&str> = words.filter_map(Value::as_str).collect();
            let is_one = value.as_str().is_some_and(|value| words.contains(&value));
            (is_one, words.join(" or "))
        }
        Some("string") => (value.is_string(), "a text".to_owned()),
        Some("integer") => (value.is_i64() || value.is_u64(), "a whole number".to_owned()),
        Some("number") => (value.is_number(), "a number".to_owned()),
        Some("boolean") => (value.is_boolean(), "true or false".to_owned()),
        Some("array") => {
            let texts = value.as_array().map(|texts| texts.iter().all(Value::is_string));
            (texts == Some(true), "a list of texts".to_owned())
        }
        _ => (true, "".to_owned()),
    };
    (!fits && !value.is_null()).then(|| format!("must be {expected}, not {value}"))
}

fn input(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn query() -> Value {
    text("A query, as in docs/query.md: leader \"10 years\" model:llama score:8..10 -tag:rejected")
}

fn record() -> Value {
    json!({"type": "string", "minLength": 1, "description": "The record's custom_id, as search_records gives it"})
}

fn id(description: &str) -> Value {
    json!({"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$", "description": format!("A ULID. {description}")})
}

fn choice(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "maximum": 65_535, "description": description})
}

fn score(description: &str) -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 10, "description": description})
}

fn limit(description: &str, least: usize) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": PAGE_MAX, "default": PAGE, "description": description})
}

/// Lets references lead to `$defs` of the schema itself.
fn refer_inside(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(to)) = object.get_mut("$ref") {
                *to = to.replace("#/components/schemas/", "#/$defs/");
            }
            object.values_mut().for_each(refer_inside);
        }
        Value::Array(list) => list.iter_mut().for_each(refer_inside),
        _ => {}
    }
}
