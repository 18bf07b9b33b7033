//! `completions`: a script for a shell.

use crate::arguments::Arguments;
use crate::commands::print;
use crate::failure::Failure;
use clap::CommandFactory;
use clap_complete::Shell;

/// Prints the script.
pub(crate) fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "goldstar", &mut script);
    print(&String::from_utf8_lossy(&script))
}
