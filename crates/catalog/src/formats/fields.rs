//! Typed looks into a line's fields: a value of the wrong type counts as absent.

use super::Object;
use serde_json::Value;
use std::borrow::Cow;
use std::ops::Range;

/// A number beyond this (the year 5138) is a time in milliseconds, not in seconds.
const LAST_SECOND: f64 = 1e11;

/// Days from 0001-01-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_162;

/// The object under `key`.
pub(super) fn object<'a>(object: &'a Object, key: &str) -> Option<&'a Object> {
    object.get(key)?.as_object()
}

/// The list under `key`, when it holds anything.
pub(super) fn list<'a>(object: &'a Object, key: &str) -> Option<&'a [Value]> {
    object.get(key)?.as_array().map(Vec::as_slice).filter(|list| !list.is_empty())
}

/// The first of `keys` that holds a string that is not empty.
pub(super) fn text<'a>(object: &'a Object, keys: &[&str]) -> Option<Cow<'a, str>> {
    keys.iter()
        .filter_map(|key| object.get(*key)?.as_str())
        .find(|text| !text.is_empty())
        .map(Cow::Borrowed)
}

/// The id under `key`: a string that is not empty, or a number as its text.
pub(super) fn id<'a>(object: &'a Object, key: &str) -> Option<Cow<'a, str>> {
    match object.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The first of `keys` that holds a count: any number that is not negative, cut to 32 bits.
pub(super) fn count(object: &Object, keys: &[&str]) -> Option<u32> {
    keys.iter().find_map(|key| {
        let number = object.get(*key)?.as_f64().filter(|number| *number >= 0.0)?;
        Some(number as u32) // The cast saturates.
    })
}

/// The first of `keys` that holds a time: a number or an RFC 3339 text, as seconds since 1970.
pub(super) fn seconds(object: &Object, keys: &[&str]) -> Option<i64> {
    keys.iter().find_map(|key| match object.get(*key)? {
        Value::Number(number) => {
            let time = number.as_f64()?;
            Some(if time.abs() < LAST_SECOND { time as i64 } else { (time / 1000.0) as i64 })
        }
        Value::String(text) => rfc3339(text),
        _ => None,
    })
}

/// The duration under `key` in milliseconds; one unit of its own lasts `unit` milliseconds.
pub(super) fn millis(object: &Object, key: &str, unit: f64) -> Option<u32> {
    let duration = object.get(key)?.as_f64().filter(|duration| *duration >= 0.0)?;
    Some((duration * unit).round() as u32) // The cast saturates.
}

/// The record's name: at the top of the line, else in its metadata.
pub(super) fn name(line: &Object) -> Option<Cow<'_, str>> {
    const KEYS: [&str; 2] = ["candidate_name", "name"];
    text(line, &KEYS).or_else(|| text(object(line, "metadata")?, &KEYS))
}

/// An RFC 3339 time as seconds since 1970; the fraction of a second is dropped.
fn rfc3339(text: &str) -> Option<i64> {
    let (time, rest) = text.split_at_checked(19)?;
    let marks = [4, 7, 10, 13, 16].map(|at| time.as_bytes()[at]);
    if !matches!(marks, [b'-', b'-', b'T' | b't' | b' ', b':', b':']) {
        return None;
    }
    let (year, month, day) = (digits(time, 0..4)?, digits(time, 5..7)?, digits(time, 8..10)?);
    let (hour, minute, second) =
        (digits(time, 11..13)?, digits(time, 14..16)?, digits(time, 17..19)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let in_day = hour * 3600 + minute * 60 + second;
    Some(days_since_1970(year, month, day)? * 86_400 + in_day - offset(rest)?)
}

/// The zone's offset from UTC in seconds; `rest` may open with a fraction of a second.
fn offset(rest: &str) -> Option<i64> {
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let sign = match zone.as_bytes() {
        [b'Z' | b'z'] => return Some(0),
        [b'+', _, _, b':', _, _] => 1,
        [b'-', _, _, b':', _, _] => -1,
        _ => return None,
    };
    Some(sign * (digits(zone, 1..3)? * 3600 + digits(zone, 4..6)? * 60))
}

fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28 + i64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month).ok()?.checked_sub(1)?;
    if year < 1 || !(1..=*lengths.get(month)?).contains(&day) {
        return None;
    }
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    Some(years + lengths[..month].iter().sum::<i64>() + day - 1 - DAYS_TO_1970)
}

