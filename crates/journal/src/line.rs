//! The lines of `starred.jsonl`: the old tool's eight keys first and unchanged, ours behind them.

use crate::acts::{Reversal, What};
use crate::claims::NewClaim;
use crate::seen::{Blind, Seen};
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
        /// What was done, if the line says it.
        what: Option<What>,
        /// When, if the line says it.
        at: Option<String>,
    },
    /// The lines of a bulk act that have come will never be complete.
    BulkCancelled {
        /// The act.
        bulk: String,
    },
    /// A reviewer has a record before them.
    Claim(NewClaim),
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
    /// The act that it takes back or does again.
    pub reversal: Option<Reversal>,
}

/// What is said of one output: a line to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is starred.
    Star(Star),
    /// A star is taken back: a copy of it with an id, a time and a reviewer of its own.
    Unstar(Star),
}

impl Step {
    /// Takes a star back, at a time: RFC 3339, UTC. What was noted about it is not said again.
    pub fn unstar(star: Star, at: &str) -> Self {
        Self::Unstar(Star { notes: String::new(), starred_at: at.to_owned(), ..star })
    }

    /// The star that is given or taken back, itself.
    pub fn into_star(self) -> Star {
        match self {
            Self::Star(star) | Self::Unstar(star) => star,
        }
    }

    /// The star that is given or taken back.
    pub fn star(&self) -> &Star {
        match self {
            Self::Star(star) | Self::Unstar(star) => star,
        }
    }
}

/// What a line says beside its step.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Beside<'a> {
    /// The bulk act that it is part of.
    pub(crate) bulk: Option<&'a str>,
    pub(crate) reversal: Option<Reversal>,
}

/// The closing line of a bulk act, or the one that gives it up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closing<'a> {
    pub(crate) id: Ulid,
    pub(crate) bulk: &'a str,
    pub(crate) starred_by: &'a str,
    pub(crate) at: &'a str,
    /// How many lines they were, and what was done; none when it is given up.
    pub(crate) complete: Option<(u64, What)>,
    pub(crate) reversal: Option<Reversal>,
}

/// The keys in the order of the file. The first eight are the old tool's.
#[derive(Default, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    choice: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bulk: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redoes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blind: Option<Blind>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    reshown: bool,
}

/// A step as a JSON object, without a newline. The line that takes a star back has a score of 0, so
/// that a program that does not know of `event` does not take it for a good example.
pub(crate) fn step_line(step: &Step, beside: Beside<'_>) -> String {
    let star = step.star();
    let (quality_score, accepted, event, seen) = match step {
        Step::Star(star) => (star.quality_score.get(), star.accepted, None, star.seen),
        Step::Unstar(_) => (0, None, Some("unstar"), Seen::default()),
    };
    let (undoes, redoes) = written_reversal(beside.reversal);
    write(&Written {
        custom_id: &star.custom_id,
        candidate_name: &star.candidate_name,
        llm_output: &star.llm_output,
        quality_score,
        tags: &star.tags,
        notes: &star.notes,
        starred_by: &star.starred_by,
        starred_at: &star.starred_at,
        model: star.model.as_deref(),
        choice: Some(star.choice),
        kind: Some(star.kind.word()),
        id: star.id.map(|id| id.to_string()),
        input_hash: star.input_hash.as_deref(),
        output_hash: star.output_hash.as_deref(),
        accepted: accepted.map(|id| id.to_string()),
        event,
        bulk: beside.bulk,
        undoes,
        redoes,
        blind: seen.blind,
        reshown: seen.reshown,
        ..Written::default()
    })
}

/// The last line of a bulk act. It has the old tool's keys too, empty and with a score of 0, so
/// that a program that looks for them in every line finds them.
pub(crate) fn closing_line(closing: &Closing<'_>) -> String {
    let (undoes, redoes) = written_reversal(closing.reversal);
    write(&Written {
        starred_by: closing.starred_by,
        starred_at: closing.at,
        id: Some(closing.id.to_string()),
        event: Some(if closing.complete.is_some() { "bulk" } else { "bulk_cancelled" }),
        bulk: Some(closing.bulk),
        count: closing.complete.map(|(count, _)| count),
        what: closing.complete.map(|(_, what)| what.word()),
        undoes,
        redoes,
        ..Written::default()
    })
}

/// A claim, with the old tool's keys as a line has them that is no star.
pub(crate) fn claim_line(claim: &NewClaim, id: Ulid) -> String {
    write(&Written {
        custom_id: &claim.custom_id,
        starred_by: &claim.starred_by,
        starred_at: &claim.starred_at,
        id: Some(id.to_string()),
        event: Some("claim"),
        until: Some(&claim.until),
        ..Written::default()
    })
}

fn written_reversal(reversal: Option<Reversal>) -> (Option<String>, Option<String>) {
    match reversal {
        Some(Reversal::Undoes(act)) => (Some(act.to_string()), None),
        Some(Reversal::Redoes(act)) => (None, Some(act.to_string())),
        None => (None, None),
    }
}

