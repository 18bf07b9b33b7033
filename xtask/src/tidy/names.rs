//! File names: a name says what is inside, and some words say nothing.

use super::{Finding, Findings};

const EMPTY_WORDS: &[&str] = &[
    "util", "utils", "helper", "helpers", "manager", "managers", "service", "services", "common",
    "misc",
];

/// Looks for words in a path under which anything could be put.
pub(super) fn check(path: &str) -> Vec<Finding> {
    let mut findings = Findings::of(path);
    for word in words(path) {
        if EMPTY_WORDS.contains(&word.as_str()) {
            let what = format!("`{word}` in a file name could hold anything");
            findings.add(1, what, "name the file after the one thing it is for");
        }
    }
    findings.all()
}

/// The words of a path: split at punctuation and where a capital follows a small letter.
fn words(path: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in path.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && letter.is_alphanumeric()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    #[test]
    fn empty_words_are_found_however_they_are_written() {
        let mend = "in a file name could hold anything; name the file after the one thing it is \
                    for";
        let found = |path: &str, word: &str| {
            expect(&check(path), &[&format!("{path}:1: `{word}` {mend}")]);
        };
        found("crates/a/src/utils.rs", "utils");
        found("ui/src/parts/StarManager.svelte", "manager");
        found("ui/src/date-helper.ts", "helper");
        found("crates/common/src/lib.rs", "common");
    }

    #[test]
    fn words_that_only_contain_them_are_fine() {
        expect(&check("crates/a/src/uncommon.rs"), &[]);
        expect(&check("crates/disk/src/fault.rs"), &[]);
        expect(&check("docs/servicestation.md"), &[]);
    }
}
