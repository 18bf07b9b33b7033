//! The kept index: used when it fits, never believed when it does not.

use crate::{Folder, blemishes, request, result, shown};
use goldstar_catalog::NameRule;
use goldstar_disk::{Disk, Faults, FaultyDisk, Left, RealDisk, every_fault};
use std::path::PathBuf;
use std::sync::Arc;

fn index_files(folder: &Folder) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.path().join(".goldstar/index")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn small() -> Folder {
    let folder = Folder::new();
    folder
        .put_lines("output/a.jsonl", &[result("q1", "m", "one"), result("q2", "n", "two")])
        .put_lines("input/a.jsonl", &[request("q1", "m", "Name: Zoë")]);
    folder
}

#[test]
fn a_second_opening_reads_no_batch() {
    let folder = small();
    let first = shown(&folder.open());
    let again = folder.open();
    assert_eq!(again.status().reused, 2);
    assert_eq!(shown(&again), first);
    assert_eq!(again.status().bytes_done, again.status().bytes_total);
}

#[test]
fn blemishes_are_remembered() {
    let folder = small();
    folder.append("output/a.jsonl", b"nope\n");
    let first = blemishes(&folder.open());
    assert_eq!(first.len(), 1);
    assert_eq!(blemishes(&folder.open()), first);
}

#[test]
fn a_batch_that_grew_costs_its_new_lines() {
    let folder = small();
    folder.open();
    let line = format!("{}\n", result("q3", "o", "three"));
    // In two parts, as a job writes: the first is unfinished, and is read again later.
    folder.append("output/a.jsonl", &line.as_bytes()[..20]);
    let catalog = folder.open();
    assert_eq!(catalog.status().records, 2);
    assert_eq!(blemishes(&catalog).len(), 1);
    assert_eq!(blemishes(&folder.open()).len(), 1);
    folder.append("output/a.jsonl", &line.as_bytes()[20..]);
    let catalog = folder.open();
    assert_eq!(shown(&catalog)[2], "q3 | o/0 ok three");
    assert_eq!(catalog.record("q3").unwrap().outputs[0].place.line, 3);
    assert_eq!(blemishes(&catalog), [] as [String; 0]);
    let reopened = folder.open();
    assert_eq!((reopened.status().reused, shown(&reopened)), (2, shown(&catalog)));
}

#[test]
fn a_batch_that_was_replaced_is_read_again() {
    let folder = small();
    folder.open();
    let longer = [result("q7", "m", "a longer text than before"), result("q8", "m", "y")];
    folder.put_lines("output/a.jsonl", &longer);
    assert_eq!(shown(&folder.open()), ["q7 | m/0 ok a longer text than before", "q8 | m/0 ok y"]);
}

#[test]
fn another_rule_for_names_is_another_index() {
    let folder = small();
    folder.open();
    let rule = NameRule { pointer: Some("/custom_id".into()), regex: None };
    let catalog = folder.open_with(rule);
    assert_eq!((catalog.status().reused, &*catalog.record("q1").unwrap().name), (0, "q1"));
}

#[test]
fn a_damaged_index_is_made_again_and_said_so() {
    let folder = small();
    let expected = shown(&folder.open());
    for path in index_files(&folder) {
        let whole = std::fs::read(&path).unwrap();
        let cuts = (0..whole.len()).step_by(61).map(|at| whole[..at].to_vec());
        let flips = (0..whole.len()).step_by(67).map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            bytes
        });
        for damaged in cuts.chain(flips) {
            RealDisk.replace(&path, &mut |file| file.write_all(&damaged)).unwrap();
            let catalog = folder.open();
            assert_eq!(shown(&catalog), expected);
            let said = blemishes(&catalog);
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].contains(" was damaged; "), "{said:?}");
            assert_eq!(blemishes(&folder.open()), [] as [String; 0]);
        }
    }
}

#[test]
fn without_its_caches_nothing_is_lost() {
    let folder = small();
    let expected = shown(&folder.open());
    for path in index_files(&folder) {
        RealDisk.remove(&path).unwrap();
    }
    assert_eq!(shown(&folder.open()), expected);
}

#[test]
fn batches_that_come_grow_change_or_go_are_seen_without_opening_again() {
    let folder = small();
    let catalog = folder.open();
    assert!(!catalog.refresh(), "nothing has changed");
    let before = catalog.status().revision;
    folder.append("output/a.jsonl", format!("{}\n", result("q3", "m", "three")).as_bytes());
    folder.put_lines("output/b.jsonl", &[result("q1", "o", "eins")]);
    assert!(catalog.refresh());
    let grown = ["q1 (Zoë) | m/0 ok one | o/0 ok eins", "q2 | n/0 ok two", "q3 | m/0 ok three"];
    assert_eq!(shown(&catalog), grown);
    assert!(catalog.status().is_ready && catalog.status().revision > before);
    assert_eq!(catalog.status().reused, 1, "the requests were not read again");
    assert_eq!(shown(&folder.open()), grown);
    remove(&folder, "output/a.jsonl");
    assert!(catalog.refresh());
    assert_eq!(shown(&catalog), ["q1 (Zoë) | o/0 ok eins"]);
    assert!(!catalog.refresh());
}

#[test]
fn what_is_wrong_is_said_once_when_all_is_joined_anew() {
    let folder = small();
    let nowhere = folder.path().join("batches/output/nowhere.jsonl");
    std::os::unix::fs::symlink("gone.jsonl", nowhere).unwrap();
    let catalog = folder.open();
    let before = blemishes(&catalog);
    assert_eq!(before.len(), 1, "{before:?}");
    folder.put_lines("output/a.jsonl", &[result("q7", "m", "a longer text than before")]);
    assert!(catalog.refresh());
    assert_eq!(blemishes(&catalog), before);
}

fn remove(folder: &Folder, name: &str) {
    RealDisk.remove(&folder.path().join("batches").join(name)).unwrap();
}

/// Indexes a folder, one of whose batches is packed, on a disk with faults that then crashes.
fn check_faults(faults: Arc<Faults>, left: Left) {
    let folder = small();
    let packed = zstd::encode_all(format!("{}\n", result("q9", "m", "nine")).as_bytes(), 1);
    folder.put("output/b.jsonl.zst", packed.unwrap());
    folder.open_on(FaultyDisk::new(faults.clone()));
    faults.crash(left).unwrap();
    let expected = ["q1 (Zoë) | m/0 ok one", "q2 | n/0 ok two", "q9 | m/0 ok nine"];
    assert_eq!(shown(&folder.open()), expected);
    assert_eq!(blemishes(&folder.open()), [] as [String; 0]);
}

#[test]
fn every_fault_and_every_crash_while_indexing() {
    let count = every_fault(check_faults);
    println!("indexing: {count} faults and crashes");
}
