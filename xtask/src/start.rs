//! `start`: from a fresh clone to the running table in one command.

use crate::house::{House, Transcript};
use crate::ui;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const PORT: u16 = 8001;

/// Builds what is out of date, makes a demo collection when no folder is given, and serves it.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let (folder, port) = arguments(words)?;
    let terminal = Transcript::Terminal;
    build_ui(house, &terminal)?;
    eprintln!("Building goldstar");
    terminal.succeed(&mut house.cargo(&["build", "--release", "--package", "goldstar"]))?;
    let folder = match folder {
        Some(folder) => folder,
        None => demo(house, &terminal)?,
    };
    eprintln!("Serving {}", folder.display());
    let mut serve = Command::new(house.goldstar("release"));
    serve.arg("serve").arg("--data").arg(&folder).args(["--port", &port.to_string()]);
    serve_in_foreground(serve, &terminal)
}

fn arguments(words: &[String]) -> Result<(Option<PathBuf>, u16)> {
    let (mut folder, mut port) = (None, PORT);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--port" {
            let number = words.next().context("--port needs a number")?;
            port = number.parse().with_context(|| format!("`{number}` is not a port"))?;
        } else if word.starts_with('-') || folder.is_some() {
            bail!("`{word}` is one too many; the verb is `cargo xtask start [DIR] [--port N]`");
        } else {
            folder = Some(PathBuf::from(word));
        }
    }
    if let Some(folder) = &folder
        && !folder.is_dir()
    {
        bail!("{} is not a folder", folder.display());
    }
    Ok((folder, port))
}

fn build_ui(house: &House, terminal: &Transcript) -> Result<()> {
    const HINT: &str = "the page cannot be built (the API answers without it: \
                        `cargo run --release -- serve --data DIR`)";
    if ui::needs_install(house) {
        eprintln!("Installing the UI's packages");
        ui::install(house, terminal).context(HINT)?;
    }
    if ui::needs_build(house)? {
        eprintln!("Building the UI");
        ui::build(house, terminal).context(HINT)?;
    }
    Ok(())
}

fn demo(house: &House, terminal: &Transcript) -> Result<PathBuf> {
    let folder = house.root.join("demo");
    if folder.exists() {
        return Ok(folder);
    }
    eprintln!("Making a demo collection in {}", folder.display());
    let mut make = Command::new(house.goldstar("release"));
    make.current_dir(&house.root).args(["demo", "demo"]);
    make.args(["--records", "2000", "--models", "3", "--seed", "1"]);
    let made = terminal.succeed(&mut make);
    if made.is_err() {
        remove_half_made(&folder)?;
    }
    made.map(|()| folder)
}

/// Half a demo would pass for a whole one the next time.
fn remove_half_made(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove the half-made {}", folder.display()))?;
    }
    Ok(())
}

/// Becomes the server, so that Ctrl+C and signals reach it and nothing stands between.
#[cfg(unix)]
fn serve_in_foreground(mut serve: Command, _: &Transcript) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(serve.exec()).context("cannot start the server")
}

#[cfg(not(unix))]
fn serve_in_foreground(mut serve: Command, terminal: &Transcript) -> Result<ExitCode> {
    terminal.succeed(&mut serve)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: Option<(Option<&str>, u16)>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let expected = expected.map(|(folder, port)| (folder.map(PathBuf::from), port));
        assert_eq!(arguments(&words).ok(), expected);
    }

    #[test]
    fn folder_and_port_are_optional() {
        check(&[], Some((None, 8001)));
        check(&["."], Some((Some("."), 8001)));
        check(&["--port", "9000", "."], Some((Some("."), 9000)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        check(&["--port"], None);
        check(&["--port", "x"], None);
        check(&["--host"], None);
        check(&[".", "."], None);
        check(&["no such folder"], None);
    }
}