fn write(written: &Written<'_>) -> String {
    serde_json::to_string(written).expect("strings and numbers are always JSON")
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
            what: text("what").and_then(What::from_word),
            at: text("starred_at").filter(|at| !at.is_empty()).map(str::to_owned),
        },
        Some("bulk_cancelled") => Event::BulkCancelled {
            bulk: bulk.clone().ok_or("the end of a bulk act without `bulk`")?,
        },
        Some("claim") => Event::Claim(claim(&line)?),
        Some(other) => Event::Unknown(other.to_owned()),
    };
    let ulid = |key: &str| text(key).and_then(|id| Ulid::from_string(id).ok());
    let undoes = ulid("undoes").map(Reversal::Undoes);
    let reversal = undoes.or_else(|| ulid("redoes").map(Reversal::Redoes));
    Ok(Some(Line { event, id: ulid("id"), bulk, reversal }))
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
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err("a star without `custom_id`".into()),
    };
    let ulid = |key: &str| some(key).and_then(|id| Ulid::from_string(&id).ok());
    Ok(Star {
        custom_id,
        candidate_name: text("candidate_name"),
        llm_output: text("llm_output"),
        quality_score,
        tags: tags(line.get("tags")),
        notes: text("notes"),
        starred_by: name(line).unwrap_or_else(|| "user".into()),
        starred_at: text("starred_at"),
        model: some("model").filter(|model| !model.is_empty()),
        choice: line.get("choice").and_then(whole).unwrap_or(0),
        kind: kind(line.get("kind"))?,
        id: ulid("id"),
        input_hash: some("input_hash"),
        output_hash: some("output_hash"),
        accepted: ulid("accepted"),
        seen: Seen {
            blind: line.get("blind").and_then(|blind| Blind::read(blind).ok()),
            reshown: line.get("reshown").and_then(Value::as_bool).unwrap_or(false),
        },
    })
}

/// Absent in the old tool's lines, which people wrote. What is no kind is not taken for a person.
fn kind(value: Option<&Value>) -> Result<Kind, String> {
    match value {
        None | Some(Value::Null) => Ok(Kind::default()),
        Some(value) => {
            value.as_str().and_then(|word| Kind::from_word(word).ok()).ok_or_else(|| {
                let value: String = value.to_string().chars().take(40).collect();
                format!("`kind` is {value}, not \"human\" or \"agent\"")
            })
        }
    }
}

/// The name of who starred: a space before or after it makes nobody another one.
fn name(line: &Map<String, Value>) -> Option<String> {
    let name = line.get("starred_by").and_then(Value::as_str)?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// A whole number, also as programs write it that know only one kind of number: `1.0`.
fn whole(value: &Value) -> Option<u16> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
    (0.0..=f64::from(u16::MAX)).contains(&number).then_some(number as u16)
}

fn claim(line: &Map<String, Value>) -> Result<NewClaim, String> {
    let text = |key: &str| {
        let text = line.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| format!("a claim without `{key}`"))
    };
    Ok(NewClaim {
        custom_id: text("custom_id")?,
        starred_by: name(line).ok_or("a claim without `starred_by`")?,
        starred_at: text("starred_at")?,
        until: text("until")?,
    })
}

