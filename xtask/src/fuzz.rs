//! `fuzz`: bytes nobody thought of, for everything that reads what others wrote.

use crate::house::{House, Transcript};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::{Command, ExitCode};

/// What is fuzzed; one file each in `fuzz/fuzz_targets/`.
const TARGETS: [&str; 5] = ["line", "batch", "journal", "query", "config"];

/// Fuzzes every target, or those named, for so many minutes each: 10 unless told otherwise. What
/// is found is put into `fuzz/corpus/`, where an ordinary test meets it from then on.
pub(crate) fn run(house: &House, words: &[String]) -> Result<ExitCode> {
    let (minutes, names) = match words {
        [first, names @ ..] if first.parse::<u64>().is_ok() => (first.parse()?, names),
        names => (10_u64, names),
    };
    if let Some(name) = names.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        bail!("there is no target `{name}`; the targets are {}", TARGETS.join(", "));
    }
    let is_meant = |target: &&str| names.is_empty() || names.iter().any(|name| name == target);
    let mut ended = ExitCode::SUCCESS;
    for target in TARGETS.into_iter().filter(is_meant) {
        println!("--- {target}, {minutes} min");
        let known = house.root.join("fuzz/corpus").join(target);
        // What the fuzzer learns about the code fills another folder, for it has no end.
        let learnt = house.target.join("fuzz/corpus").join(target);
        fs::create_dir_all(&learnt).with_context(|| format!("{}", learnt.display()))?;
        let mut command = Command::new("cargo");
        command
            .current_dir(&house.root)
            .args(["+nightly", "fuzz", "run", "--fuzz-dir", "fuzz", "--target-dir"])
            .arg(house.target.join("fuzz"))
            .arg(target)
            .args([&learnt, &known])
            .arg("--")
            .arg(format!("-max_total_time={}", minutes * 60))
            .arg(format!("-artifact_prefix={}/", known.display()))
            .args(["-max_len=8192", "-print_final_stats=1", "-verbosity=0"]);
        if !Transcript::Terminal.run(&mut command)?.success() {
            println!("found one, or `cargo +nightly fuzz` is not there: cargo install cargo-fuzz");
            ended = ExitCode::FAILURE;
        }
    }
    Ok(ended)
}
