//! What a file's text must and must not hold: widths, lengths, opening lines, left-over marks.

use super::{Finding, Findings};

const COLUMNS_MAX: usize = 100;
const LINES_MAX: usize = 600;

/// Marks that must not stay. They are put together here so that this file does not hold them.
const MARKS: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X")];
const RUST_MARKS: &[&str] =
    &[concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[", "ignore")];
const TEST_MARKS: &[&str] = &[concat!(".on", "ly("), concat!(".sk", "ip("), concat!(".fix", "me(")];

/// Folders that exist on one machine only.
const MACHINE: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

const CODE: &[&str] = &["rs", "ts", "svelte", "js", "mjs", "css", "html", "py", "sh", "toml"];

/// Reads one file against the rules for its kind.
pub(super) fn check(path: &str, content: &str) -> Vec<Finding> {
    let mut findings = Findings::of(path);
    let kind = extension(path);
    if !is_generated(path) {
        check_opening(path, content, &mut findings);
        check_length(kind, content, &mut findings);
    }
    for (number, line) in (1..).zip(content.lines()) {
        if kind == "rs" {
            check_width(number, line, &mut findings);
        }
        check_marks(path, number, line, &mut findings);
        check_places(path, number, line, &mut findings);
    }
    findings.all()
}

fn check_opening(path: &str, content: &str, findings: &mut Findings<'_>) {
    let mut lines = content.lines().map(str::trim_start);
    let first = lines.next().unwrap_or_default();
    let is_comment = |line: &str| line.starts_with("//") || line.starts_with("/*");
    let (opens, with) = match extension(path) {
        "rs" => (first.starts_with("//!"), "`//!`"),
        "ts" if path.starts_with("ui/") => (is_comment(first), "`//`"),
        "svelte" => {
            let script = first.starts_with("<script") && lines.next().is_some_and(is_comment);
            (script || first.starts_with("<!--"), "`<!--`, or `//` in its script")
        }
        "py" => (first.starts_with("\"\"\"") || first.starts_with('#'), "a docstring"),
        _ => return,
    };
    if !opens {
        let mend = format!("open it with {with} and one sentence");
        findings.add(1, "the file does not say what it is for", mend);
    }
}

fn check_length(kind: &str, content: &str, findings: &mut Findings<'_>) {
    let lines = content.lines().count();
    if matches!(kind, "rs" | "ts" | "svelte") && lines > LINES_MAX {
        let what = format!("{lines} lines, {LINES_MAX} at most");
        findings.add(lines, what, "give a part of it a file of its own");
    }
}

/// Text in quotation marks may be as long as it is: a line of a batch, a sentence for people.
fn check_width(number: usize, line: &str, findings: &mut Findings<'_>) {
    let columns = line.chars().count();
    let is_text = line.find('"').is_some_and(|begin| {
        let end = line.rfind('"').unwrap_or(begin);
        columns - line[begin..=end].chars().count() <= COLUMNS_MAX / 2
    });
    if columns > COLUMNS_MAX && !is_text {
        let what = format!("{columns} columns, {COLUMNS_MAX} at most");
        findings.add(number, what, "break the line");
    }
}

fn check_marks(path: &str, number: usize, line: &str, findings: &mut Findings<'_>) {
    let kind = extension(path);
    let mut found = |marks: &[&str], mend: &str| {
        for mark in marks.iter().filter(|mark| holds_word(line, mark)) {
            findings.add(number, format!("`{mark}` is left over"), mend);
        }
    };
    if CODE.contains(&kind) {
        found(MARKS, "do it now, or write an issue");
    }
    if kind == "rs" {
        found(RUST_MARKS, "finish it, or take it out");
    }
    if is_ui_test(path) {
        found(TEST_MARKS, "let the test run, or delete it");
    }
}

fn check_places(path: &str, number: usize, line: &str, findings: &mut Findings<'_>) {
    for place in MACHINE.iter().filter(|place| holds_path(line, place)) {
        let what = format!("`{place}…` is a folder of one machine");
        findings.add(number, what, "name it relative to the workspace");
    }
    if path.ends_with("package-lock.json") && line.contains(concat!("\"resolved\": \"", "http")) {
        let what = "the lock file names the registry it was made with";
        findings.add(number, what, "make it with npm's `omit-lockfile-registry-resolved`");
    }
}

/// True when the mark stands by itself, not as a part of a longer word.
fn holds_word(line: &str, mark: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(mark).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        let after = line[place + mark.len()..].chars().next();
        // A mark that opens or closes with punctuation is by itself there already.
        let opens = !mark.starts_with(is_letter) || !before.is_some_and(is_letter);
        let closes = !mark.ends_with(is_letter) || !after.is_some_and(is_letter);
        opens && closes
    })
}

/// True when an absolute path begins with this folder: nothing of a path or address before it.
fn holds_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(place, _)| {
        let before = line[..place].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-~*})]>$".contains(letter))
    })
}

fn is_ui_test(path: &str) -> bool {
    path.ends_with(".test.ts") || path.ends_with(".spec.ts") || path.starts_with("ui/e2e/")
}

fn is_generated(path: &str) -> bool {
    path.contains(".gen.") || path.ends_with(".lock") || path.ends_with("-lock.json")
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
#[path = "text/tests.rs"]
mod tests;
