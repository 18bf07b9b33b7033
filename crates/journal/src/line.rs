//! The lines of `starred.jsonl`: the old tool's eight keys first and unchanged, ours behind them.

use crate::star::{Kind, Score, Star};
use serde::Serialize;
use serde_json::{Map, Value};
use ulid::Ulid;

/// What a line says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An output was starred.
    Star(Star),
    /// A star was taken back: that of the same record, model, choice and reviewer; where either
    /// has no model, that of the same text.
    Unstar(Star),
    /// The lines of a bulk act are complete: its id, and how many lines they are.
    BulkEnd {
        /// The act.
        bulk: String,
        /// Its lines.
        count: u64,
    },
    /// An event of a later version: kept and ignored.
    Unknown(String),
}

/// A line, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub event: Event,
    /// Its idempotency key.
    pub id: Option<Ulid>,
    /// The bulk act it belongs to: it counts once that is complete.
    pub bulk: Option<String>,
}

/// The keys in the order of the file. The first eight are the old tool's.
#[derive(Serialize)]
struct Written<'a> {
    custom_id: &'a str,
    candidate_name: &'a str,
    llm_output: &'a str,
    quality_score: u8,
    tags: &'a [String],
    notes: &'a str,
    starred_by: &'a str,
    starred_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    choice: u16,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
}

/// A star as a JSON object, without a newline.
pub fn star_line(star: &Star) -> String {
    write(star, star.quality_score.get(), None)
}

/// The line that takes a star back. Its score is 0, so that a program that does not know of
/// `event` does not take it for a good example.
pub fn unstar_line(star: &Star) -> String {
    write(star, 0, Some("unstar"))
}

fn write(star: &Star, quality_score: u8, event: Option<&'static str>) -> String {
    let written = Written {
        custom_id: &star.custom_id,
        candidate_name: &star.candidate_name,
        llm_output: &star.llm_output,
        quality_score,
        tags: &star.tags,
        notes: &star.notes,
        starred_by: &star.starred_by,
        starred_at: &star.starred_at,
        model: star.model.as_deref(),
        choice: star.choice,
        kind: star.kind.word(),
        id: star.id.map(|id| id.to_string()),
        input_hash: star.input_hash.as_deref(),
        output_hash: star.output_hash.as_deref(),
        event,
    };
    serde_json::to_string(&written).expect("strings and numbers are always JSON")
}

/// Reads a line. `Ok(None)`: it is blank. `Err`: what is wrong with it, in a sentence.
pub fn read_line(bytes: &[u8]) -> Result<Option<Line>, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Ok(None);
    }
    let line: Map<String, Value> = serde_json::from_slice(bytes).map_err(|error| {
        let what = error.to_string().replace("line 1 column", "column");
        format!("not a star: {what}")
    })?;
    let text = |key: &str| line.get(key).and_then(Value::as_str);
    let bulk = text("bulk").map(str::to_owned);
    let event = match text("event") {
        None => Event::Star(star(&line, score(&line)?)?),
        // Its score says nothing.
        Some("unstar") => Event::Unstar(star(&line, Score::new(1).expect("1 is a score"))?),
        Some("bulk") => Event::BulkEnd {
            bulk: bulk.clone().ok_or("the end of a bulk act without `bulk`")?,
            count: line.get("count").and_then(Value::as_u64).ok_or("a bulk act without `count`")?,
        },
        Some(other) => Event::Unknown(other.to_owned()),
    };
    let id = text("id").and_then(|id| Ulid::from_string(id).ok());
    Ok(Some(Line { event, id, bulk }))
}

fn score(line: &Map<String, Value>) -> Result<Score, String> {
    let value = line.get("quality_score").ok_or("a star without `quality_score`")?;
    let whole = value.as_i64().or_else(|| {
        let float = value.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e9)?;
        Some(float as i64)
    });
    let whole = whole.ok_or_else(|| format!("`quality_score` is {value}, not a whole number"))?;
    Score::new(whole).map_err(|invalid| invalid.to_string())
}

fn star(line: &Map<String, Value>, quality_score: Score) -> Result<Star, String> {
    let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let some = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
    let custom_id = match line.get("custom_id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err("a star without `custom_id`".into()),
    };
    let kind = some("kind").and_then(|word| Kind::from_word(&word).ok()).unwrap_or_default();
    Ok(Star {
        custom_id,
        candidate_name: text("candidate_name"),
        llm_output: text("llm_output"),
        quality_score,
        tags: tags(line.get("tags")),
        notes: text("notes"),
        starred_by: some("starred_by").filter(|by| !by.is_empty()).unwrap_or("user".into()),
        starred_at: text("starred_at"),
        model: some("model"),
        choice: line.get("choice").and_then(Value::as_u64).unwrap_or(0).try_into().unwrap_or(0),
        kind,
        id: some("id").and_then(|id| Ulid::from_string(&id).ok()),
        input_hash: some("input_hash"),
        output_hash: some("output_hash"),
    })
}

