//! Finds the browser for the end-to-end tests, or installs it.

use crate::debian;
use crate::house::{Transcript, on_path};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// The browser to test with: `GOLDSTAR_CHROMIUM`, one on the PATH, or one installed now.
pub(crate) fn find_or_install(transcript: &Transcript) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("GOLDSTAR_CHROMIUM").map(PathBuf::from) {
        if !named.is_file() {
            bail!("GOLDSTAR_CHROMIUM names {}, which is not a file", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"], transcript)
        .context("no Chromium was found, neither by GOLDSTAR_CHROMIUM nor on the PATH")?;
    find().context("Chromium was installed, but it is not on the PATH; set GOLDSTAR_CHROMIUM")
}

fn find() -> Option<PathBuf> {
    on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]).or_else(
        || Some(PathBuf::from("/usr/bin/chromium")).filter(|candidate| candidate.is_file()),
    )
}
