//! Every operation of the disk fails once, and then for ever; what was acknowledged is there.

use crate::{open, star};
use goldstar_disk::{Faults, FaultyDisk, RealDisk};
use std::sync::Arc;

const STARS: u128 = 6;

/// Stars a few outputs on a disk with faults; gives the acknowledged ones, and how many
/// operations were asked for.
fn check(faults: Arc<Faults>) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let journal = open(&path, FaultyDisk::new(faults.clone()));
    let acknowledged: Vec<u128> =
        (0..STARS).filter(|n| journal.append(&[star(*n)]).is_ok()).collect();
    let reopened = open(&path, RealDisk);
    for n in &acknowledged {
        let record = format!("record-{n}");
        assert_eq!(reopened.state().of_record(&record).len(), 1, "{record} of {acknowledged:?}");
    }
    // Nothing that was not asked for is there, and starring goes on.
    assert!(reopened.state().stars() <= STARS as u64);
    reopened.append(&[star(100)]).unwrap();
    for n in 0..STARS {
        reopened.append(&[star(n)]).unwrap();
    }
    assert_eq!(reopened.state().stars(), STARS as u64 + 1);
    assert_eq!(open(&path, RealDisk).state().stars(), STARS as u64 + 1);
    faults.count()
}

#[test]
fn every_fault_once_and_for_ever() {
    let operations = check(Faults::once(u64::MAX));
    assert!(operations > 3 * STARS as u64, "the loop must meet every operation");
    for n in 1..=operations {
        check(Faults::once(n));
        check(Faults::from(n));
    }
}

#[test]
fn a_failed_sync_ends_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    // Opened, locked, appended, synced: the fourth fails.
    let journal = open(&path, FaultyDisk::new(Faults::once(4)));
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
    let journal = open(&path, FaultyDisk::new(Faults::once(3)));
    let error = journal.append(&[star(1)]).unwrap_err().to_string();
    assert!(error.contains("could not be synced"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
}
