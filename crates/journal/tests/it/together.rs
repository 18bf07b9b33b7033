//! Several writers at once, other programs among them.

use crate::{claim, open, star};
use goldstar_disk::{Disk, RealDisk};
use goldstar_journal::Appended;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

const OLD_LINE: &str = r#"{"custom_id": "old", "candidate_name": "", "llm_output": "x", "quality_score": 8, "tags": [], "notes": "", "starred_by": "bo", "starred_at": "2025-01-01T00:00:00Z"}"#;

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gold_star/starred.jsonl");
    (folder, path)
}

#[expect(clippy::disallowed_methods, reason = "another program that knows nothing of locks")]
fn append_as_others_do(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn threads_share_writes_and_lose_nothing() {
    let (_folder, path) = folder();
    let journal = open(&path, RealDisk);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let journal = &journal;
            scope.spawn(move || {
                for n in 0..50 {
                    journal.append(&[star(thread * 50 + n)]).unwrap();
                }
            });
        }
    });
    assert_eq!(journal.state().stars(), 800);
    assert_eq!(open(&path, RealDisk).state().stars(), 800);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 800);
}

#[test]
fn two_journals_and_an_old_tool_on_one_file() {
    let (_folder, path) = folder();
    let (one, two) = (open(&path, RealDisk), open(&path, RealDisk));
    for n in 0..20 {
        one.append(&[star(2 * n)]).unwrap();
        two.append(&[star(2 * n + 1)]).unwrap();
        append_as_others_do(&path, &format!("{}\n", OLD_LINE.replace("old", &format!("o{n}"))));
    }
    for journal in [&one, &two] {
        journal.follow().unwrap();
        assert_eq!(journal.state().stars(), 60);
        assert_eq!(journal.blemishes(), []);
    }
}

#[test]
fn the_same_id_is_written_once_whoever_sends_it() {
    let (_folder, path) = folder();
    let (one, two) = (open(&path, RealDisk), open(&path, RealDisk));
    let appended = [&one, &two, &one].map(|journal| journal.append(&[star(1)]).unwrap());
    assert_eq!(appended, [Appended::New, Appended::Known, Appended::Known]);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
}

