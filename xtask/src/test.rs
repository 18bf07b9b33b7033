//! `test`: every check there is, or the steps that are named.

use crate::house::House;
use crate::steps;
use anyhow::Result;
use std::process::ExitCode;

/// Runs all steps, or those named as `STEP` or `STEP:WORD`, where the word selects tests in it.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let wanted =
        if words.is_empty() { steps::wanted(&steps::names()) } else { steps::wanted(words) };
    steps::run(house, &wanted?)
}
