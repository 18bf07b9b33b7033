//! Every operation of the disk fails in every way, once and for ever, and the machine crashes
//! behind it; what was acknowledged is there.

use crate::{claim, open, star};
use goldstar_disk::{Fault, Faults, FaultyDisk, Left, RealDisk, every_fault};
use goldstar_journal::{Journal, NewAct, NewReversal, Reversal, Step, Ulid, What};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

const STARS: u128 = 4;

/// Stars a few outputs on a disk with faults that then crashes, and again while the journal is
/// opened after that: what was acknowledged is there, and nothing that nobody asked for.
fn check(faults: Arc<Faults>, left: Left) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, FaultyDisk::new(faults.clone()));
    let mut acknowledged: Vec<u128> =
        (0..STARS).filter(|n| journal.append(&[star(*n)]).is_ok()).collect();
    drop(journal);
    faults.crash(left).unwrap();
    for n in 1..4 {
        let faults = Faults::from(n, Fault::Short);
        let recovering = open(&path, FaultyDisk::new(faults.clone()));
        if recovering.append(&[star(200 + n as u128)]).is_ok() {
            acknowledged.push(200 + n as u128);
        }
        drop(recovering);
        faults.crash(left).unwrap();
    }
    let reopened = open(&path, RealDisk);
    for n in &acknowledged {
        let record = format!("record-{n}");
        assert_eq!(reopened.state().of_record(&record).len(), 1, "{record} of {acknowledged:?}");
    }
    let is_meant = |n: u128| n < STARS || (201..204).contains(&n);
    let known = (0..300).filter(|n| !reopened.state().of_record(&format!("record-{n}")).is_empty());
    assert!(known.into_iter().all(is_meant));
    // Starring goes on, and what is sent again is there once.
    reopened.append(&[star(100)]).unwrap();
    for n in (0..STARS).chain(201..204) {
        reopened.append(&[star(n)]).unwrap();
    }
    assert_eq!(reopened.state().stars(), STARS as u64 + 4);
    assert_eq!(open(&path, RealDisk).state().stars(), STARS as u64 + 4);
    whole_lines(&path);
}

/// Every line is a star as it was written, or was torn and sealed.
fn whole_lines(path: &Path) {
    // There is none when it could never be opened.
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let torn = text.lines().filter(|line| !line.ends_with('}') || !line.starts_with('{'));
    let blemishes = open(path, RealDisk).blemishes().len();
    assert!(torn.count() <= blemishes, "{text}");
}

#[test]
fn every_fault_and_every_crash() {
    let count = every_fault(check);
    println!("appending: {count} faults and crashes");
    assert!(count > 3 * 18 * STARS as u64, "the loop must meet every operation: {count}");
}

/// Eight at once, who share writes and syncs.
fn check_group(faults: Arc<Faults>, left: Left) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, FaultyDisk::new(faults.clone()));
    let acknowledged: Vec<u128> = std::thread::scope(|scope| {
        let journal = &journal;
        let stars = |by: u128| (0..2).map(move |n| 10 * by + n);
        let all: Vec<_> = (0..8)
            .map(|by| {
                let ok = move || stars(by).filter(|n| journal.append(&[star(*n)]).is_ok());
                scope.spawn(move || ok().collect::<Vec<_>>())
            })
            .collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    drop(journal);
    faults.crash(left).unwrap();
    let reopened = open(&path, RealDisk);
    let missing = |n: &&u128| reopened.state().of_record(&format!("record-{n}")).len() != 1;
    assert_eq!(acknowledged.iter().find(missing), None, "of {acknowledged:?}");
    assert!(reopened.state().stars() <= 16);
    whole_lines(&path);
}

#[test]
fn every_fault_while_many_star() {
    let count = every_fault(check_group);
    println!("group commit: {count} faults and crashes");
}

#[test]
fn a_failed_sync_ends_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    // Opened, locked, appended, synced: the fourth fails.
    let journal = open(&path, FaultyDisk::new(Faults::once(4, Fault::Refused)));
    let error = journal.append(&[star(1)]).unwrap_err().to_string();
    assert!(error.contains("could not be synced"), "{error}");
    assert!(journal.append(&[star(2)]).is_err());
    assert!(open(&path, RealDisk).append(&[star(2)]).is_ok());
}

