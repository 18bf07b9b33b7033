//! The journal as a file among other writers: one test program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod acts;
mod faults;
mod together;

use goldstar_journal::{Journal, Kind, NewClaim, Score, Seen, Star, Step, Ulid};
use std::path::Path;
use std::sync::Arc;

/// Names a text well enough for tests.
fn hash(text: &str) -> u64 {
    text.bytes().fold(7, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn open(path: &Path, disk: impl goldstar_disk::Disk + 'static) -> Journal {
    Journal::open(path, Arc::new(disk), hash).unwrap()
}

/// The star number `n`.
fn star(n: u128) -> Step {
    Step::Star(Star {
        custom_id: format!("record-{n}"),
        candidate_name: "Zoë".into(),
        llm_output: format!("output {n}\nof two lines"),
        quality_score: Score::new(9).unwrap(),
        tags: vec!["a".into()],
        notes: String::new(),
        starred_by: "ann".into(),
        starred_at: "2026-11-22T10:00:00Z".into(),
        model: Some("m".into()),
        choice: 0,
        kind: Kind::Human,
        accepted: None,
        seen: Seen::default(),
        id: Some(Ulid::from(n + 1)),
        input_hash: None,
        output_hash: None,
    })
}

/// Whether a reviewer could claim the record number `n`, at a time within an hour.
fn claim(journal: &Journal, by: &str, n: u128, minute: u32) -> bool {
    let at = |minute: u32| format!("2026-11-22T10:{minute:02}:00Z");
    let new = NewClaim {
        custom_id: format!("record-{n}"),
        starred_by: by.into(),
        starred_at: at(minute),
        until: at(minute + 10),
    };
    journal.claim(&new, Ulid::from(5000 + u128::from(minute))).is_ok()
}
