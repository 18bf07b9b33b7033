//! `tidy`: the house rules that no compiler knows, read in one pass over the files git knows.

mod arrows;
mod dependencies;
mod lock;
mod names;
mod text;

use crate::house::{House, Transcript, output_of};
use crate::report::Outcome;
use anyhow::{Context, Result, ensure};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::process::{Command, ExitCode};

/// One broken rule, told as a compiler would: where, what, how to mend it.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, line, what, mend } = self;
        write!(out, "{path}:{line}: {what}; {mend}")
    }
}

/// Collects the broken rules of one file.
pub(crate) struct Findings<'a> {
    path: &'a str,
    list: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(path: &'a str) -> Findings<'a> {
        Findings { path, list: Vec::new() }
    }

    pub(crate) fn add(&mut self, line: usize, what: impl Into<String>, mend: impl Into<String>) {
        let path = self.path.to_owned();
        self.list.push(Finding { path, line, what: what.into(), mend: mend.into() });
    }

    pub(crate) fn all(self) -> Vec<Finding> {
        self.list
    }
}

/// Prints every broken rule.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    ensure!(words.is_empty(), "`cargo xtask tidy` takes no arguments");
    let findings = findings(house)?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The step of `test` and `check`: one check, whatever the number of findings.
pub(crate) fn step(house: &House, _: &Transcript, _: &[String]) -> Result<Outcome> {
    let findings = findings(house)?;
    if findings.is_empty() {
        return Ok(Outcome::one());
    }
    let failures = findings.iter().map(Finding::to_string).collect();
    Ok(Outcome { failed: 1, failures, ..Outcome::default() })
}

fn findings(house: &House) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for path in files(house)? {
        findings.extend(names::check(&path));
        let bytes = match fs::read(house.root.join(&path)) {
            Ok(bytes) => bytes,
            // Git still names a file that was just taken away.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {path}")),
        };
        let Ok(content) = std::str::from_utf8(&bytes) else { continue };
        findings.extend(text::check(&path, content));
        if path.ends_with("package-lock.json") {
            findings.extend(lock::check(&path, content));
        }
    }
    findings.extend(arrows::check_workspace(house)?);
    findings.extend(dependencies::check_workspace(house)?);
    Ok(findings)
}

/// The files git follows and those it would follow: not the ignored ones.
fn files(house: &House) -> Result<Vec<String>> {
    let mut git = Command::new("git");
    // A checkout may belong to somebody else than the one who tests it.
    git.arg("-c").arg(format!("safe.directory={}", house.root.display()));
    git.arg("-C").arg(&house.root);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = output_of(&mut git, &Transcript::Terminal)
        .context("tidy takes the list of files from git; run it in a clone")?;
    let listed = String::from_utf8(listed).context("a file's name is not UTF-8")?;
    let mut files: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
    // While a merge is unfinished git names a file once for each side.
    files.sort();
    files.dedup();
    // A folder with its own git is named as a folder; it is not ours to read.
    files.retain(|path| !path.ends_with('/'));
    Ok(files)
}

/// Compares findings with the messages a test expects.
#[cfg(test)]
fn expect(found: &[Finding], expected: &[&str]) {
    let found: Vec<String> = found.iter().map(Finding::to_string).collect();
    assert_eq!(found, expected);
}
