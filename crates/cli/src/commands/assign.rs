//! `assign`: who reviews what. What is written is `goldstar.toml`, everything else in it untouched.

use crate::arguments::{AddAssignment, AssignCommand, ListAssignments, RemoveAssignment};
use crate::commands::{aligned, cut, print};
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::{AssignmentProgress, Settings, Sight};
use goldstar_disk::{Disk, Log, RealDisk};
use goldstar_server::assignments_json;
use serde_json::json;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Adds, lists or removes.
pub(crate) fn run(data: &Path, command: &AssignCommand) -> Result<(), Failure> {
    match command {
        AssignCommand::Add(options) => add(data, options),
        AssignCommand::List(options) => list(data, options),
        AssignCommand::Remove(options) => remove(data, options),
    }
}

fn add(data: &Path, options: &AddAssignment) -> Result<(), Failure> {
    let (path, mut text, _lock) = text_of_settings(data)?;
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(&table(options));
    // What would not be read at the next start is not written now.
    Settings::parse(&text).map_err(|what| Failure::usage(format!("{}: {what}", options.name)))?;
    write(&path, &text)?;
    told(options.json, &options.name, "added")
}

fn remove(data: &Path, options: &RemoveAssignment) -> Result<(), Failure> {
    let (path, text, _lock) = text_of_settings(data)?;
    let known = Settings::read(data)?;
    if !known.assignments.iter().any(|assignment| assignment.name == options.name) {
        let what = format!("there is no assignment {}", options.name);
        return Err(Failure::found(what).hint("`goldstar assign list` shows those there are"));
    }
    let rest = without(&text, &options.name, &known).ok_or_else(|| {
        let what = format!("{}: the assignment is not a table of its own", path.display());
        Failure::found(what).hint("take it out by hand")
    })?;
    write(&path, &rest)?;
    told(options.json, &options.name, "removed")
}

fn list(data: &Path, options: &ListAssignments) -> Result<(), Failure> {
    let collection = folder::open_indexed(data)?;
    let assignments = collection.assignments(&Sight::All);
    print(&if options.json { assignments_json(assignments) } else { shown(&assignments) })
}

fn shown(assignments: &[AssignmentProgress]) -> String {
    if assignments.is_empty() {
        return "no assignments; `goldstar assign add NAME --reviewers ADA,BEN` adds one\n".into();
    }
    let heads = ["assignment", "reviewer", "assigned", "done", "left", "cannot"];
    let rows = assignments.iter().flat_map(|progress| {
        progress.reviewers.iter().map(|share| {
            let numbers = [share.assigned, share.done, share.left, share.cannot];
            let names = [cut(&progress.assignment.name, 32), cut(&share.name, 24)];
            names.into_iter().chain(numbers.map(|number| number.to_string())).collect()
        })
    });
    let mut text = aligned(&heads, rows.collect());
    for AssignmentProgress { assignment, records, full, is_complete, .. } in assignments {
        let name = cut(&assignment.name, 32);
        let state = if *is_complete { "complete" } else { "not complete" };
        let overlap = assignment.overlap;
        text.push_str(&format!(
            "{name}: {state}; {full} of {records} records starred by all of their {overlap}\n"
        ));
    }
    text
}

