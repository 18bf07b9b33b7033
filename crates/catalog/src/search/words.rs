//! What a word is: for the index, for the scan of texts and for highlighting alike.
//!
//! A word is a longest run of letters and digits, in lower case. Han, Hiragana and Katakana are
//! written without spaces, so each of their characters is a word by itself. Nothing is stemmed and
//! no word is left out: what stands there is found as it stands there.

use std::borrow::Cow;
use std::ops::Range;

/// Of a longer word only so many characters count.
pub(crate) const WORD_CHARS_MAX: usize = 64;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'t> {
    /// The word as it is compared: lower case, at most [`WORD_CHARS_MAX`] characters.
    pub text: Cow<'t, str>,
    /// Where all of it stands in the text, bytes.
    pub range: Range<usize>,
}

/// The words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut runs = Runs::new(text);
    std::iter::from_fn(move || {
        let run = runs.next()?;
        let text = match run.plain(text) {
            Some(word) => Cow::Borrowed(word),
            None => {
                let mut word = String::new();
                run.lower_into(text, &mut word);
                Cow::Owned(word)
            }
        };
        Some(Word { text, range: run.range })
    })
}

/// Words that stand one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    pub(crate) words: Vec<String>,
    pub(crate) is_prefix: bool,
}

impl Phrase {
    /// The words of `text`; with `is_prefix` a word only has to begin as the last one.
    pub fn new(text: &str, is_prefix: bool) -> Self {
        Self { words: words(text).map(|word| word.text.into_owned()).collect(), is_prefix }
    }

    /// Whether it has no word: then there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the phrase stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        Matches::new(self, text).next().is_some()
    }

    /// Where the phrase stands in a text, from the first byte of its first word to the last of its
    /// last word, from left to right and never one in another.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        Matches::new(self, text).collect()
    }

    fn fits(&self, at: usize, word: &str) -> bool {
        let wanted = &*self.words[at];
        if self.is_prefix && at + 1 == self.words.len() {
            word.starts_with(wanted)
        } else {
            word == wanted
        }
    }
}

/// Finds a phrase in a text.
struct Matches<'t> {
    phrase: &'t Phrase,
    text: &'t str,
    runs: Runs<'t>,
    /// Where the phrase has begun, and how many of its words stand there.
    begun: Vec<(usize, usize)>,
    /// A word in lower case; memory that is used again.
    lower: String,
}

impl<'t> Matches<'t> {
    fn new(phrase: &'t Phrase, text: &'t str) -> Self {
        // Without a word nothing is found.
        let runs = Runs::new(if phrase.is_empty() { "" } else { text });
        Self { phrase, text, runs, begun: Vec::new(), lower: String::new() }
    }
}

impl Iterator for Matches<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let run = self.runs.next()?;
            let word = match run.plain(self.text) {
                Some(word) => word,
                None => {
                    run.lower_into(self.text, &mut self.lower);
                    &self.lower
                }
            };
            let phrase = self.phrase;
            self.begun.push((run.range.start, 0));
            self.begun.retain_mut(|(_, stand)| {
                let fits = phrase.fits(*stand, word);
                *stand += 1;
                fits
            });
            // Only the oldest can be whole: each of them is as many words long as it is old.
            if let Some((start, _)) = self.begun.first().filter(|b| b.1 == phrase.words.len()) {
                let found = *start..run.range.end;
                self.begun.clear();
                return Some(found);
            }
        }
    }
}

/// A word in a text, not yet in lower case.
pub(crate) struct Run {
    pub(crate) range: Range<usize>,
    /// It is all small ASCII letters and digits.
    is_plain: bool,
}

impl Run {
    /// The word, if it can be taken as it stands.
    pub(crate) fn plain<'t>(&self, text: &'t str) -> Option<&'t str> {
        let end = self.range.end.min(self.range.start + WORD_CHARS_MAX);
        self.is_plain.then(|| &text[self.range.start..end])
    }

    /// Puts the word in lower case into `word`.
    pub(crate) fn lower_into(&self, text: &str, word: &mut String) {
        word.clear();
        let text = &text[self.range.clone()];
        if text.is_ascii() {
            word.push_str(&text[..text.len().min(WORD_CHARS_MAX)]);
            word.make_ascii_lowercase();
        } else {
            word.extend(text.chars().take(WORD_CHARS_MAX).flat_map(char::to_lowercase));
        }
    }
}

/// Finds words, one after the other.
pub(crate) struct Runs<'t> {
    text: &'t str,
    at: usize,
}

/// What a byte is: between words, a small letter or digit, a capital, part of another character.
const CLASS: [u8; 256] = {
    let mut class = [BETWEEN; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => SMALL,
            b'A'..=b'Z' => CAPITAL,
            128.. => WIDE,
            _ => BETWEEN,
        };
        byte += 1;
    }
    class
};
const BETWEEN: u8 = 0;
const SMALL: u8 = 1;
const CAPITAL: u8 = 2;
const WIDE: u8 = 4;

impl<'t> Runs<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn next(&mut self) -> Option<Run> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            while start < bytes.len() && CLASS[usize::from(bytes[start])] == BETWEEN {
                start += 1;
            }
            let first = *bytes.get(start)?;
            if first < 128 {
                break;
            }
            let first = self.text[start..].chars().next()?;
            if first.is_alphanumeric() {
                break;
            }
            start += first.len_utf8();
        }
        let (mut end, mut seen) = (start, 0);
        while end < bytes.len() {
            let class = CLASS[usize::from(bytes[end])];
            if class == BETWEEN {
                break;
            }
            seen |= class;
            end += 1;
        }
        if seen & WIDE != 0 {
            end = start + length_of_word(&self.text[start..]);
        }
        self.at = end;
        Some(Run { range: start..end, is_plain: seen == SMALL })
    }
}