/// A list of strings, or one string with commas: the old tool took both. Each once.
fn tags(value: Option<&Value>) -> Vec<String> {
    let split: Vec<&str> = match value {
        Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(tags)) => tags.split(',').collect(),
        _ => Vec::new(),
    };
    let mut tags: Vec<String> = Vec::with_capacity(split.len());
    for tag in split.into_iter().map(str::trim) {
        if !tag.is_empty() && tags.iter().all(|known| known != tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
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
        assert_eq!(step_line(&Step::Star(star.clone()), Beside::default()), expected);
        star.accepted = Some(Ulid::from_parts(1, 3));
        let accepted = step_line(&Step::Star(star.clone()), Beside::default());
        let key = r#","accepted":"00000000010000000000000003"}"#;
        assert_eq!(accepted, expected.replace('}', key));
        star.seen = Seen { blind: Some(Blind { seed: 7, place: 2, of: 3 }), reshown: true };
        let seen = step_line(&Step::Star(star.clone()), Beside::default());
        let keys = r#","blind":{"seed":7,"place":2,"of":3},"reshown":true}"#;
        assert_eq!(seen, accepted.replace('}', keys));
        assert_eq!(read_star(&seen), star);
        // What is no place is as good as none.
        assert_eq!(read_star(&seen.replace("\"of\":3", "\"of\":1")).seen.blind, None);
        let unstar = step_line(&Step::Unstar(star.clone()), Beside::default());
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
        let star = read_star(&OLD.replace(r#"["a", "b"]"#, r#""a, b,,a""#));
        assert_eq!(star.tags, ["a", "b"]);
        assert_eq!(read_star(&OLD.replace(r#""c-1""#, "17")).custom_id, "17");
        assert_eq!(read_star(&OLD.replace(r#""ann""#, r#"" ann ""#)).starred_by, "ann");
        assert_eq!(read_star(&OLD.replace(r#""ann""#, r#""  ""#)).starred_by, "user");
        let star = read_star(&OLD.replace('}', r#","model":"","kind":null}"#));
        assert_eq!((star.model, star.kind), (None, Kind::Human));
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
        check(r#"{"custom_id":"","quality_score":5}"#, "a star without `custom_id`");
        check(
            r#"{"custom_id":"a","quality_score":"9"}"#,
            "`quality_score` is \"9\", not a whole number",
        );
        check(
            r#"{"custom_id":"a","quality_score":0}"#,
            "quality_score: must be a whole number from 1 to 10, not 0",
        );
        check(
            r#"{"custom_id":"a","quality_score":5,"kind":"robot"}"#,
            "`kind` is \"robot\", not \"human\" or \"agent\"",
        );
        check(r#"{"event":"bulk"}"#, "the end of a bulk act without `bulk`");
        check(r#"{"event":"claim","custom_id":"a"}"#, "a claim without `starred_by`");
        check(
            r#"{"event":"claim","custom_id":"a","starred_by":" "}"#,
            "a claim without `starred_by`",
        );
    }

    #[test]
    fn the_last_line_of_a_bulk_act_has_the_old_keys_too() {
        let (id, act) = (Ulid::from_parts(1, 2), Ulid::from_parts(1, 1));
        let closing = Closing {
            id,
            bulk: &id.to_string(),
            starred_by: "ann",
            at: "2025-10-29T12:34:56Z",
            complete: Some((3, What::Tag)),
            reversal: Some(Reversal::Undoes(act)),
        };
        let expected = r#"{"custom_id":"","candidate_name":"","llm_output":"","quality_score":0,"tags":[],"notes":"","starred_by":"ann","starred_at":"2025-10-29T12:34:56Z","id":"00000000010000000000000002","event":"bulk","bulk":"00000000010000000000000002","count":3,"what":"tag","undoes":"00000000010000000000000001"}"#;
        assert_eq!(closing_line(&closing), expected);
        let line = read_line(expected.as_bytes()).unwrap().unwrap();
        let (bulk, at) = (id.to_string(), Some("2025-10-29T12:34:56Z".to_owned()));
        let end = Event::BulkEnd { bulk, count: 3, what: Some(What::Tag), at };
        assert_eq!((line.event, line.reversal), (end, Some(Reversal::Undoes(act))));
        let given_up = closing_line(&Closing { complete: None, reversal: None, ..closing });
        let line = read_line(given_up.as_bytes()).unwrap().unwrap();
        assert_eq!(line.event, Event::BulkCancelled { bulk: id.to_string() });
    }

    #[test]
    fn a_claim_has_the_old_keys_too() {
        let claim = NewClaim {
            custom_id: "c-1".into(),
            starred_by: "ann".into(),
            starred_at: "2026-11-22T10:00:00Z".into(),
            until: "2026-11-22T10:10:00Z".into(),
        };
        let expected = r#"{"custom_id":"c-1","candidate_name":"","llm_output":"","quality_score":0,"tags":[],"notes":"","starred_by":"ann","starred_at":"2026-11-22T10:00:00Z","id":"00000000010000000000000002","event":"claim","until":"2026-11-22T10:10:00Z"}"#;
        assert_eq!(claim_line(&claim, Ulid::from_parts(1, 2)), expected);
        let line = read_line(expected.as_bytes()).unwrap().unwrap();
        assert_eq!(line.event, Event::Claim(claim));
    }

    #[test]
    fn later_events_are_kept_and_ignored() {
        let line = read_line(br#"{"event":"praise","custom_id":"a"}"#).unwrap().unwrap();
        assert_eq!(line.event, Event::Unknown("praise".into()));
        assert_eq!(read_line(b" \r").unwrap(), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            custom_id in "(?s).+", llm_output in any::<String>(), notes in any::<String>(),
            score in 1_i64..=10,
            tags in prop::collection::btree_set("[a-z日é]([a-z日é ]*[a-z])?", 0..4),
            model in proptest::option::of(".+"), choice in any::<u16>(),
            by in "[^\\s](.*[^\\s])?", id in any::<u128>(),
            accepted in proptest::option::of(any::<u128>()),
        ) {
            let star = Star {
                custom_id, llm_output, notes, model, choice,
                candidate_name: "n".into(),
                quality_score: Score::new(score).unwrap(),
                tags: tags.into_iter().collect(),
                starred_by: by, starred_at: "2026-01-01T00:00:00Z".into(), kind: Kind::Agent,
                id: Some(Ulid::from(id)), input_hash: None, output_hash: Some("xxh3:0".into()),
                accepted: accepted.map(Ulid::from),
                seen: Seen::default(),
            };
            let line = step_line(&Step::Star(star.clone()), Beside::default());
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(read_star(&line), star);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _read = read_line(&bytes);
        }
    }
}