/// The settings as they are written; none is as good as an empty file. Nobody else changes them
/// until the lock is given back.
fn text_of_settings(data: &Path) -> Result<(PathBuf, String, Box<dyn Log>), Failure> {
    if !data.is_dir() {
        let what = format!("{}: there is no such folder", data.display());
        return Err(Failure::io(what).hint("name the collection's folder with --data"));
    }
    // The file itself is replaced, so that a lock on it would be on the old one.
    let lock = data.join(".goldstar/settings.lock");
    let locked = RealDisk.open_log(&lock).and_then(|mut log| log.lock().map(|()| log));
    let locked = locked.map_err(|error| Failure::disk(&lock, "cannot be locked", &error))?;
    Settings::read(data)?;
    let path = data.join("goldstar.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path, text, locked)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((path, String::new(), locked)),
        Err(error) => Err(Failure::disk(&path, "cannot be read", &error)),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = RealDisk.replace(path, &mut |file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::disk(path, "cannot be written", &error))
}

fn told(is_json: bool, name: &str, what: &str) -> Result<(), Failure> {
    if is_json {
        return print(&format!("{}\n", json!({ "name": name, what: true })));
    }
    print(&format!("{name} {what}; a server that runs sees it in a moment\n"))
}

/// A table as one would write it.
fn table(options: &AddAssignment) -> String {
    // A text of JSON is one of TOML, too.
    let quoted = |text: &str| json!(text).to_string();
    let reviewers: Vec<String> = options.reviewers.iter().map(|name| quoted(name.trim())).collect();
    let mut text = format!("[[assignment]]\nname = {}\n", quoted(&options.name));
    if !options.query.is_empty() {
        text.push_str(&format!("query = {}\n", quoted(&options.query)));
    }
    if let Some(rows) = &options.rows {
        text.push_str(&format!("rows = {}\n", quoted(rows)));
    }
    if let Some(share) = options.share {
        text.push_str(&format!("share = {share:?}\n"));
    }
    text.push_str(&format!("reviewers = [{}]\n", reviewers.join(", ")));
    if options.overlap != 1 {
        text.push_str(&format!("overlap = {}\n", options.overlap));
    }
    text
}

/// The settings without one of their assignments, if it stands in a table of its own: what is left
/// must be read as what it was, less that.
fn without(text: &str, name: &str, known: &Settings) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_head = |line: &str| line.trim_start().starts_with('[');
    let left: Vec<_> = known.assignments.iter().filter(|known| known.name != name).collect();
    (0..lines.len()).filter(|at| is_head(lines[*at])).find_map(|from| {
        let below = &lines[from + 1..];
        let length = below.iter().position(|line| is_head(line)).unwrap_or(below.len());
        // Comments above the next table belong to that.
        let of_next = below[..length].iter().rev().take_while(|line| is_aside(line)).count();
        let to = from + 1 + length - of_next;
        let rest: String = lines[..from].iter().chain(&lines[to..]).copied().collect();
        let read = Settings::parse(&rest).ok()?;
        let is_meant = read.assignments.iter().eq(left.iter().copied())
            && read.limits == known.limits
            && read.claim_minutes == known.claim_minutes
            && read.name_heading == known.name_heading;
        is_meant.then_some(rest)
    })
}

fn is_aside(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "name_heading = \"Question\" # ours\n\n[limits]\npage = 50\n";
    const FIRST: &str = "# for the first week\n[[assignment]]\nname = \"a\"\nreviewers = [\n  \
                         \"x\", # x comes on Mondays\n]\n\n";
    const SECOND: &str = "# and the second\n[[assignment]]\nname = \"b\"\nreviewers = [\"x\"]\n";

    #[test]
    fn one_is_taken_out_and_all_else_stays() {
        let check = |name: &str, text: &str, expected: Option<&str>| {
            let known = Settings::parse(text).unwrap();
            assert_eq!(without(text, name, &known).as_deref(), expected, "{name} of {text}");
        };
        let text = format!("{BEFORE}{FIRST}{SECOND}");
        let first = format!("{BEFORE}# for the first week\n\n{SECOND}");
        check("a", &text, Some(&first));
        check("b", &text, Some(&format!("{BEFORE}{FIRST}# and the second\n")));
        // Not a table of its own: nothing is guessed.
        check("a", "assignment = [{ name = \"a\", reviewers = [\"x\"] }]\n", None);
    }

    #[test]
    fn what_is_added_is_read() {
        let options = AddAssignment {
            name: "week \"1\"".into(),
            reviewers: vec!["ada".into(), " ben".into()],
            query: "file:\"a b\"".into(),
            rows: Some("5..".into()),
            share: Some(1.0),
            overlap: 2,
            json: false,
        };
        let settings = Settings::parse(&format!("{BEFORE}\n{}", table(&options))).unwrap();
        let found = &settings.assignments[0];
        assert_eq!(
            (&*found.name, &found.reviewers[..]),
            ("week \"1\"", &["ada".into(), "ben".into()][..])
        );
        assert_eq!((&*found.text, found.share, found.overlap), ("file:\"a b\"", 1.0, 2));
    }
}
