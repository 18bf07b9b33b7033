//! Runs steps one after another, counts what they found, and closes with one line of counts.

use crate::house::{House, Transcript};
use anyhow::Result;
use std::process::{ExitCode, ExitStatus};
use std::time::Instant;

/// What one step found: how many checks passed, failed and were skipped, and which failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) failures: Vec<String>,
}

impl Outcome {
    /// A step that is one check and passed.
    pub(crate) fn one() -> Outcome {
        Outcome { passed: 1, ..Outcome::default() }
    }

    /// A step that is one check and failed.
    pub(crate) fn failure(why: impl Into<String>) -> Outcome {
        Outcome { failed: 1, failures: vec![why.into()], ..Outcome::default() }
    }

    /// A step that is one check: the exit code decides.
    pub(crate) fn of(status: ExitStatus, mend: &str) -> Outcome {
        if status.success() {
            return Outcome::one();
        }
        Outcome::failure(format!("{status}; {mend}"))
    }

    /// Holds counts against the exit code: a runner that failed without naming a failed test, or
    /// that succeeded without running one, counts as a failure.
    pub(crate) fn judged(mut self, success: bool) -> Outcome {
        if !success && self.failed == 0 {
            self.failed = 1;
            self.failures.push("the runner failed without naming a failed test".into());
        } else if success && self.passed + self.failed == 0 {
            self.failed = 1;
            self.failures.push("no test ran at all".into());
        }
        self
    }

    fn add(&mut self, other: &Outcome) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The steps done so far and their sum.
#[derive(Default)]
pub(crate) struct Report {
    total: Outcome,
    failures: Vec<String>,
}

impl Report {
    /// Runs one step, says how it went, and tells whether it passed.
    pub(crate) fn step(
        &mut self,
        house: &House,
        name: &str,
        work: impl FnOnce(&Transcript) -> Result<Outcome>,
    ) -> bool {
        eprint!("{name:<12}");
        let start = Instant::now();
        let log = house.target.join("xtask").join(format!("{name}.log"));
        let transcript = Transcript::file(log);
        let outcome = match &transcript {
            Ok(transcript) => work(transcript),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        let outcome = outcome.unwrap_or_else(|error| Outcome::failure(format!("{error:#}")));
        eprintln!("{:>8.1} s  {}", start.elapsed().as_secs_f64(), counts(&outcome));
        if outcome.failed > 0
            && let Ok(transcript) = &transcript
        {
            show_end(&transcript.text());
        }
        self.total.add(&outcome);
        let named = outcome.failures.iter().map(|failure| format!("{name}: {failure}"));
        self.failures.extend(named);
        outcome.failed == 0
    }

    /// Counts a step that could not be run because one it needs had failed.
    pub(crate) fn blocked(&mut self, name: &str, by: &str) {
        eprintln!("{name:<12}   not run, because {by} failed");
        self.total.failed += 1;
        self.failures.push(format!("{name}: not run, because {by} failed"));
    }

    /// Names the failures again and prints the line of counts, the last one and the only one on
    /// the standard output.
    pub(crate) fn close(self) -> ExitCode {
        if !self.failures.is_empty() {
            eprintln!("\nFailures:");
        }
        for failure in &self.failures {
            eprintln!("  {failure}");
        }
        println!("{}", counts(&self.total));
        if self.total.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn counts(outcome: &Outcome) -> String {
    let Outcome { passed, failed, skipped, .. } = outcome;
    if *skipped == 0 {
        return format!("{passed} passed, {failed} failed");
    }
    format!("{passed} passed, {failed} failed, {skipped} skipped")
}

/// Shows the end of a failed step's transcript: the cause is nearly always there.
fn show_end(text: &str) {
    const LINES_MAX: usize = 200;
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(LINES_MAX)..] {
        eprintln!("  | {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(passed: u64, failed: u64, skipped: u64) -> Outcome {
        Outcome { passed, failed, skipped, failures: Vec::new() }
    }

    #[test]
    fn a_runner_is_judged_by_counts_and_exit_code() {
        let check = |outcome: Outcome, success, failed| {
            assert_eq!(outcome.judged(success).failed, failed);
        };
        check(outcome(3, 0, 0), true, 0);
        check(outcome(3, 2, 0), false, 2);
        check(outcome(3, 0, 0), false, 1);
        check(outcome(0, 0, 0), true, 1);
        check(outcome(0, 0, 4), true, 1);
    }

    #[test]
    fn the_line_of_counts_leaves_out_skipped_when_there_are_none() {
        assert_eq!(counts(&outcome(12, 0, 0)), "12 passed, 0 failed");
        assert_eq!(counts(&outcome(12, 1, 3)), "12 passed, 1 failed, 3 skipped");
    }
}