/// The bytes of the word that the text begins with.
fn length_of_word(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() && !is_word_by_itself(c);
    match text.chars().next() {
        Some(first) if is_part(first) => text.find(|c| !is_part(c)).unwrap_or(text.len()),
        first => first.map_or(0, char::len_utf8),
    }
}

/// Whether it is a character of a script that is written without spaces.
fn is_word_by_itself(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3038}'..='\u{303C}' // Han, signs
        | '\u{3041}'..='\u{309F}' // Hiragana
        | '\u{30A0}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}' // Katakana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // Han
        | '\u{1AFF0}'..='\u{1B16F}' // older and smaller kana
        | '\u{20000}'..='\u{323AF}' // Han, further planes
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_a_word() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<_> = words(text).map(|word| word.text.into_owned()).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("", &[]);
        check(" -- !", &[]);
        check("Jo's 10,5 e-mails", &["jo", "s", "10", "5", "e", "mails"]);
        check("snake_case and x2", &["snake", "case", "and", "x2"]);
        check("Köln CÓRDOBA straße", &["köln", "córdoba", "straße"]);
        check("ΣΊΣΥΦΟΣ", &["σίσυφοσ"]); // by character: no rule for the end of a word
        check("año2024…fin", &["año2024", "fin"]);
        check("人工知能AI時代", &["人", "工", "知", "能", "ai", "時", "代"]);
        check("カタカナ と ひらがな", &["カ", "タ", "カ", "ナ", "と", "ひ", "ら", "が", "な"]);
        check("한국어 글", &["한국어", "글"]);
        check("русский", &["русский"]);
        check("🙂ok🙂", &["ok"]);
        let long = "ab".repeat(40);
        check(&long, &[&long[..64]]);
        check(&"É".repeat(70), &[&"é".repeat(64)]);
    }

    #[test]
    fn where_a_phrase_stands() {
        let check = |phrase: &str, is_prefix: bool, text: &str, expected: &[&str]| {
            let phrase = Phrase::new(phrase, is_prefix);
            let found: Vec<_> = phrase.ranges(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, expected, "{phrase:?} in {text}");
        };
        check("10 years", false, "for 10 Years, 10 yearss, 110 years", &["10 Years"]);
        check("10 year", true, "for 10 Years, 10 yearss, 110 years", &["10 Years", "10 yearss"]);
        check("lead", false, "leader", &[]);
        check("lead", true, "Leader, lead", &["Leader", "lead"]);
        check("a a", false, "a a a a a", &["a a", "a a"]);
        check("a b a c", false, "a b a b a c", &["a b a c"]);
        check("years 10", true, "10 years", &[]);
        check("知能", false, "人工知能", &["知能"]);
        check("", true, "anything", &[]);
        check("--", false, "a -- b", &[]);
    }

    /// Texts in which words and phrases meet often.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[ab]{1,2}",
            " ",
            ", ",
            "[A-C]",
            "ä",
            "Ä",
            "人",
            "か",
            "ſ",
            "İ",
            "🙂",
            any::<String>(),
        ];
        proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    /// Another way to say what words are: character by character.
    fn plainly(text: &str) -> Vec<(Range<usize>, String)> {
        let mut found: Vec<(Range<usize>, String)> = Vec::new();
        let mut goes_on = false;
        for (at, c) in text.char_indices() {
            let alone = is_word_by_itself(c);
            if c.is_alphanumeric() {
                if !goes_on || alone {
                    found.push((at..at, String::new()));
                }
                let last = found.last_mut().unwrap();
                if text[last.0.clone()].chars().count() < WORD_CHARS_MAX {
                    last.1.extend(c.to_lowercase());
                }
                last.0.end = at + c.len_utf8();
            }
            goes_on = c.is_alphanumeric() && !alone;
        }
        found
    }

    proptest! {
        #[test]
        fn words_are_what_they_should_be(text in text()) {
            let found: Vec<_> =
                words(&text).map(|word| (word.range, word.text.into_owned())).collect();
            prop_assert_eq!(found, plainly(&text));
        }

        #[test]
        fn phrases_are_where_they_should_be(
            text in text(), phrase in text(), is_prefix in any::<bool>(),
        ) {
            let phrase = Phrase::new(&phrase, is_prefix);
            let words = plainly(&text);
            let fits = |at: usize| {
                let stand = words.iter().skip(at).map(|(_, word)| &**word);
                let all = phrase.words.iter().map(|word| &**word).zip(stand).collect::<Vec<_>>();
                let last = all.len().saturating_sub(1);
                !phrase.is_empty() && all.len() == phrase.words.len()
                    && all.iter().enumerate().all(|(at, (wanted, stands))| {
                        if is_prefix && at == last { stands.starts_with(wanted) }
                        else { stands == wanted }
                    })
            };
            let mut expected = Vec::new();
            let mut at = 0;
            while at < words.len() {
                if fits(at) {
                    let last = at + phrase.words.len() - 1;
                    expected.push(words[at].0.start..words[last].0.end);
                    at = last;
                }
                at += 1;
            }
            prop_assert_eq!(phrase.is_in(&text), !expected.is_empty());
            prop_assert_eq!(phrase.ranges(&text), expected);
        }
    }
}