#[test]
fn a_line_that_is_there_already_is_acknowledged_only_when_it_is_synced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    open(&path, RealDisk).append(&[star(1)]).unwrap();
    // Opened, locked, and nothing to write: the third is the sync.
    let journal = open(&path, FaultyDisk::new(Faults::once(3, Fault::Refused)));
    let error = journal.append(&[star(1)]).unwrap_err().to_string();
    assert!(error.contains("could not be synced"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
}

/// Writes a bulk act of several lots; whether that was acknowledged.
fn bulk(journal: &Journal, act: u128, score_of: i64) -> bool {
    let header = NewAct {
        id: Ulid::from(act),
        what: What::Star,
        starred_by: "ann".into(),
        at: "2026-11-22T11:00:00Z".into(),
        is_bulk: true,
        reversal: None,
    };
    let Ok(mut writing) = journal.begin(header, Ulid::from(act + 100)) else { return false };
    let all_in = (0..STARS).all(|n| {
        let Step::Star(mut star) = star(n) else { unreachable!() };
        star.id = Some(Ulid::from(act + 200 + n));
        star.quality_score = goldstar_journal::Score::new(score_of).unwrap();
        writing.push(Step::Star(star)).is_ok() && (n % 3 > 0 || writing.flush().is_ok())
    });
    let end = Ulid::from(act + 300);
    if all_in {
        writing.close(end, Arc::new(|_| Ok(()))).is_ok()
    } else {
        writing.cancel(end).ok();
        false
    }
}

fn undo(journal: &Journal, act: u128, id: u128) -> bool {
    let next = Cell::new(id + 1);
    let new = NewReversal {
        starred_by: "ann".into(),
        of: Reversal::Undoes(Ulid::from(act)),
        id: Ulid::from(id),
        at: "2026-11-22T12:00:00Z".into(),
    };
    journal.reverse(&new, || Ulid::from(next.replace(next.get() + 1))).is_ok()
}

/// How many of the stars have score 3, 5 and 9.
fn of_scores(path: &Path) -> [u64; 3] {
    let journal = open(path, RealDisk);
    let scores = journal.state().scores();
    [scores[2], scores[4], scores[8]]
}

/// Stars, stars all of it in bulk twice and takes the second back, on a disk with faults that then
/// crashes: each is done whole or not at all.
fn check_acts(faults: Arc<Faults>, left: Left) {
    const ALL: u64 = STARS as u64;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    open(&path, RealDisk).append(&(0..STARS).map(star).collect::<Vec<_>>()).unwrap();
    let journal = open(&path, FaultyDisk::new(faults.clone()));
    let first = bulk(&journal, 10_000, 5);
    let second = bulk(&journal, 20_000, 3);
    let undone = undo(&journal, 20_000, 30_000);
    drop(journal);
    faults.crash(left).unwrap();
    let found = of_scores(&path);
    assert_eq!(found.iter().filter(|count| **count == ALL).count(), 1, "all or nothing: {found:?}");
    // What failed may have arrived all the same, but what was acknowledged is there.
    if undone {
        assert_eq!(found[0], 0, "what was taken back");
    } else if first || second {
        assert_eq!(found[2], 0, "what was there before");
    }
    // And it goes on.
    let journal = open(&path, RealDisk);
    assert!(bulk(&journal, 40_000, 3) && undo(&journal, 40_000, 50_000));
    assert_eq!(of_scores(&path), found);
    whole_lines(&path);
}

#[test]
fn every_fault_during_bulk_and_undo() {
    let count = every_fault(check_acts);
    println!("bulk and undo: {count} faults and crashes");
    assert!(count > 30 * 18, "the loop must meet every operation: {count}");
}

/// Whoever stars claims each record first, on a disk with faults that then crashes: no star that
/// was acknowledged is lost for it, a claim that was is there, and none is torn.
fn check_claims(faults: Arc<Faults>, left: Left) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, FaultyDisk::new(faults.clone()));
    let mut acknowledged = Vec::new();
    for n in 0..STARS {
        claim(&journal, "ann", n, n as u32);
        if journal.append(&[star(n)]).is_ok() {
            acknowledged.push(n);
        }
    }
    let last = claim(&journal, "ann", 50, 30);
    drop(journal);
    faults.crash(left).unwrap();
    let reopened = open(&path, RealDisk);
    let missing = |n: &&u128| reopened.state().of_record(&format!("record-{n}")).len() != 1;
    assert_eq!(acknowledged.iter().find(missing), None, "of {acknowledged:?}");
    assert!(reopened.state().stars() <= STARS as u64);
    let half_past = 1_795_343_400_000_000; // 2026-11-22T10:30:00Z
    let held = |journal: &Journal| -> Vec<String> {
        journal.state().claims(half_past).map(|claim| claim.custom_id.to_string()).collect()
    };
    assert!(!last || held(&reopened) == ["record-50"], "a claim that was acknowledged");
    // Claiming goes on.
    assert!(claim(&reopened, "ann", 60, 31));
    assert_eq!(held(&reopened), ["record-60"]);
    whole_lines(&path);
}

#[test]
fn every_fault_while_one_claims() {
    let count = every_fault(check_claims);
    println!("claims: {count} faults and crashes");
    assert!(count > 6 * 18 * STARS as u64, "the loop must meet every operation: {count}");
}
