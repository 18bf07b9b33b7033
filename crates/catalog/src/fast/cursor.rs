//! A place in a line of JSON that moves forward once, and notes the values that it passes.
//!
//! Every step answers `None` where the line is not what it expects: then the general reader has
//! to look at it, whether it is JSON or not.

use super::values::{Notes, Span, ValueNo};
use memchr::memchr2;
use std::ops::Range;

/// How deep values that nobody looks at may be nested.
const DEPTH_MAX: u32 = 120;
/// A number of so many digits and with an exponent of so many is less than 10^300: no double is too
/// small for it.
const DIGITS_MAX: usize = 200;
const EXPONENT_DIGITS_MAX: usize = 2;

/// What stands behind a stretch of a line that is the same in many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string that is looked at, from behind its opening quote on.
    Text,
    /// A number that is looked at.
    Number,
    /// A string, number, list or object that nobody looks at.
    Passed,
    /// Nothing: the line ends here.
    End,
}

/// A stretch of a line and what follows it.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) stretch: Range<usize>,
    pub(super) kind: Kind,
}

/// A place in a line.
pub(super) struct Cursor<'l, 'n> {
    line: &'l str,
    bytes: &'l [u8],
    at: usize,
    /// Where the last value ended.
    behind_value: usize,
    notes: &'n mut Notes,
}

impl<'l, 'n> Cursor<'l, 'n> {
    /// The start of a line without control characters: blanks are all the white space in it.
    pub(super) fn new(line: &'l str, notes: &'n mut Notes) -> Self {
        notes.clear();
        Self { line, bytes: line.as_bytes(), at: 0, behind_value: 0, notes }
    }

    /// Passes over a stretch if it stands here, with what follows it.
    pub(super) fn follows(&mut self, stretch: &[u8], kind: Kind) -> bool {
        let follows = self.bytes[self.at..].starts_with(stretch)
            && kind.may_begin(self.bytes.get(self.at + stretch.len()));
        self.at += if follows { stretch.len() } else { 0 };
        follows
    }

    /// Passes over a value, and notes where it stands if it is looked at.
    pub(super) fn value(&mut self, kind: Kind) -> Option<()> {
        match kind {
            Kind::Text => {
                let span = self.rest_of_text()?;
                self.notes.spans.push(span);
            }
            Kind::Number => {
                let start = self.at;
                self.skip_number()?;
                self.notes.spans.push(Span { start, end: self.at, is_unescaped: false });
            }
            Kind::Passed => self.skip_nested(DEPTH_MAX)?,
            Kind::End => {}
        }
        Some(())
    }

    /// As [`Cursor::value`], in a line of which the steps are not known.
    fn new_value(&mut self, kind: Kind) -> Option<()> {
        let stretch = self.behind_value..self.at;
        self.notes.steps.push(Step { stretch, kind });
        self.value(kind)?;
        self.behind_value = self.at;
        Some(())
    }

    fn new_noted_value(&mut self, kind: Kind) -> Option<ValueNo> {
        self.new_value(kind)?;
        Some(ValueNo::last_of(self.notes))
    }

    /// The end of the line.
    pub(super) fn end(&mut self) -> Option<()> {
        self.blanks();
        (self.at == self.bytes.len()).then_some(())?;
        self.new_value(Kind::End)
    }

