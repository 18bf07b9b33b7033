//! `acceptance`: scripts in another language that use Goldstar only from outside, as its users do.

use crate::house::{House, Transcript};
use crate::report::Outcome;
use crate::{counts, debian, steps};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What the scripts share; it is no script itself.
const SHARED: &str = "goldstar.py";

/// Runs all scripts, or those named.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let mut asked = vec!["acceptance".to_owned()];
    asked.extend(words.iter().map(|word| format!("acceptance:{word}")));
    steps::run(house, &steps::wanted(&asked)?)
}

/// The step of `test`: the binary is already built.
pub(crate) fn step(house: &House, transcript: &Transcript, words: &[String]) -> Result<Outcome> {
    let folder = house.root.join("xtask/acceptance");
    let scripts = scripts(&folder, words)?;
    let python = python(house, transcript)?;
    let mut outcome = Outcome::default();
    for script in scripts {
        let found = run_script(house, &python, &script, transcript)?;
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        outcome.passed += found.passed;
        outcome.failed += found.failed;
        outcome.skipped += found.skipped;
        outcome.failures.extend(found.failures.iter().map(|failure| format!("{name}: {failure}")));
    }
    Ok(outcome)
}

fn scripts(folder: &Path, words: &[String]) -> Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_script = path.extension().is_some_and(|end| end == "py") && !path.ends_with(SHARED);
        if is_script && (words.is_empty() || words.iter().any(|word| *word == stem)) {
            scripts.push(path);
        }
    }
    scripts.sort();
    ensure!(!scripts.is_empty(), "no acceptance script is called {}", words.join(" or "));
    Ok(scripts)
}

fn run_script(
    house: &House,
    python: &Path,
    script: &Path,
    transcript: &Transcript,
) -> Result<Outcome> {
    let before = transcript.text().len();
    let mut command = command(python, script, &house.goldstar("debug"));
    let beside = house.root.parent().map(|parent| parent.join("shared"));
    if let Some(shared) = beside.filter(|folder| folder.is_dir())
        && std::env::var_os("GOLDSTAR_SHARED").is_none()
    {
        command.env("GOLDSTAR_SHARED", shared);
    }
    let success = transcript.run(&mut command)?.success();
    let outcome = counts::acceptance(transcript.text().get(before..).unwrap_or_default());
    if success && outcome.failed == 0 && outcome.skipped > 0 {
        // A script whose data is not there says so and has nothing to run.
        return Ok(outcome);
    }
    Ok(outcome.judged(success))
}

/// A script on a binary.
pub(crate) fn command(python: &Path, script: &Path, binary: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .arg(script)
        .env("GOLDSTAR_BIN", binary)
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("HF_HUB_OFFLINE", "1");
    command
}

/// A Python with the packages of `requirements.txt`, made once for each content of that file.
pub(crate) fn python(house: &House, transcript: &Transcript) -> Result<PathBuf> {
    let venv = house.target.join("acceptance-venv");
    let python = venv.join("bin/python");
    let requirements = house.root.join("xtask/acceptance/requirements.txt");
    let stamp = venv.join("installed-requirements.txt");
    let wanted = fs::read(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    if python.exists() && fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&venv);
    if !transcript.run(&mut make)?.success() {
        // Debian splits venv from Python.
        debian::install(&["python3-venv"], transcript)?;
        transcript.succeed(&mut make)?;
    }
    let mut install = Command::new(&python);
    // The list is complete, so that nothing is resolved and nothing large comes unasked.
    install.args(["-m", "pip", "install", "--quiet", "--no-input", "--no-deps", "--requirement"]);
    transcript.succeed(install.arg(&requirements).env("PIP_DISABLE_PIP_VERSION_CHECK", "1"))?;
    fs::write(&stamp, &wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}
