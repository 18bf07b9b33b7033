//! What a record is called: a field of the line, the prompt's `Name:` line, or a rule of the user.

use crate::line::{Prompt, Reading, text_of};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// How much of a message is searched for a name: it stands near the top or not at all.
const SEARCHED_BYTES: usize = 64 * 1024;
/// A longer name is cut here, so that a rule that matches too much can't fill the table.
const NAME_CHARS_MAX: usize = 200;

/// Where the name of a record is found.
#[derive(Debug, Clone, Default)]
pub struct NameRule {
    /// A JSON pointer (RFC 6901) into the line of the result or the request.
    pub pointer: Option<String>,
    /// A regular expression for the prompt's text; its first group, or the whole match, is the
    /// name.
    pub regex: Option<Regex>,
}

static NAME_LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?mi)^[\s*#>-]{0,8}(?:candidate(?:'s)?[ _]|full[ _]|applicant[ _])?name[*_]{0,2}[ \t]*[:：][*_]{0,2}[ \t]*(\S[^\r\n]*)")
        .expect("the pattern is a constant")
});

impl NameRule {
    /// Whether lines have to be read as trees.
    pub(crate) fn needs_tree(&self) -> bool {
        self.pointer.is_some()
    }

    /// The rule as text, to notice that it changed.
    pub(crate) fn fingerprint(&self) -> String {
        format!("{:?} {:?}", self.pointer, self.regex.as_ref().map(Regex::as_str))
    }

    /// The name that this line gives its record: the user's own rule first, then a field, then
    /// the prompt.
    pub(crate) fn find(&self, reading: &Reading<'_>, tree: Option<&Value>) -> Option<String> {
        let by_pointer = || tree?.pointer(self.pointer.as_ref()?).map(text_of_name);
        by_pointer()
            .or_else(|| in_prompt(self.regex.as_ref()?, reading.prompt.as_ref()?))
            .or_else(|| reading.name.as_ref().map(|name| name.to_string()))
            .or_else(|| in_prompt(&NAME_LINE, reading.prompt.as_ref()?))
            .map(|name| tidied(&name))
            .filter(|name| !name.is_empty())
    }
}

fn text_of_name(value: &Value) -> String {
    if value.is_null() { String::new() } else { text_of(value) }
}

fn in_prompt(regex: &Regex, prompt: &Prompt) -> Option<String> {
    let spoken = prompt.0.iter().filter(|message| message.role != "assistant");
    spoken.rev().find_map(|message| {
        let mut end = message.content.len().min(SEARCHED_BYTES);
        while !message.content.is_char_boundary(end) {
            end -= 1;
        }
        let found = regex.captures(&message.content[..end])?;
        found.get(1).or_else(|| found.get(0)).map(|name| name.as_str().to_owned())
    })
}

/// One line, no marks around it, not too long.
fn tidied(name: &str) -> String {
    let line = name.split(['\n', '\r']).map(str::trim).find(|line| !line.is_empty());
    let bare = line.unwrap_or_default().trim_matches(['*', '_', '"', '`', ' ', ',']);
    bare.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(rule: &NameRule, prompt: &str, line: &Value, expected: Option<&str>) {
        let reading = Reading { prompt: Some(Prompt::user(prompt)), ..Reading::default() };
        assert_eq!(rule.find(&reading, Some(line)).as_deref(), expected, "{prompt}");
    }

    #[test]
    fn finds_the_name_line() {
        let rule = NameRule::default();
        let none = json!({});
        check(&rule, "CV\nName: Zoë Łukasz\nAge: 3", &none, Some("Zoë Łukasz"));
        check(&rule, "**Candidate name:** Ada ", &none, Some("Ada"));
        check(&rule, "full_name：王芳", &none, Some("王芳"));
        check(&rule, "The name: of the rose", &none, None);
        check(&rule, "Filename: x.txt", &none, None);
        check(&rule, "Name:\nJob: x", &none, None);
    }

    #[test]
    fn the_users_rule_comes_first() {
        let line = json!({"meta": {"who/x": ["Bo"]}, "top": 7});
        let pointer = |p: &str| NameRule { pointer: Some(p.into()), regex: None };
        check(&pointer("/meta/who~1x/0"), "Name: Ada", &line, Some("Bo"));
        check(&pointer("/top"), "Name: Ada", &line, Some("7"));
        check(&pointer("/none"), "Name: Ada", &line, Some("Ada"));
        let regex = NameRule { pointer: None, regex: Some(Regex::new(r"ID=(\w+)").unwrap()) };
        check(&regex, "Name: Ada, ID=q17", &line, Some("q17"));
    }
}
