//! Reads how many tests passed from what the test runners say.

use crate::report::Outcome;
use anyhow::{Context, Result};
use serde_json::Value;

/// Reads the summary of `cargo nextest run`: the line of counts and the failures named after it.
pub(crate) fn nextest(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let mut lines = text.lines().map(str::trim);
    let summary = lines.by_ref().find(|line| line.starts_with("Summary ["));
    let Some((_, counts)) = summary.and_then(|line| line.split_once(" run: ")) else {
        return outcome;
    };
    for part in without_brackets(counts).split(',') {
        let Some((count, word)) = part.trim().split_once(' ') else { continue };
        let count = count.parse().unwrap_or(0);
        match word.trim() {
            "passed" => outcome.passed += count,
            "skipped" => outcome.skipped += count,
            _ => outcome.failed += count,
        }
    }
    let named = lines.filter(|line| line.contains(" [") && line.contains("] ("));
    outcome.failures = named.map(str::to_owned).collect();
    outcome
}

/// Sums the `test result:` lines of `cargo test` and names the tests that failed.
pub(crate) fn cargo_test(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            outcome.failures.push(name.to_owned());
        }
        let Some(result) = line.strip_prefix("test result: ") else { continue };
        for part in result.split(['.', ';']) {
            let Some((count, word)) = part.trim().split_once(' ') else { continue };
            let Ok(count) = count.parse::<u64>() else { continue };
            match word {
                "passed" => outcome.passed += count,
                "failed" => outcome.failed += count,
                "ignored" => outcome.skipped += count,
                _ => {}
            }
        }
    }
    outcome
}

/// Reads vitest's JSON report. A file that could not be loaded has no tests and is one failure.
pub(crate) fn vitest(json: &[u8]) -> Result<Outcome> {
    let report: Value = serde_json::from_slice(json).context("vitest's report is not JSON")?;
    let number = |key: &str| report[key].as_u64();
    let mut outcome = Outcome {
        passed: number("numPassedTests").context("vitest's report has no numPassedTests")?,
        failed: number("numFailedTests").context("vitest's report has no numFailedTests")?,
        skipped: number("numPendingTests").unwrap_or(0) + number("numTodoTests").unwrap_or(0),
        failures: Vec::new(),
    };
    for file in list(&report["testResults"]) {
        let tests = list(&file["assertionResults"]);
        let failed = tests.iter().filter(|test| test["status"] == "failed");
        let names: Vec<String> = failed.map(|test| text(&test["fullName"])).collect();
        if names.is_empty() && file["status"] == "failed" {
            outcome.failed += 1;
            outcome.failures.push(format!("{}: {}", text(&file["name"]), text(&file["message"])));
        }
        outcome.failures.extend(names);
    }
    Ok(outcome)
}

/// Reads Playwright's JSON report. A test that passed only on a second try has failed.
pub(crate) fn playwright(json: &[u8]) -> Result<Outcome> {
    let report: Value = serde_json::from_slice(json).context("Playwright's report is not JSON")?;
    let stats = &report["stats"];
    let number = |key: &str| {
        stats[key].as_u64().with_context(|| format!("Playwright's report has no stats.{key}"))
    };
    let mut outcome = Outcome {
        passed: number("expected")?,
        failed: number("unexpected")? + number("flaky")?,
        skipped: number("skipped")?,
        failures: Vec::new(),
    };
    for suite in list(&report["suites"]) {
        playwright_failures(suite, &mut outcome.failures);
    }
    for error in list(&report["errors"]) {
        outcome.failures.push(text(&error["message"]));
    }
    Ok(outcome)
}

/// Reads the lines of an acceptance script: `ok NAME`, `FAILED NAME: why`, `skipped NAME: why`.
pub(crate) fn acceptance(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("ok", _)) => outcome.passed += 1,
            Some(("skipped", _)) => outcome.skipped += 1,
            Some(("FAILED", what)) => {
                outcome.failed += 1;
                outcome.failures.push(what.to_owned());
            }
            _ => {}
        }
    }
    outcome
}

fn playwright_failures(suite: &Value, failures: &mut Vec<String>) {
    for spec in list(&suite["specs"]) {
        let bad = |test: &Value| test["status"] == "unexpected" || test["status"] == "flaky";
        if list(&spec["tests"]).iter().any(bad) {
            failures.push(format!("{}: {}", text(&spec["file"]), text(&spec["title"])));
        }
    }
    for inner in list(&suite["suites"]) {
        playwright_failures(inner, failures);
    }
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let outside = text.chars().filter(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    outside.collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The first line of a JSON string.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
#[path = "counts/tests.rs"]
mod tests;
