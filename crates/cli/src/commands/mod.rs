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

/// `1 record`, `2 records`.
pub(crate) fn count(number: u64, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        let counted = [0, 1, 2].map(|number| count(number, "star"));
        assert_eq!(counted, ["0 stars", "1 star", "2 stars"]);
    }
}
