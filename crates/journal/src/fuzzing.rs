//! The door for the fuzz target in `fuzz/`: whatever lines come, the fold holds together.

use crate::entry::Place;
use crate::line::{Beside, Event, Step, claim_line, read_line, step_line};
use crate::state::State;
use std::collections::BTreeSet;
use ulid::Ulid;

/// A journal: every line is folded, no count is off, and a star is read as it was written.
pub fn journal(bytes: &[u8]) {
    let state = folded(bytes);
    assert_eq!(state.scores().iter().sum::<u64>(), state.stars(), "every star has a score");
    assert_eq!(state.all().len() as u64, state.stars(), "every star is of a record");
    let records: BTreeSet<_> = state.records().collect();
    let stars: usize = records.iter().map(|record| state.of_record(record).len()).sum();
    assert_eq!(stars as u64, state.stars());
    let claimed: BTreeSet<_> = state.claims(0).map(|claim| &claim.custom_id).collect();
    assert_eq!(claimed.len(), state.claims(0).count(), "a record is one reviewer's");
    assert!(state.blemishes().iter().all(|blemish| (1..=state.lines()).contains(&blemish.line)));
    for line in bytes.split(|byte| *byte == b'\n') {
        written_again(line);
    }
}

fn folded(bytes: &[u8]) -> State {
    let mut state = State::default();
    let (mut offset, mut number) = (0, 0);
    for line in bytes.split(|byte| *byte == b'\n') {
        number += 1;
        let place = Place { offset, length: line.len() as u32, line: number };
        state.fold(read_line(line), place, |text| text.len() as u64, &mut Vec::new());
        offset += line.len() as u64 + 1;
    }
    state
}

/// What is read from a line and written is read as the same again.
fn written_again(line: &[u8]) {
    let Ok(Some(read)) = read_line(line) else { return };
    let step = match read.event {
        Event::Star(star) => Step::Star(star),
        Event::Unstar(star) => Step::Unstar(star),
        Event::Claim(claim) => {
            let written = claim_line(&claim, Ulid::from_parts(1, 1));
            let again = read_line(written.as_bytes()).expect("our own line").map(|line| line.event);
            return assert_eq!(again, Some(Event::Claim(claim)));
        }
        _ => return,
    };
    let written = step_line(&step, Beside::default());
    let again = read_line(written.as_bytes()).expect("our own line").expect("it is not blank");
    match (&step, &again.event) {
        (Step::Star(star), Event::Star(same)) | (Step::Unstar(star), Event::Unstar(same)) => {
            assert_eq!(star, same);
        }
        (step, other) => panic!("{step:?} became {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/journal");
        let entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
        assert!(entries.len() > 3);
        for entry in entries {
            journal(&std::fs::read(entry.path()).unwrap());
        }
    }
}
