//! What a record is called: a field of the line, the prompt's `Name:` line, or a rule of the user.

use crate::line::{Prompt, Reading, text_of};
use crate::name_line::name_line;
use regex::Regex;
use serde_json::Value;

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
            .or_else(|| {
                let regex = self.regex.as_ref()?;
                in_prompt(reading.prompt.as_ref()?, |text| matched(regex, text)).map(str::to_owned)
            })
            .or_else(|| reading.name.as_ref().map(|name| name.to_string()))
            .or_else(|| in_prompt(reading.prompt.as_ref()?, name_line).map(str::to_owned))
            .map(|name| tidied(&name))
            .filter(|name| !name.is_empty())
    }
}

fn text_of_name(value: &Value) -> String {
    if value.is_null() { String::new() } else { text_of(value) }
}

/// What `find` finds in the last text of a prompt in which it finds anything.
fn in_prompt<'p>(prompt: &'p Prompt, find: impl Fn(&'p str) -> Option<&'p str>) -> Option<&'p str> {
    let spoken = prompt.0.iter().filter(|message| message.role != "assistant");
    spoken.rev().find_map(|message| {
        let end = message.content.floor_char_boundary(SEARCHED_BYTES);
        find(&message.content[..end])
    })
}

fn matched<'t>(regex: &Regex, text: &'t str) -> Option<&'t str> {
    let found = regex.captures(text)?;
    found.get(1).or_else(|| found.get(0)).map(|name| name.as_str())
}

/// One line, no marks around it, not too long.
fn tidied(name: &str) -> String {
    let line = name.split(['\n', '\r']).map(str::trim).find(|line| !line.is_empty());
    let bare = line.unwrap_or_default().trim_matches(['*', '_', '"', '`', ' ', ',']);
    if bare.len() <= NAME_CHARS_MAX && !bare.contains(char::is_control) {
        return bare.to_owned();
    }
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
