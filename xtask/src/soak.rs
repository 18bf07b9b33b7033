//! `soak`: many reviewers star one folder for long, while its server is ended and started again.

use crate::acceptance;
use crate::house::{House, Transcript};
use anyhow::{Context, Result};
use std::process::ExitCode;

/// Builds the release binary and soaks it for so many minutes, an hour unless told otherwise. The
/// short form runs with the acceptance scripts.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let minutes: u64 = match words {
        [] => 60,
        [minutes, ..] => minutes.parse().with_context(|| format!("`{minutes}` minutes"))?,
    };
    let terminal = Transcript::Terminal;
    terminal.succeed(house.build().arg("--release"))?;
    let python = acceptance::python(house, &terminal)?;
    let script = house.root.join("xtask/acceptance/soak.py");
    let mut command = acceptance::command(&python, &script, &house.goldstar("release"));
    command.args(["--seconds", &(minutes * 60).to_string(), "--restart", "60", "--breath", "1"]);
    let success = terminal.run(&mut command)?.success();
    Ok(if success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
