//! Tests of the text rules: given a file, the messages it earns.

use super::super::expect;
use super::*;

#[test]
fn files_open_by_saying_what_they_are_for() {
    let missing = |path: &str, content: &str, with: &str| {
        let message = format!(
            "{path}:1: the file does not say what it is for; open it with {with} and one sentence"
        );
        expect(&check(path, content), &[&message]);
    };
    missing("crates/a/src/b.rs", "use std::fs;\n", "`//!`");
    missing("crates/a/src/b.rs", "// A comment.\n", "`//!`");
    missing("crates/a/src/empty.rs", "", "`//!`");
    missing("ui/src/a.ts", "import x from 'x';\n", "`//`");
    missing("ui/src/A.svelte", "<script>\nlet a;\n", "`<!--`, or `//` in its script");
    missing("xtask/acceptance/a.py", "import os\n", "a docstring");
    expect(&check("crates/a/src/b.rs", "//! Reads a line.\n"), &[]);
    expect(&check("ui/src/a.ts", "// The state.\n"), &[]);
    expect(&check("ui/src/A.svelte", "<!-- One cell. -->\n<script>\n"), &[]);
    expect(&check("ui/src/A.svelte", "<script lang=\"ts\">\n  // One cell.\n"), &[]);
    expect(&check("ui/src/api/types.gen.ts", "export type A = 1;\n"), &[]);
}

#[test]
fn rust_lines_are_counted_in_characters() {
    let line = format!("//! {}", "é".repeat(96));
    expect(&check("a.rs", &line), &[]);
    let message = "a.rs:1: 101 columns, 100 at most; break the line";
    expect(&check("a.rs", &format!("{line}é")), &[message]);
    expect(&check("ui/src/a.ts", &format!("// {}", "a".repeat(200))), &[]);
}

#[test]
fn text_in_quotation_marks_may_be_long() {
    let text = format!("//! A.\nlet line = \"{}\";\n", "x".repeat(200));
    expect(&check("a.rs", &text), &[]);
    let code = format!("//! A.\nlet {} = \"x\";\n", "x".repeat(100));
    let message = "a.rs:2: 111 columns, 100 at most; break the line";
    expect(&check("a.rs", &code), &[message]);
}

#[test]
fn long_files_are_split_and_generated_ones_may_be_long() {
    let lines = |count: usize| format!("//! Long.\n{}", "//\n".repeat(count - 1));
    expect(&check("a.rs", &lines(600)), &[]);
    let message = "601 lines, 600 at most; give a part of it a file of its own";
    expect(&check("a.rs", &lines(601)), &[&format!("a.rs:601: {message}")]);
    expect(&check("ui/a.ts", &lines(601)), &[&format!("ui/a.ts:601: {message}")]);
    expect(&check("ui/a.gen.ts", &lines(601)), &[]);
    expect(&check("Cargo.lock", &lines(601)), &[]);
}

#[test]
fn marks_do_not_stay() {
    let found = |path: &str, line: &str, mark: &str, mend: &str| {
        let message = format!("{path}:2: `{mark}` is left over; {mend}");
        expect(&check(path, &format!("//! A file.\n{line}\n")), &[&message]);
    };
    let later = "do it now, or write an issue";
    found("a.rs", &format!("// {}: later", MARKS[0]), MARKS[0], later);
    found("a.rs", &format!("// {} later", MARKS[1]), MARKS[1], later);
    let finish = "finish it, or take it out";
    found("a.rs", &format!("{})", RUST_MARKS[0]), RUST_MARKS[0], finish);
    found("a.rs", &format!("{})", RUST_MARKS[1]), RUST_MARKS[1], finish);
    found("a.rs", &format!("{} = \"slow\"]", RUST_MARKS[2]), RUST_MARKS[2], finish);
    let run = "let the test run, or delete it";
    for mark in TEST_MARKS {
        found("ui/src/keys.test.ts", &format!("test{mark}'x')"), mark, run);
        found("ui/e2e/grid.ts", &format!("test{mark}'x')"), mark, run);
    }
}

#[test]
fn what_only_looks_like_a_mark_is_fine() {
    let fine = |path: &str, line: &str| expect(&check(path, &format!("//! A.\n{line}\n")), &[]);
    fine("a.rs", &format!("let x = lines{}1);", TEST_MARKS[1]));
    fine("a.rs", &format!("let x = \"{}{}\";", MARKS[1], MARKS[1]));
    fine("ui/src/list.ts", &format!("rows{}1)", TEST_MARKS[1]));
    fine("docs/a.md", &format!("{} is a mark", MARKS[0]));
}

#[test]
fn folders_of_one_machine_are_found_in_any_file() {
    for place in MACHINE {
        let message = format!(
            "docs/a.md:1: `{place}…` is a folder of one machine; name it relative to the workspace"
        );
        expect(&check("docs/a.md", &format!("see `{place}data`")), &[&message]);
        expect(&check("docs/a.md", &format!("{place}data")), &[&message]);
        expect(&check("docs/a.md", &format!("file://{place}data")), &[&message]);
        expect(&check("docs/a.md", &format!("https://example.org{place}data")), &[]);
        expect(&check("docs/a.md", &format!("target{place}data")), &[]);
    }
}

#[test]
fn a_lock_file_names_no_registry() {
    let line = format!("{{\"resolved\": \"{}s://registry.example/a.tgz\"}}", "http");
    let message = "ui/package-lock.json:1: the lock file names the registry it was made with; \
                   make it with npm's `omit-lockfile-registry-resolved`";
    expect(&check("ui/package-lock.json", &line), &[message]);
    expect(&check("docs/a.json", &line), &[]);
}
