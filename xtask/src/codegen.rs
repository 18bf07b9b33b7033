//! `codegen`: the committed files that are made from the code, written or compared.

use crate::house::{House, Transcript, output_of};
use crate::report::Outcome;
use crate::ui;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::process::{Command, ExitCode};

const DOCUMENT: &str = "docs/openapi.json";
const TYPES: &str = "ui/src/api/types.gen.ts";

/// Writes the generated files, or with `--check` fails when they are not what would be written.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let terminal = Transcript::Terminal;
    let checking = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => bail!("the verb is `cargo xtask codegen [--check]`"),
    };
    if ui::needs_install(house) {
        ui::install(house, &terminal)?;
    }
    terminal.succeed(&mut house.build())?;
    if checking {
        compare(house, &terminal)?;
        return Ok(ExitCode::SUCCESS);
    }
    fs::write(house.root.join(DOCUMENT), document(house, &terminal)?)
        .with_context(|| format!("cannot write {DOCUMENT}"))?;
    write_types(house, &terminal)?;
    eprintln!("Wrote {DOCUMENT} and {TYPES}");
    Ok(ExitCode::SUCCESS)
}

/// The step of `test`: the binary is already built.
pub(crate) fn step(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    compare(house, transcript)?;
    Ok(Outcome::one())
}

fn compare(house: &House, transcript: &Transcript) -> Result<()> {
    let committed = fs::read(house.root.join(DOCUMENT)).unwrap_or_default();
    ensure!(committed == document(house, transcript)?, "{}", stale(DOCUMENT));
    let types = house.root.join(TYPES);
    let committed = fs::read(&types).unwrap_or_default();
    let written = write_types(house, transcript);
    let fresh = fs::read(&types).unwrap_or_default();
    if fresh != committed {
        // Checking changes nothing: what was there is put back.
        fs::write(&types, &committed).with_context(|| format!("cannot restore {TYPES}"))?;
    }
    written?;
    ensure!(fresh == committed, "{}", stale(TYPES));
    Ok(())
}

fn document(house: &House, transcript: &Transcript) -> Result<Vec<u8>> {
    let mut command = Command::new(house.goldstar("debug"));
    output_of(command.arg("openapi"), transcript)
}

fn write_types(house: &House, transcript: &Transcript) -> Result<()> {
    transcript.succeed(&mut house.npm(&["run", "codegen"]))
}

fn stale(path: &str) -> String {
    format!("{path} is not what the code says; run `cargo xtask codegen` and commit the result")
}
