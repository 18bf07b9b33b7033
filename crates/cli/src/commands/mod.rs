//! One file for each command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod serve;
pub(crate) mod star;

use crate::failure::Failure;
use std::io::{self, Write};

/// Writes to standard output; whoever reads it may stop at any time.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::output(&error))
}
