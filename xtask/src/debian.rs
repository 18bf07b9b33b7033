//! Installs a Debian package that a check needs, where that can be done without asking anybody.

use crate::house::{Transcript, on_path};
use anyhow::{Result, bail};
use std::process::Command;

/// Installs packages with apt-get. Only root can; everybody else is told what to install.
pub(crate) fn install(packages: &[&str], transcript: &Transcript) -> Result<()> {
    let wanted = packages.join(" ");
    if on_path(&["apt-get"]).is_none() || !is_root() {
        bail!("please install what Debian calls `{wanted}`");
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let mut install = apt(&["install", "-y"]);
    install.args(packages);
    // A failed update is not the end: the package lists of the image may do.
    transcript.run(&mut apt(&["update"]))?;
    if transcript.run(&mut install)?.success() {
        return Ok(());
    }
    // An interrupted earlier installation leaves packages half configured; finish those first.
    transcript.run(Command::new("dpkg").args(["--configure", "-a"]))?;
    transcript.run(&mut apt(&["-f", "install", "-y"]))?;
    transcript.succeed(&mut install)
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
