//! The clock and the source of ids: rooms below get both as arguments.

use goldstar_collection::Ulid;
use jiff::Timestamp;

/// The time.
#[expect(clippy::disallowed_methods, reason = "here and in cli time comes in")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A time as stars carry it: RFC 3339, UTC, whole seconds.
pub fn text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A new idempotency key.
pub fn new_id() -> Ulid {
    Ulid::generate()
}

/// A number by chance.
pub(crate) fn luck() -> u64 {
    new_id().random() as u64
}
