//! `check`: the fast checks, for the moment before a commit.

use crate::house::House;
use crate::steps;
use anyhow::{Result, ensure};
use std::process::ExitCode;

/// Formats are compared, lints run, the house rules read; no test is started.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    ensure!(words.is_empty(), "`cargo xtask check` takes no arguments");
    steps::run(house, &steps::wanted(&["fmt", "clippy", "tidy", "ui-check"])?)
}
