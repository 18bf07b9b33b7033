//! Every operation of the disk fails while a dataset is made, and the machine crashes behind it.

use crate::{collection, open, star};
use goldstar_dataset::{Format, Recipe, export, export_to};
use goldstar_disk::{Faults, FaultyDisk, Left, RealDisk, every_fault};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn recipe() -> Recipe {
    Recipe::of(Format::Icl)
}

/// The datasets in a folder are whole, each with its manifest; what others left is not looked at.
fn whole(folder: &Path, expected: &[u8]) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let names: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    let of = |ending: &str| {
        let is_meant = |path: &&PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            !name.starts_with('.') && name.ends_with(ending)
        };
        names.iter().filter(is_meant).cloned().collect::<Vec<_>>()
    };
    for path in of(".jsonl") {
        assert_eq!(fs::read(&path).unwrap(), expected, "{}", path.display());
    }
    for path in of(".manifest.json") {
        serde_json::from_slice::<serde_json::Value>(&fs::read(&path).unwrap()).unwrap();
    }
    of(".jsonl").len()
}

fn check(faults: Arc<Faults>, left: Left) {
    let folder = tempfile::tempdir().unwrap();
    let real = collection(folder.path());
    star(&real, "q1", "ann", 9, 1, "t");
    star(&real, "q2", "ann", 8, 2, "t");
    let expected = export_to(&real, &recipe(), &folder.path().join("expected.jsonl")).unwrap();
    let bytes = fs::read(folder.path().join("expected.jsonl")).unwrap();
    assert_eq!(expected.bytes, bytes.len() as u64);
    drop(real);

    let exports = folder.path().join("gold_star/exports");
    let faulty = open(folder.path(), FaultyDisk::new(faults.clone()));
    let first = export(&faulty, &recipe(), "20261122_101112");
    let again = export(&faulty, &recipe(), "20261122_101112");
    drop(faulty);
    faults.crash(left).unwrap();
    let acknowledged = [&first, &again].into_iter().flatten().count();
    let found = whole(&exports, &bytes);
    assert!((acknowledged..=2).contains(&found), "{found} datasets, {acknowledged} acknowledged");
    for done in [first, again].into_iter().flatten() {
        assert_eq!(fs::read(&done.path).unwrap(), bytes);
        assert!(done.path.with_extension("manifest.json").is_file());
    }
    // And it goes on, with the same stars.
    let reopened = open(folder.path(), RealDisk);
    let done = export(&reopened, &recipe(), "20261122_101113").unwrap();
    assert_eq!(fs::read(done.path).unwrap(), bytes);
}

#[test]
fn every_fault_and_every_crash_while_exporting() {
    let count = every_fault(check);
    println!("exporting: {count} faults and crashes");
}
