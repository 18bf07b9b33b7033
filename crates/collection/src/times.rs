//! When a star was given, as a query asks for it: days, or moments to the second, in UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

const MICROSECONDS: i64 = 1_000_000;
const DAY_SECONDS: i64 = 86_400;
/// As many characters as a date has, and a date with a time has more.
const DATE_CHARS: usize = 10;

/// From the first second to the last, both included; open where there is none. Seconds are counted
/// from 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Times {
    /// The first.
    pub from: Option<i64>,
    /// The last.
    pub to: Option<i64>,
}

impl Times {
    /// Reads `2026-03-01`, `2026-03-01..2026-03-07`, `2026-03-01T08:00:00Z..`; none when no moment
    /// could lie in it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let bound = |text: &str| match text {
            "" => Some(None),
            text => seconds(text).map(Some),
        };
        let from = bound(from)?.map(|(first, _)| first);
        let to = bound(to)?.map(|(_, last)| last);
        let is_empty = from.zip(to).is_some_and(|(from, to)| from > to);
        Some(Self { from, to }).filter(|times| !is_empty && (times.from, times.to) != (None, None))
    }

    /// Whether a moment lies in it, in microseconds from 1970-01-01 UTC. What could not be read is
    /// 0 and lies in none.
    pub fn contains(self, at: i64) -> bool {
        let second = at.div_euclid(MICROSECONDS);
        at != 0
            && self.from.is_none_or(|from| second >= from)
            && self.to.is_none_or(|to| second <= to)
    }
}

/// The first and the last second of a day, or of a moment.
fn seconds(text: &str) -> Option<(i64, i64)> {
    if text.len() == DATE_CHARS {
        let midnight = text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
        let first = midnight.timestamp().as_second();
        return Some((first, first + DAY_SECONDS - 1));
    }
    let second = text.parse::<Timestamp>().ok()?.as_second();
    Some((second, second))
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The last day there is ends behind the last moment that can be written.
        let said = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        let said = |bound: Option<i64>| bound.map_or(String::new(), |at| said(at).to_string());
        write!(f, "{}..{}", said(self.from), said(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = Times::read(text).map_or_else(|| "none".to_owned(), |times| times.to_string());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_day_is_whole_and_a_moment_is_a_second() {
        check("2026-03-01", "2026-03-01T00:00:00Z..2026-03-01T23:59:59Z");
        check("2026-02-28..2026-03-01", "2026-02-28T00:00:00Z..2026-03-01T23:59:59Z");
        check("2026-03-01..", "2026-03-01T00:00:00Z..");
        check("..2026-03-01T09:30:00+02:00", "..2026-03-01T07:30:00Z");
        check("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z..2026-03-01T08:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "..", "today", "2026-3-1", "2026-02-30", "2026-03-02..2026-03-01", "9"] {
            check(text, "none");
        }
        // Without a zone nobody knows when it was.
        check("2026-03-01T08:00:00", "none");
    }

    #[test]
    fn what_could_not_be_read_lies_nowhere() {
        let day = Times::read("1970-01-01..").expect("a day");
        assert!(day.contains(1));
        assert!(!day.contains(0));
        let second = Times::read("2025-10-29T12:34:56Z").expect("a moment");
        // Half a second later is still that second; see the journal's own times.
        assert!(second.contains(1_761_741_296_500_000));
        assert!(!second.contains(1_761_741_297_000_000));
    }
}