    /// An object: `member` is called behind each key and has to pass its value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &'l str) -> Option<()>,
    ) -> Option<()> {
        self.byte(b'{')?;
        if self.is_next(b'}') {
            return Some(());
        }
        loop {
            let key = self.key()?;
            self.byte(b':')?;
            self.blanks();
            member(self, key)?;
            if !self.is_next(b',') {
                return self.byte(b'}');
            }
        }
    }

    /// A list: `item` is called before each item and has to pass it.
    pub(super) fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.byte(b'[')?;
        if self.is_next(b']') {
            return Some(());
        }
        loop {
            self.blanks();
            item(self)?;
            if !self.is_next(b',') {
                return self.byte(b']');
            }
        }
    }

    /// A string.
    pub(super) fn text(&mut self) -> Option<ValueNo> {
        self.byte(b'"')?;
        self.new_noted_value(Kind::Text)
    }

    /// A string, or `null`.
    pub(super) fn text_or_null(&mut self) -> Option<Option<ValueNo>> {
        self.or_null(Self::text)
    }

    /// A number.
    pub(super) fn number(&mut self) -> Option<ValueNo> {
        self.new_noted_value(Kind::Number)
    }

    /// What `read` reads, or `null`.
    pub(super) fn or_null<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.bytes.get(self.at) == Some(&b'n') {
            self.null()?;
            return Some(None);
        }
        read(self).map(Some)
    }

    /// `null`.
    pub(super) fn null(&mut self) -> Option<()> {
        self.word(b"null")
    }

    /// Passes over any value.
    pub(super) fn skip(&mut self) -> Option<()> {
        match self.bytes.get(self.at)? {
            b'n' | b't' | b'f' => self.skip_nested(0),
            _ => self.new_value(Kind::Passed),
        }
    }

    fn rest_of_text(&mut self) -> Option<Span> {
        let (start, before) = (self.at, self.notes.unescaped.len());
        loop {
            let from = self.at;
            self.at += memchr2(b'"', b'\\', &self.bytes[from..])?;
            let is_unescaped = self.notes.unescaped.len() > before;
            let is_end = self.bytes[self.at] == b'"';
            if is_unescaped || !is_end {
                self.notes.unescaped.push_str(&self.line[from..self.at]);
            }
            self.at += 1;
            if !is_end {
                self.unescape()?;
                while self.is_here(b'\\') {
                    self.unescape()?; // ends of lines often come in pairs
                }
            } else if is_unescaped {
                return Some(Span { start: before, end: self.notes.unescaped.len(), is_unescaped });
            } else {
                return Some(Span { start, end: self.at - 1, is_unescaped });
            }
        }
    }

    fn skip_nested(&mut self, depth: u32) -> Option<()> {
        match self.bytes.get(self.at)? {
            b'"' => self.skip_string(),
            b'n' => self.null(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'{' => {
                let depth = depth.checked_sub(1)?;
                self.object(|cursor, _| cursor.skip_nested(depth))
            }
            b'[' => {
                let depth = depth.checked_sub(1)?;
                self.list(|cursor| cursor.skip_nested(depth))
            }
            _ => self.skip_number(),
        }
    }

    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            self.at += memchr2(b'"', b'\\', &self.bytes[self.at..])? + 1;
            if self.bytes[self.at - 1] == b'"' {
                return Some(());
            }
            self.escaped()?;
        }
    }

    /// Passes a number that is no larger than a double can be, by the count of its digits; the tree
    /// says what becomes of others.
    fn skip_number(&mut self) -> Option<()> {
        let start = self.at;
        self.integer_part()?;
        if self.at - start > DIGITS_MAX {
            return None;
        }
        if self.is_here(b'.') {
            self.digits()?;
        }
        if self.is_here(b'e') || self.is_here(b'E') {
            let _signed = self.is_here(b'+') || self.is_here(b'-');
            let start = self.at;
            self.digits()?;
            if self.at - start > EXPONENT_DIGITS_MAX {
                return None;
            }
        }
        Some(())
    }

    /// A number's digits before its point, none of them a needless zero.
    fn integer_part(&mut self) -> Option<()> {
        let _signed = self.is_here(b'-');
        if self.is_here(b'0') { Some(()) } else { self.digits() }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// A key that is written without escapes.
    fn key(&mut self) -> Option<&'l str> {
        self.byte(b'"')?;
        let start = self.at;
        loop {
            // Keys are short: a search for the quote takes longer than this.
            match self.bytes.get(self.at)? {
                b'"' => break,
                b'\\' => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(&self.line[start..self.at - 1])
    }

    /// Notes what an escape stands for, from behind its backslash on.
    fn unescape(&mut self) -> Option<()> {
        let escaped = if self.is_here(b'n') { '\n' } else { self.escaped()? };
        self.notes.unescaped.push(escaped);
        Some(())
    }

    /// What an escape stands for, from behind its backslash on.
    fn escaped(&mut self) -> Option<char> {
        let kind = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match kind {
            b'n' => '\n',
            b'"' | b'\\' | b'/' => char::from(kind),
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => return self.unicode(),
            _ => return None,
        })
    }

    /// The character of one `\uXXXX`, or of two that are halves of a pair.
    fn unicode(&mut self) -> Option<char> {
        let first = self.code_unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first.into());
        }
        self.word(b"\\u")?;
        char::decode_utf16([first, self.code_unit()?]).next()?.ok()
    }

    fn code_unit(&mut self) -> Option<u16> {
        let digits = self.line.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn blanks(&mut self) {
        while self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
    }

    /// Passes over `byte` behind blanks.
    fn byte(&mut self, byte: u8) -> Option<()> {
        self.is_next(byte).then_some(())
    }

    /// Passes over `byte` behind blanks if it is there.
    fn is_next(&mut self, byte: u8) -> bool {
        self.blanks();
        self.is_here(byte)
    }

    /// Passes over `byte` if it is just here.
    fn is_here(&mut self, byte: u8) -> bool {
        let is_here = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_here);
        is_here
    }
}

impl Kind {
    /// Whether a value of this kind may begin with this byte, as far as the kinds that may stand
    /// behind the same bytes are told apart by it.
    fn may_begin(self, first: Option<&u8>) -> bool {
        match self {
            Self::Text => true,
            Self::Number => first.is_some_and(|byte| *byte == b'-' || byte.is_ascii_digit()),
            Self::Passed => first.is_some_and(|byte| {
                matches!(byte, b'"' | b'{' | b'[' | b'-') || byte.is_ascii_digit()
            }),
            Self::End => first.is_none(),
        }
    }
}