fn digits(text: &str, range: Range<usize>) -> Option<i64> {
    let digits = text.get(range)?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::tests::object as line;

    fn check_time(json: &str, expected: Option<i64>) {
        assert_eq!(seconds(&line(&format!(r#"{{"t":{json}}}"#)), &["t"]), expected, "{json}");
    }

    // Expected values: GNU date -u -d … +%s.
    #[test]
    fn times() {
        check_time("1790000000", Some(1_790_000_000));
        check_time("1790000000.75", Some(1_790_000_000));
        check_time("1790000000123", Some(1_790_000_000));
        check_time("-1", Some(-1));
        check_time(r#""1970-01-01T00:00:00Z""#, Some(0));
        check_time(r#""2026-01-01T00:00:00Z""#, Some(1_767_225_600));
        check_time(r#""2024-02-29T23:59:59.123456789Z""#, Some(1_709_251_199));
        check_time(r#""2026-10-09T12:10:00.123+02:00""#, Some(1_791_540_600));
        check_time(r#""2026-10-09T12:10:00-05:30""#, Some(1_791_567_600));
        check_time(r#""1969-12-31T23:59:59Z""#, Some(-1));
    }

    #[test]
    fn what_is_no_time() {
        for json in [
            "null",
            "true",
            r#""""#,
            r#""2026-01-01""#,
            r#""2026-01-01T00:00:00""#,
            r#""2025-02-29T00:00:00Z""#,
            r#""2026-13-01T00:00:00Z""#,
            r#""2026-00-01T00:00:00Z""#,
            r#""2026-01-01T24:00:00Z""#,
            r#""2026-01-01T00:00:00+0200""#,
            r#""+026-01-01T00:00:00Z""#,
            r#""2026-01-01T00:00:0éZ""#,
            r#""2026-01-01T00:00:00é""#,
        ] {
            check_time(json, None);
        }
    }

    #[test]
    fn counts_saturate_and_skip_what_is_no_count() {
        let check = |json: &str, expected: Option<u32>| {
            let object = line(&format!(r#"{{"n":{json},"m":"x"}}"#));
            assert_eq!(count(&object, &["m", "n"]), expected, "{json}");
        };
        check("0", Some(0));
        check("13", Some(13));
        check("13.9", Some(13));
        check("4294967295", Some(u32::MAX));
        check("1e300", Some(u32::MAX));
        check("-1", None);
        check(r#""13""#, None);
        check("[13]", None);
    }

    #[test]
    fn ids_and_names() {
        let ids = line(r#"{"s":"a","n":17,"f":1.5,"empty":"","null":null,"list":["a"]}"#);
        let read = |key| id(&ids, key).map(Cow::into_owned);
        assert_eq!(read("s"), Some("a".into()));
        assert_eq!(read("n"), Some("17".into()));
        assert_eq!(read("f"), Some("1.5".into()));
        for key in ["empty", "null", "list", "absent"] {
            assert_eq!(read(key), None, "{key}");
        }
        let named = |json| name(&line(json)).map(Cow::into_owned);
        assert_eq!(named(r#"{"name":"b","candidate_name":"a"}"#), Some("a".into()));
        assert_eq!(named(r#"{"name":7,"metadata":{"name":"c"}}"#), Some("c".into()));
        assert_eq!(named(r#"{"metadata":"c"}"#), None);
    }
}