#[test]
fn the_same_id_at_the_same_time_is_written_once() {
    let (_folder, path) = folder();
    let journal = open(&path, RealDisk);
    let is_new = |n: &u128| journal.append(&[star(*n)]).unwrap() == Appended::New;
    let new: usize = std::thread::scope(|scope| {
        let all: Vec<_> =
            (0..16).map(|_| scope.spawn(|| (0..100).filter(is_new).count())).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(new, 100);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 100);
}

#[test]
fn a_line_that_never_ends_keeps_nobody_for_ever() {
    let (_folder, path) = folder();
    append_as_others_do(&path, "{\"custom_id\": \"drip");
    let journal = open(&path, RealDisk);
    let is_starred = || std::fs::read_to_string(&path).unwrap().contains("record-1");
    std::thread::scope(|scope| {
        scope.spawn(|| journal.append(&[star(1)]).unwrap());
        for drops in 0.. {
            if is_starred() {
                break;
            }
            assert!(drops < 1000, "it waits for the line to end");
            assert_eq!(journal.blemishes().len(), 1, "others are answered meanwhile");
            append_as_others_do(&path, "x");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    assert_eq!(journal.state().stars(), 1);
}

#[test]
fn a_journal_that_is_let_go_writes_what_it_was_given_first() {
    let (_folder, path) = folder();
    let (done, outcomes) = channel();
    let journal = open(&path, RealDisk);
    for n in 0..100 {
        let done = done.clone();
        journal.append_then(star(n), None, move |_, outcome| done.send(outcome.unwrap()).unwrap());
    }
    drop((journal, done));
    assert_eq!(outcomes.into_iter().filter(|appended| *appended == Appended::New).count(), 100);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 100);
}

#[test]
fn who_hears_of_a_star_may_be_the_last_to_hold_the_journal() {
    let (_folder, path) = folder();
    let journal = Arc::new(open(&path, RealDisk));
    let (done, outcome) = channel();
    let (let_go, is_let_go) = channel();
    let held = Mutex::new(Some((journal.clone(), is_let_go)));
    journal.listen(move |_| {
        if let Some((journal, is_let_go)) = held.lock().unwrap().take() {
            is_let_go.recv().unwrap();
            assert_eq!(Arc::strong_count(&journal), 1);
        }
    });
    journal.append_then(star(1), None, move |_, outcome| done.send(outcome.is_ok()).unwrap());
    drop(journal);
    let_go.send(()).unwrap();
    assert!(outcome.recv().unwrap());
}

#[test]
fn a_torn_tail_is_sealed_and_stays() {
    let (_folder, path) = folder();
    append_as_others_do(&path, &format!("{OLD_LINE}\n{{\"custom_id\": \"torn"));
    let journal = open(&path, RealDisk);
    assert_eq!(journal.state().stars(), 1);
    assert_eq!(journal.blemishes().len(), 1);
    journal.append(&[star(1)]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[1], "{\"custom_id\": \"torn");
    assert_eq!((lines.len(), journal.state().stars()), (3, 2));
    assert_eq!(journal.blemishes().iter().map(|b| b.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_whole_last_line_counts_though_nothing_ends_it() {
    let (_folder, path) = folder();
    append_as_others_do(&path, OLD_LINE);
    let journal = open(&path, RealDisk);
    assert_eq!(journal.state().stars(), 1);
    assert_eq!(journal.blemishes(), []);
    let other = OLD_LINE.replace("old", "other");
    append_as_others_do(&path, &format!("\n{other}\n{}", OLD_LINE.replace("old", "third")));
    journal.follow().unwrap();
    assert_eq!(journal.state().stars(), 3);
    journal.append(&[star(1)]).unwrap();
    assert_eq!(journal.state().stars(), 4);
    assert_eq!(journal.state().all().last().unwrap().place.line, 4);
    assert_eq!(open(&path, RealDisk).state().stars(), 4);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 4);
}

#[test]
fn a_long_line_that_comes_in_two_parts_is_waited_for() {
    let (_folder, path) = folder();
    let (first, second) = OLD_LINE.split_at(40);
    append_as_others_do(&path, first);
    let journal = open(&path, RealDisk);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| journal.append(&[star(1)]));
        std::thread::sleep(std::time::Duration::from_millis(50));
        append_as_others_do(&path, &format!("{second}\n"));
        writer.join().unwrap().unwrap();
    });
    assert_eq!(journal.state().stars(), 2);
    assert_eq!(journal.blemishes(), []);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "another program puts an older file in place")]
fn a_journal_that_is_replaced_is_read_anew() {
    let (folder, path) = folder();
    let journal = open(&path, RealDisk);
    journal.append(&[star(1)]).unwrap();
    journal.append(&[star(2)]).unwrap();
    let other = folder.path().join("other");
    append_as_others_do(&other, &format!("{OLD_LINE}\n"));
    std::fs::rename(&other, &path).unwrap();
    journal.append(&[star(3)]).unwrap();
    assert_eq!(journal.state().stars(), 2);
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a person edits the file in place")]
fn a_journal_that_is_edited_in_place_is_read_anew() {
    let (_folder, path) = folder();
    let journal = open(&path, RealDisk);
    for n in 0..3 {
        journal.append(&[star(n)]).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let scores = || journal.state().scores();
    std::thread::sleep(std::time::Duration::from_millis(20)); // the file's clock ticks coarsely
    std::fs::write(&path, text.replacen("\"quality_score\":9", "\"quality_score\":8", 1)).unwrap();
    journal.follow().unwrap();
    assert_eq!((scores()[7], scores()[8]), (1, 2), "the same length");
    std::fs::write(&path, text.replace("\"notes\":\"\"", "\"notes\":\"by hand\"")).unwrap();
    journal.append(&[star(3)]).unwrap();
    assert_eq!((scores()[8], journal.blemishes()), (4, vec![]), "longer");
    for entry in journal.state().all() {
        assert!(journal.star(entry.place).is_ok());
    }
    std::fs::write(&path, "").unwrap();
    journal.follow().unwrap();
    let said = journal.blemishes();
    assert!(said[0].what.contains("had 4 lines and has 0 now"), "{said:?}");
    RealDisk.remove(&path).unwrap();
    journal.append(&[star(4)]).unwrap();
    assert_eq!(journal.state().stars(), 1);
}

#[test]
fn opening_and_reading_writes_nothing() {
    let (_folder, path) = folder();
    let journal = open(&path, RealDisk);
    assert_eq!(journal.state().stars(), 0);
    assert!(!path.exists());
}

#[test]
fn two_programs_agree_on_who_claimed_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("starred.jsonl");
    let (ours, theirs) = (open(&path, RealDisk), open(&path, RealDisk));
    assert!(claim(&ours, "ann", 1, 0) && claim(&theirs, "ben", 1, 1));
    let before = ours.revision();
    ours.follow().unwrap();
    let five_past = 1_795_341_900_000_000; // 2026-11-22T10:05:00Z
    for journal in [&ours, &theirs] {
        let state = journal.state();
        let held: Vec<_> = state.claims(five_past).map(|c| &*c.starred_by).collect();
        assert_eq!(held, ["ann"]);
    }
    assert_eq!(ours.revision(), before, "no star has changed");
}

#[test]
fn who_panics_while_hearing_of_a_star_ends_writing_and_nobody_waits_for_ever() {
    let (_folder, path) = folder();
    let journal = open(&path, RealDisk);
    journal.listen(|_| panic!("a defect, on purpose"));
    for n in [1, 2] {
        let error = journal.append(&[star(n)]).unwrap_err().to_string();
        assert!(
            error.contains("nothing more is written until Goldstar is started again"),
            "{error}"
        );
    }
    assert!(open(&path, RealDisk).append(&[star(3)]).is_ok());
}