/// A list of strings, or one string with commas: the old tool took both.
fn tags(value: Option<&Value>) -> Vec<String> {
    let split: Vec<&str> = match value {
        Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(tags)) => tags.split(',').collect(),
        _ => Vec::new(),
    };
    let trimmed = split.into_iter().map(str::trim);
    trimmed.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OLD: &str = r#"{"custom_id": "c-1", "candidate_name": "Zo\u00eb", "llm_output": "Good.", "quality_score": 9, "tags": ["a", "b"], "notes": "", "starred_by": "ann", "starred_at": "2025-10-29T12:34:56Z"}"#;

    fn read_star(line: &str) -> Star {
        match read_line(line.as_bytes()).unwrap().unwrap().event {
            Event::Star(star) => star,
            other => panic!("not a star: {other:?}"),
        }
    }

    #[test]
    fn an_old_line_reads_as_it_was_meant() {
        let star = read_star(OLD);
        assert_eq!((&*star.candidate_name, star.quality_score.get()), ("Zoë", 9));
        assert_eq!((star.model, star.choice, star.id, star.kind), (None, 0, None, Kind::Human));
    }

    #[test]
    fn our_line_begins_with_the_old_keys() {
        let mut star = read_star(OLD);
        star.model = Some("m".into());
        star.id = Some(Ulid::from_parts(1, 2));
        let expected = r#"{"custom_id":"c-1","candidate_name":"Zoë","llm_output":"Good.","quality_score":9,"tags":["a","b"],"notes":"","starred_by":"ann","starred_at":"2025-10-29T12:34:56Z","model":"m","choice":0,"kind":"human","id":"00000000010000000000000002"}"#;
        assert_eq!(star_line(&star), expected);
        let unstar = unstar_line(&star);
        assert!(
            unstar.contains(r#""quality_score":0,"#) && unstar.ends_with(r#""event":"unstar"}"#)
        );
        let line = read_line(unstar.as_bytes()).unwrap().unwrap();
        assert!(matches!(line.event, Event::Unstar(back) if back.model == star.model));
    }

    #[test]
    fn lines_that_are_almost_right() {
        let score = |text: &str| read_star(&OLD.replace("9,", &format!("{text},"))).quality_score;
        assert_eq!(score("9.0").get(), 9);
        let star = read_star(&OLD.replace(r#"["a", "b"]"#, r#""a, b,,""#));
        assert_eq!(star.tags, ["a", "b"]);
        assert_eq!(read_star(&OLD.replace(r#""c-1""#, "17")).custom_id, "17");
    }

    #[test]
    fn lines_that_are_wrong_say_why() {
        let check = |line: &str, expected: &str| {
            assert_eq!(read_line(line.as_bytes()).unwrap_err(), expected, "{line}");
        };
        check("{", "not a star: EOF while parsing an object at column 1");
        check("[]", "not a star: invalid type: sequence, expected a map at column 0");
        check("{}", "a star without `quality_score`");
        check(r#"{"quality_score":5}"#, "a star without `custom_id`");
        check(
            r#"{"custom_id":"a","quality_score":"9"}"#,
            "`quality_score` is \"9\", not a whole number",
        );
        check(
            r#"{"custom_id":"a","quality_score":0}"#,
            "quality_score: must be a whole number from 1 to 10, not 0",
        );
        check(r#"{"event":"bulk"}"#, "the end of a bulk act without `bulk`");
    }

    #[test]
    fn later_events_are_kept_and_ignored() {
        let line = read_line(br#"{"event":"claim","custom_id":"a"}"#).unwrap().unwrap();
        assert_eq!(line.event, Event::Unknown("claim".into()));
        assert_eq!(read_line(b" \r").unwrap(), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            custom_id in any::<String>(), llm_output in any::<String>(), notes in any::<String>(),
            score in 1_i64..=10, tags in prop::collection::vec("[a-z日é ]{1,5}[a-z]", 0..4),
            model in proptest::option::of(any::<String>()), choice in any::<u16>(),
            by in "[^\\s].*", id in any::<u128>(),
        ) {
            let star = Star {
                custom_id, llm_output, notes, model, choice,
                candidate_name: "n".into(),
                quality_score: Score::new(score).unwrap(),
                tags: tags.iter().map(|tag| tag.trim().to_owned()).collect(),
                starred_by: by, starred_at: "2026-01-01T00:00:00Z".into(), kind: Kind::Agent,
                id: Some(Ulid::from(id)), input_hash: None, output_hash: Some("xxh3:0".into()),
            };
            let line = star_line(&star);
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(read_star(&line), star);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _read = read_line(&bytes);
        }
    }
}
