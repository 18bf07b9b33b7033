//! Keeps the UI's packages and its built page in step with their sources.

use crate::house::{House, Transcript};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Folders of `ui/` that do not go into the page.
const NOT_INPUTS: &[&str] = &["node_modules", "e2e", "test-results", "playwright-report"];

/// True when `node_modules` does not hold what the lock file asks for.
pub(crate) fn needs_install(house: &House) -> bool {
    let lock = fs::read(house.ui().join("package-lock.json")).ok();
    lock.is_none() || fs::read(stamp(house)).ok() != lock
}

/// Installs exactly what the lock file names, and remembers for which lock file that was.
pub(crate) fn install(house: &House, transcript: &Transcript) -> Result<()> {
    transcript.succeed(&mut house.npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::copy(house.ui().join("package-lock.json"), stamp(house))
        .context("cannot copy ui/package-lock.json into ui/node_modules")?;
    Ok(())
}

/// True when any source of the UI is newer than the page built from it.
pub(crate) fn needs_build(house: &House) -> Result<bool> {
    let Ok(page) = fs::metadata(page(house)) else { return Ok(true) };
    let built = page.modified()?;
    Ok(newest(&house.ui(), NOT_INPUTS)?.is_some_and(|source| source > built))
}

/// Builds the page into the server crate, where its build script picks it up.
pub(crate) fn build(house: &House, transcript: &Transcript) -> Result<()> {
    transcript.succeed(&mut house.npm(&["run", "build"]))?;
    anyhow::ensure!(page(house).is_file(), "`npm run build` left no {}", page(house).display());
    Ok(())
}

/// A copy of the lock file lies beside the packages it describes: comparing the two says whether
/// they match, which dates cannot after a checkout.
fn stamp(house: &House) -> PathBuf {
    house.ui().join("node_modules/.installed-for-package-lock.json")
}

fn page(house: &House) -> PathBuf {
    house.root.join("crates/server/embed/dist/index.html")
}

/// The latest change below a folder. The dates of inner folders count, because they alone tell
/// that a file was taken away; the date of `folder` itself does not, tools write beside sources.
fn newest(folder: &Path, leave_out: &[&str]) -> Result<Option<SystemTime>> {
    let mut latest = None;
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let metadata = entry.metadata()?;
        let hidden = name.to_string_lossy().starts_with('.');
        if leave_out.iter().any(|left_out| name == *left_out) || hidden && metadata.is_dir() {
            continue;
        }
        latest = latest.max(Some(metadata.modified()?));
        if metadata.is_dir() {
            latest = latest.max(newest(&entry.path(), leave_out)?);
        }
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A `ui/` whose page is of hour 10 and whose one file `path` is of hour `hour`.
    fn check(path: &str, hour: u64, expected: bool) {
        let name = format!("xtask-ui-{}-{}-{hour}", std::process::id(), path.replace('/', "-"));
        let root = std::env::temp_dir().join(name);
        let house = House { root: root.clone(), target: root.join("target") };
        let source = house.ui().join(path);
        fs::create_dir_all(source.parent().expect("a parent")).expect("the ui folder");
        fs::create_dir_all(page(&house).parent().expect("a parent")).expect("the dist folder");
        fs::write(&source, "x").expect("a source");
        fs::write(page(&house), "x").expect("a page");
        date(&page(&house), 10);
        date(&source, hour);
        let folder = source.parent().expect("a parent");
        if folder != house.ui() {
            date(folder, hour);
        }
        assert_eq!(needs_build(&house).expect("an answer"), expected, "{path} at {hour}");
        fs::remove_dir_all(&root).expect("the scratch folder goes");
    }

    fn date(path: &Path, hour: u64) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + hour * 3600);
        fs::File::open(path).and_then(|file| file.set_modified(time)).expect("a date");
    }

    #[test]
    fn a_newer_source_asks_for_a_build() {
        check("src/app.ts", 11, true);
        check("package-lock.json", 11, true);
        check(".prettierrc", 11, true);
    }

    #[test]
    fn an_older_source_and_what_is_no_source_do_not() {
        check("src/app.ts", 9, false);
        check("e2e/grid.spec.ts", 11, false);
        check("node_modules/x.js", 11, false);
        check(".cache/x", 11, false);
    }

    #[test]
    fn no_page_asks_for_a_build() {
        let house = House { root: PathBuf::from("nowhere"), target: PathBuf::from("nowhere") };
        assert!(needs_build(&house).expect("an answer"));
    }
}
