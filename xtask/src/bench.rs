//! `bench`: Goldstar, its peers and the machine's limit side by side, by the programs in `bench/`.

use crate::house::{House, Transcript};
use crate::report::Outcome;
use anyhow::Result;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Builds the release binary, or takes the one that `GOLDSTAR_BIN` names, and measures it.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let terminal = Transcript::Terminal;
    let binary = match std::env::var_os("GOLDSTAR_BIN") {
        Some(path) => PathBuf::from(path),
        None => {
            terminal.succeed(house.build().arg("--release"))?;
            house.goldstar("release")
        }
    };
    let mut command = program(house, binary);
    command.args(words);
    // It has said what went wrong, and its exit code is ours.
    let ended = terminal.run(&mut command)?;
    Ok(ended.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into))
}

/// The short form, with the binary that tests use: that every row runs, not how fast.
pub(crate) fn step(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    let mut command = program(house, house.goldstar("debug"));
    let status = transcript.run(command.arg("--small"))?;
    Ok(Outcome::of(status, "run `cargo xtask bench --small` and read what it says"))
}

fn program(house: &House, binary: PathBuf) -> Command {
    let mut command = Command::new("python3");
    command
        .arg(house.root.join("bench/run.py"))
        .arg("--target")
        .arg(house.target.join("bench"))
        .env("GOLDSTAR_BIN", binary)
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    command
}
