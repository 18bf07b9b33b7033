//! A star as the fold keeps it, and where its line stands.

use crate::seen::Seen;
use crate::star::Kind;
use std::sync::Arc;
use ulid::Ulid;

/// A current star without its text, which is read from the journal on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record.
    pub custom_id: Arc<str>,
    /// The model; absent in lines of the old tool.
    pub model: Option<Arc<str>>,
    /// The choice.
    pub choice: u16,
    /// From 1 to 10.
    pub quality_score: u8,
    /// In the order in which they were given.
    pub tags: Arc<[Arc<str>]>,
    /// Free text.
    pub notes: Arc<str>,
    /// Who judged.
    pub starred_by: Arc<str>,
    /// When, as written.
    pub starred_at: Arc<str>,
    /// When, microseconds since 1970-01-01 UTC; 0 when what is written is no time.
    pub at: i64,
    /// A person or an agent.
    pub kind: Kind,
    /// The idempotency key.
    pub id: Option<Ulid>,
    /// The agent's star that a person made their own by this one.
    pub accepted: Option<Ulid>,
    /// How the output stood before the reviewer.
    pub seen: Seen,
    /// Hash of the text that was judged.
    pub text_hash: u64,
    /// Its line.
    pub place: Place,
    /// Start of the line that said this first; one that was taken away and has come back by an undo
    /// is the same star.
    pub origin: u64,
}

/// A line in the journal's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Byte of its start.
    pub offset: u64,
    /// Bytes, without the newline.
    pub length: u32,
    /// From 1.
    pub line: u64,
}

impl Entry {
    /// Whether a later line of the same record speaks of the same output by the same reviewer.
    pub(crate) fn is_replaced_by(&self, later: &Self) -> bool {
        self.starred_by == later.starred_by
            && match (&self.model, &later.model) {
                (Some(_), Some(_)) => (&self.model, self.choice) == (&later.model, later.choice),
                // One of the two is an old tool's line: the text says which output it means.
                _ => self.text_hash == later.text_hash,
            }
    }
}

/// The number in `xxh3:0123456789abcdef`.
pub(crate) fn parse_hash(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("xxh3:")?, 16).ok()
}

/// The time in an RFC 3339 text, or in the old tool's form without a zone, which is UTC.
pub(crate) fn microseconds(text: &str) -> i64 {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return time.as_microsecond();
    }
    let civil = text.parse::<jiff::civil::DateTime>().ok();
    let zoned = civil.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC).ok());
    zoned.map_or(0, |time| time.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_old_tool() {
        assert_eq!(microseconds("2025-10-29T12:34:56Z"), 1_761_741_296_000_000);
        assert_eq!(microseconds("2025-10-29T12:34:56.5"), 1_761_741_296_500_000);
        assert_eq!(microseconds("2025-10-29 12:34:56"), 1_761_741_296_000_000);
        assert_eq!(microseconds("2025-10-29T14:34:56+02:00"), 1_761_741_296_000_000);
        assert_eq!(microseconds("yesterday"), 0);
    }
}
