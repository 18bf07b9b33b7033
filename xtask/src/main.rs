//! The project's tools: one verb per file, the same verbs for people and for CI.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool at the edge: it writes build products, reads the environment and talks"
)]

mod acceptance;
mod bench;
mod check;
mod chromium;
mod codegen;
mod counts;
mod debian;
mod fuzz;
mod house;
mod report;
mod soak;
mod start;
mod steps;
mod test;
mod tidy;
mod ui;

use anyhow::Result;
use house::House;
use std::process::ExitCode;

/// What can be asked for: the word, its arguments, what it does, and the function that does it.
type Verb = (&'static str, &'static str, &'static str, fn(&House, &[String]) -> Result<ExitCode>);

const VERBS: &[Verb] = &[
    ("start", "[DIR] [--port N]", "build everything and serve DIR, or a demo", start::run),
    ("test", "[STEP[:WORD] ...]", "every check there is, or the named steps", test::run),
    ("check", "", "the fast checks: fmt, clippy, tidy, ui-check", check::run),
    ("codegen", "[--check]", "write, or compare, the generated files", codegen::run),
    ("tidy", "", "the house rules a compiler does not know", tidy::run),
    ("acceptance", "[SCRIPT ...]", "the scripts that use Goldstar from outside", acceptance::run),
    ("bench", "[--small|--large] [ROW ...]", "Goldstar beside its peers", bench::run),
    ("fuzz", "[MINUTES] [TARGET ...]", "bytes nobody thought of, for all readers", fuzz::run),
    ("soak", "[MINUTES]", "an hour of many reviewers and restarts", soak::run),
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let asked = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let Some(verb) = VERBS.iter().find(|verb| verb.0 == asked) else {
        return explain(&asked);
    };
    match House::here().and_then(|house| verb.3(&house, &rest)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn explain(asked: &str) -> ExitCode {
    let is_help = matches!(asked, "help" | "--help" | "-h");
    if !is_help && !asked.is_empty() {
        eprintln!("error: there is no verb `{asked}`\n");
    }
    eprintln!("cargo xtask VERB, where VERB is one of:");
    for (name, arguments, what, _) in VERBS {
        eprintln!("  {:<28} {what}", format!("{name} {arguments}"));
    }
    eprintln!("\nThe steps of `test`: {}", steps::names().join(" "));
    if is_help { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
