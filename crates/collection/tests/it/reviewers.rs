//! Every operation of the disk fails while reviewers come and go, and the machine crashes then.

use goldstar_collection::{NewReviewer, Reviewers, ReviewersFile, Role};
use goldstar_disk::{Faults, FaultyDisk, Left, RealDisk, every_fault};
use std::sync::Arc;

fn new(name: &str) -> NewReviewer {
    let [token_id, token_hash, at] = ["id of", "hash of", "when"].map(|of| format!("{of} {name}"));
    NewReviewer { name: name.to_owned(), role: Role::Reviewer, token_id, token_hash, at }
}

fn check(faults: Arc<Faults>, left: Left) {
    let folder = tempfile::tempdir().unwrap();
    let reopened = || ReviewersFile::of(folder.path());
    let may_enter = |now: &Reviewers, name: &str| now.with_token(&new(name).token_id).is_some();
    reopened().add(&RealDisk, new("ada")).unwrap();
    let (file, disk) = (reopened(), FaultyDisk::new(faults.clone()));
    let is_added = file.add(&disk, new("bo")).is_ok();
    let is_revoked = file.revoke(&disk, "ada", "later").is_ok();
    drop((file, disk));
    faults.crash(left).unwrap();
    let holds = || {
        let now = reopened().now().unwrap();
        assert!(now.is_configured());
        assert!(!is_added || may_enter(&now, "bo"), "bo was added, and is out");
        assert!(!is_revoked || !may_enter(&now, "ada"), "ada was revoked, and is in");
        let names: Vec<_> = now.all().map(|known| known.name.clone()).collect();
        assert!(names.iter().all(|name| ["ada", "bo", "eve"].contains(&&**name)), "{names:?}");
        now
    };
    holds();
    // Whatever was left behind, the next one is let in.
    reopened().add(&RealDisk, new("eve")).unwrap();
    assert!(may_enter(&holds(), "eve"));
}

#[test]
fn every_fault_and_every_crash_while_reviewers_come_and_go() {
    let count = every_fault(check);
    println!("{count} faults and crashes");
    assert!(count > 100, "{count}");
}
