//! Reasoning that a model wrote into its text, between `<think>` and `</think>`.

use memchr::{memchr, memmem};

/// Splits a text into the reasoning it opens with, if any, and the answer.
///
/// An engine with a reasoning parser does this itself; without one the tags stay in the text.
/// Templates that open the block for the model leave only the closing tag. A block that is never
/// closed (the tokens ran out) is all reasoning.
pub fn split_reasoning(text: &str) -> (Option<&str>, &str) {
    const OPEN: &str = "<think>";
    const CLOSE: &str = "</think>";
    let start = text.trim_start();
    let body = match start.strip_prefix(OPEN) {
        Some(body) => body,
        // Few texts hold a `<` at all, which is found out faster.
        None => match memchr(b'<', text.as_bytes())
            .and_then(|from| Some(from + memmem::find(&text.as_bytes()[from..], CLOSE.as_bytes())?))
        {
            Some(at) if !text[..at].contains(OPEN) && text[at..].starts_with("</think>\n") => text,
            _ => return (None, text),
        },
    };
    match body.split_once(CLOSE) {
        Some((reasoning, answer)) => (Some(reasoning.trim()), answer.trim_start()),
        None => (Some(body.trim()), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, reasoning: Option<&str>, answer: &str) {
        assert_eq!(split_reasoning(text), (reasoning, answer), "{text}");
    }

    #[test]
    fn splits() {
        check("<think>\nSix times seven.\n</think>\n\n42", Some("Six times seven."), "42");
        check("  <think>cut off", Some("cut off"), "");
        check("so it is\n</think>\n42", Some("so it is"), "42");
        check("no tags", None, "no tags");
        check("the tag </think> in a sentence", None, "the tag </think> in a sentence");
        check("a <think>b</think>\nc", None, "a <think>b</think>\nc");
        check("<think></think>ok", Some(""), "ok");
    }
}
