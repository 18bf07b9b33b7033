//! The line of a prompt that says a name: `Name: Ada`, `**Candidate's name:** Ada`,
//! `full_name：Ada`.
//!
//! Written by hand because every request is searched for it, which takes a regular expression
//! many times as long. A test holds the two against each other.

/// The name in the first line that says one, as it stands there.
pub(crate) fn name_line(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let end = memchr::memchr(b'\n', rest.as_bytes());
        let name = name_in(&rest[..end.unwrap_or(rest.len())]);
        if name.is_some() {
            return name;
        }
        rest = &rest[end? + 1..];
    }
}

fn name_in(line: &str) -> Option<&str> {
    let label = without_first(line, 8, |c| c.is_whitespace() || matches!(c, '*' | '#' | '>' | '-'));
    let rest = after_word(without_owner(label)?, "name")?;
    let rest = without_first(rest, 2, is_mark).trim_start_matches(BLANKS);
    let rest = rest.strip_prefix([':', '：'])?;
    // Marks count as the name's own where nothing else is left for it.
    let names = [2, 1, 0].map(|marks| without_first(rest, marks, is_mark));
    let mut names = names.iter().map(|name| name.trim_start_matches(BLANKS));
    let name = names.find(|name| name.starts_with(|c: char| !c.is_whitespace()))?;
    name.split('\r').next()
}

const BLANKS: [char; 2] = [' ', '\t'];

fn is_mark(c: char) -> bool {
    matches!(c, '*' | '_')
}

/// The text without its first characters that are such, `most` at most.
fn without_first(text: &str, most: usize, is_such: impl Fn(char) -> bool) -> &str {
    let mut chars = text.chars();
    let mut rest = text;
    for _ in 0..most {
        match chars.next() {
            Some(c) if is_such(c) => rest = chars.as_str(),
            _ => break,
        }
    }
    rest
}

/// The label without the word that says whose name it is. `None`: that word is no label's.
fn without_owner(label: &str) -> Option<&str> {
    let rest = match after_word(label, "candidate") {
        Some(rest) => ["'s", "'S", "'ſ"].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest),
        None => match after_word(label, "full").or_else(|| after_word(label, "applicant")) {
            Some(rest) => rest,
            None => return Some(label),
        },
    };
    rest.strip_prefix([' ', '_'])
}

/// What follows the word, which may be in capitals.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    static AS_REGEX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?mi)^[\s*#>-]{0,8}(?:candidate(?:'s)?[ _]|full[ _]|applicant[ _])?name",
            r"[*_]{0,2}[ \t]*[:：][*_]{0,2}[ \t]*(\S[^\r\n]*)"
        ))
        .unwrap()
    });

    fn check(text: &str) {
        let expected = AS_REGEX.captures(text).map(|found| found.get(1).unwrap().as_str());
        assert_eq!(name_line(text), expected, "{text:?}");
    }

    #[test]
    fn names() {
        assert_eq!(name_line("CV\n**Candidate's name:** Ada \r\nAge: 3"), Some("Ada "));
        assert_eq!(name_line("> full_name：王芳"), Some("王芳"));
        for text in ["Name: **", "name:_ _", "NAME_: x", "candidateſ name:a", "candidate'ſ name:a"]
        {
            check(text);
        }
        for text in
            ["#########name: x", "########name: x", "\u{2028}name:\u{a0}", "name:\r\nname: a"]
        {
            check(text);
        }
    }

    proptest! {
        #[test]
        fn the_regular_expression_says_the_same(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "name", "Name", "NAME", ":", "：", "*", "**", "_", " ", "\t", "\n", "\r\n", "#", ">",
                "-", "candidate", "Candidate'S ", "candidate'ſ", "full_", "Full ", "applicant ", "'s",
                "Ada", "é", "\u{a0}", "\u{2028}", "x", "\u{b}", "K", "ſ", "name: ",
            ]), 0..14),
        ) {
            check(&pieces.concat());
        }
    }
}
