//! docs/dependencies.md: a line for each library, and no line for a library that is gone.

use super::{Finding, Findings};
use crate::house::House;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

const PAGE: &str = "docs/dependencies.md";
const MANIFEST: &str = "Cargo.toml";

/// Compares the page with the workspace's manifest and the UI's package.json.
pub(super) fn check_workspace(house: &House) -> Result<Vec<Finding>> {
    let manifest = fs::read_to_string(house.root.join(MANIFEST)).context("no Cargo.toml")?;
    let page = fs::read_to_string(house.root.join(PAGE)).unwrap_or_default();
    let package = fs::read_to_string(house.ui().join("package.json")).unwrap_or_default();
    Ok(check(&manifest, &page, &npm_names(&package)))
}

fn check(manifest: &str, page: &str, npm: &[String]) -> Vec<Finding> {
    let libraries = libraries(manifest);
    let rows = rows(page);
    let mut missing = Findings::of(MANIFEST);
    for (line, library) in &libraries {
        if !rows.iter().any(|(_, row)| row == library) {
            let what = format!("nothing says why `{library}` is here");
            missing.add(*line, what, format!("add a row `| {library} | … |` to {PAGE}"));
        }
    }
    let mut stale = Findings::of(PAGE);
    for (line, row) in &rows {
        if !libraries.iter().any(|(_, library)| library == row) && !npm.iter().any(|n| n == row) {
            stale.add(*line, format!("`{row}` is not a dependency"), "take the row out");
        }
    }
    let mut findings = missing.all();
    findings.extend(stale.all());
    findings
}

/// The names in `[workspace.dependencies]` that come from a registry, with their lines.
fn libraries(manifest: &str) -> Vec<(usize, &str)> {
    (1..)
        .zip(manifest.lines())
        .skip_while(|(_, line)| line.trim() != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_alphanumeric()))
        .filter(|(_, line)| !line.contains("path ="))
        .filter_map(|(number, line)| line.split_once('=').map(|(name, _)| (number, name.trim())))
        .collect()
}

/// The first cells of the page's tables, with their lines, without the tables' headings.
fn rows(page: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = page.lines().collect();
    let is_rule = |line: &&&str| line.starts_with("|-") || line.starts_with("| -");
    let mut rows = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let is_heading = lines.get(index + 1).is_some_and(|next| is_rule(&next));
        if let Some(cells) = line.strip_prefix("| ")
            && !is_heading
            && !is_rule(&line)
            && let Some((name, _)) = cells.split_once(" |")
        {
            rows.push((index + 1, name.trim().trim_matches('`')));
        }
    }
    rows
}

fn npm_names(package: &str) -> Vec<String> {
    let package: Value = serde_json::from_str(package).unwrap_or_default();
    let groups = ["dependencies", "devDependencies"].map(|key| package[key].clone());
    let names = groups.iter().filter_map(Value::as_object).flat_map(|group| group.keys());
    names.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    const MANIFEST_TEXT: &str = "[workspace]\nmembers = []\n\n[workspace.dependencies]\n\
                                 anyhow = \"1\"\nclap = { version = \"4\" }\n\
                                 goldstar-disk = { path = \"crates/disk\" }\n\n[profile.dev]\n\
                                 debug = 1\n";

    fn check_page(page: &str, expected: &[&str]) {
        let npm = npm_names(r#"{"dependencies": {"svelte": "5"}, "devDependencies": {}}"#);
        expect(&check(MANIFEST_TEXT, page, &npm), expected);
    }

    #[test]
    fn every_library_has_a_row() {
        check_page("| library | why |\n|---|---|\n| anyhow | errors |\n| `clap` | words |\n", &[]);
        let anyhow = "Cargo.toml:5: nothing says why `anyhow` is here; add a row `| anyhow | … |` \
                      to docs/dependencies.md";
        let clap = "Cargo.toml:6: nothing says why `clap` is here; add a row `| clap | … |` to \
                    docs/dependencies.md";
        check_page("", &[anyhow, clap]);
        check_page(
            "| x | y |\n|---|---|\n| anyhow | a |\n| clap-derive | b |\n",
            &[clap, "docs/dependencies.md:4: `clap-derive` is not a dependency; take the row out"],
        );
    }

    #[test]
    fn a_row_may_name_a_package_of_the_ui() {
        let rows = "| x | y |\n| --- | --- |\n| anyhow | a |\n| clap | b |\n| svelte | c |\n";
        check_page(rows, &[]);
        let stale = "docs/dependencies.md:6: `react` is not a dependency; take the row out";
        check_page(&format!("{rows}| react | d |\n"), &[stale]);
    }
}
