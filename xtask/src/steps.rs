//! The steps that `test` and `check` are made of, in the order in which they run.

use crate::house::{House, Transcript};
use crate::report::{Outcome, Report};
use crate::{acceptance, bench, chromium, codegen, counts, tidy, ui};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

/// One step: its name, the steps it needs, and its work. The words select tests within it.
struct Step {
    name: &'static str,
    needs: &'static [&'static str],
    work: fn(&House, &Transcript, &[String]) -> Result<Outcome>,
}

/// What was asked for: steps by name, each with the words that select tests in it.
pub(crate) type Wanted = Vec<(&'static str, Vec<String>)>;

/// The UI comes first, because the binary embeds it and is then compiled once.
const STEPS: &[Step] = &[
    Step { name: "ui-install", needs: &[], work: ui_install },
    Step { name: "ui-build", needs: &["ui-install"], work: ui_build },
    Step { name: "fmt", needs: &[], work: fmt },
    Step { name: "clippy", needs: &[], work: clippy },
    Step { name: "tidy", needs: &[], work: tidy::step },
    Step { name: "rust", needs: &[], work: rust },
    Step { name: "doc", needs: &[], work: doc },
    Step { name: "build", needs: &[], work: build },
    Step { name: "codegen", needs: &["ui-install", "build"], work: codegen::step },
    Step { name: "ui-check", needs: &["ui-install"], work: ui_check },
    Step { name: "ui-test", needs: &["ui-install"], work: ui_test },
    Step { name: "e2e", needs: &["ui-install", "ui-build", "build"], work: e2e },
    Step { name: "acceptance", needs: &["build"], work: acceptance::step },
    Step { name: "bench", needs: &["build"], work: bench::step },
];

/// The names of all steps.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Reads words such as `e2e` and `rust:fold`.
pub(crate) fn wanted(words: &[impl AsRef<str>]) -> Result<Wanted> {
    let mut wanted: Wanted = Vec::new();
    for word in words.iter().map(AsRef::as_ref) {
        let (name, filter) = word.split_once(':').map_or((word, None), |(n, f)| (n, Some(f)));
        let Some(step) = STEPS.iter().find(|step| step.name == name) else {
            bail!("there is no step `{name}`; the steps are {}", names().join(", "));
        };
        let known = wanted.iter_mut().find(|(name, _)| *name == step.name);
        let filter = filter.map(str::to_owned);
        match known {
            Some((_, filters)) => filters.extend(filter),
            None => wanted.push((step.name, filter.into_iter().collect())),
        }
    }
    Ok(wanted)
}

/// Runs the steps and those they need; goes on after a failure; ends with the line of counts.
pub(crate) fn run(house: &House, wanted: &Wanted) -> Result<ExitCode> {
    let mut report = Report::default();
    let mut failed: Vec<&str> = Vec::new();
    for step in STEPS.iter().filter(|step| is_needed(step, wanted)) {
        if let Some(by) = step.needs.iter().find(|name| failed.contains(name)) {
            report.blocked(step.name, by);
            failed.push(step.name);
            continue;
        }
        let words = wanted.iter().find(|(name, _)| *name == step.name);
        let words = words.map_or(&[][..], |(_, words)| words);
        if !report.step(house, step.name, |transcript| (step.work)(house, transcript, words)) {
            failed.push(step.name);
        }
    }
    Ok(report.close())
}

fn is_needed(step: &Step, wanted: &Wanted) -> bool {
    wanted.iter().any(|(name, _)| {
        let asked = STEPS.iter().find(|other| other.name == *name);
        step.name == *name || asked.is_some_and(|asked| asked.needs.contains(&step.name))
    })
}

fn ui_install(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    if ui::needs_install(house) {
        ui::install(house, transcript)?;
    }
    Ok(Outcome::one())
}

fn ui_build(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    if ui::needs_build(house)? {
        ui::build(house, transcript)?;
    }
    Ok(Outcome::one())
}

fn fmt(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    let status =
        transcript.run(&mut house.cargo(&["fmt", "--all", "--check", "--", "--color=never"]))?;
    Ok(Outcome::of(status, "run `cargo fmt --all`"))
}

fn clippy(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    let status = transcript.run(&mut house.cargo(&arguments))?;
    Ok(Outcome::of(status, "mend what clippy names above"))
}

fn rust(house: &House, transcript: &Transcript, words: &[String]) -> Result<Outcome> {
    let (mut command, read): (_, fn(&str) -> Outcome) = if has_nextest(house)? {
        let arguments = ["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"];
        let mut command = house.cargo(&arguments);
        command.args(["--status-level=fail", "--final-status-level=fail"]).args(words);
        (command, counts::nextest)
    } else {
        let mut command = house.cargo(&["test", "--workspace", "--tests", "--no-fail-fast", "--"]);
        command.args(words);
        (command, counts::cargo_test)
    };
    let success = transcript.run(&mut command)?.success();
    let mut outcome = read(&transcript.text());
    if !words.is_empty() {
        // The tests left out by the words are not skipped: nobody asked for them.
        outcome.skipped = 0;
    }
    Ok(outcome.judged(success))
}

fn has_nextest(house: &House) -> Result<bool> {
    let output = house.cargo(&["nextest", "--version"]).output();
    Ok(output.context("cannot start cargo")?.status.success())
}

/// Documentation examples, which nextest does not run. There may be none.
fn doc(house: &House, transcript: &Transcript, words: &[String]) -> Result<Outcome> {
    let mut command = house.cargo(&["test", "--workspace", "--doc", "--no-fail-fast", "--"]);
    let success = transcript.run(command.args(words))?.success();
    let outcome = counts::cargo_test(&transcript.text());
    Ok(if success { outcome } else { outcome.judged(success) })
}

fn build(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    Ok(Outcome::of(transcript.run(&mut house.build())?, "mend what the compiler names above"))
}

fn ui_check(house: &House, transcript: &Transcript, _: &[String]) -> Result<Outcome> {
    let status = transcript.run(&mut house.npm(&["run", "check"]))?;
    Ok(Outcome::of(status, "mend what `npm run check` names above"))
}

fn ui_test(house: &House, transcript: &Transcript, words: &[String]) -> Result<Outcome> {
    let report = fresh_report(house, "vitest.json")?;
    let mut command = house.npm(&["test", "--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", report.display())).args(words);
    let success = transcript.run(&mut command)?.success();
    let json = std::fs::read(&report).context("vitest wrote no report")?;
    Ok(counts::vitest(&json)?.judged(success))
}

fn e2e(house: &House, transcript: &Transcript, words: &[String]) -> Result<Outcome> {
    let report = fresh_report(house, "playwright.json")?;
    let mut command = house.npm(&["run", "e2e", "--", "--reporter=list,json"]);
    command
        .args(words)
        .env("GOLDSTAR_BIN", house.goldstar("debug"))
        .env("GOLDSTAR_CHROMIUM", chromium::find_or_install(transcript)?)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let success = transcript.run(&mut command)?.success();
    let json = std::fs::read(&report).context("Playwright wrote no report")?;
    Ok(counts::playwright(&json)?.judged(success))
}

/// The path for a report, with the one of the last run gone: it must not be taken for this one's.
fn fresh_report(house: &House, name: &str) -> Result<PathBuf> {
    let path = house.target.join("xtask").join(name);
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_steps_and_tests_within_them() {
        let found = wanted(&["rust:fold", "e2e", "rust:seal"]).expect("known steps");
        let fold: Vec<String> = vec!["fold".into(), "seal".into()];
        assert_eq!(found, [("rust", fold), ("e2e", Vec::new())]);
        let error = wanted(&["rusty"]).expect_err("an unknown step").to_string();
        assert!(
            error.starts_with("there is no step `rusty`; the steps are ui-install,"),
            "{error}"
        );
    }

    #[test]
    fn every_needed_step_runs_earlier() {
        for (place, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                let earlier = STEPS[..place].iter().any(|other| other.name == *need);
                assert!(earlier, "{} needs {need}, which does not run before it", step.name);
                let theirs = STEPS.iter().find(|other| other.name == *need).map(|s| s.needs);
                let whole = theirs.unwrap_or(&[]).iter().all(|name| step.needs.contains(name));
                assert!(whole, "{} must name what {need} needs too", step.name);
            }
        }
    }

    #[test]
    fn a_step_brings_those_it_needs_and_no_other() {
        let e2e = wanted(&["e2e"]).expect("a known step");
        let needed = STEPS.iter().filter(|step| is_needed(step, &e2e)).map(|step| step.name);
        assert_eq!(needed.collect::<Vec<_>>(), ["ui-install", "ui-build", "build", "e2e"]);
    }
}
