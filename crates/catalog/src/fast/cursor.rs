//! A place in a line of JSON that moves forward once and keeps nothing.
//!
//! Every step answers `None` where the line is not what it expects: then the general reader has
//! to look at it, whether it is JSON or not.

use memchr::memchr2;
use std::ops::Range;

/// How deep values that nobody looks at may be nested.
const DEPTH_MAX: u32 = 120;

/// Where a string's text stands: in the line, or among the unescaped texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: usize,
    end: usize,
    pub(super) is_unescaped: bool,
}

impl Span {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A place in a line.
pub(super) struct Cursor<'l, 'u> {
    line: &'l str,
    bytes: &'l [u8],
    at: usize,
    unescaped: &'u mut String,
}

impl<'l, 'u> Cursor<'l, 'u> {
    /// The start of a line, whose strings that hold escapes are put behind `unescaped`. `None`: it
    /// holds control characters, so that blanks are all the white space there can be from here on.
    pub(super) fn new(line: &'l str, unescaped: &'u mut String) -> Option<Self> {
        let bytes = line.as_bytes();
        let least = bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte));
        (least >= b' ').then_some(Self { line, bytes, at: 0, unescaped })
    }

    /// The end of the line.
    pub(super) fn end(&mut self) -> Option<()> {
        self.blanks();
        (self.at == self.bytes.len()).then_some(())
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
    pub(super) fn text(&mut self) -> Option<Span> {
        self.byte(b'"')?;
        let (start, before) = (self.at, self.unescaped.len());
        loop {
            let from = self.at;
            self.at += memchr2(b'"', b'\\', &self.bytes[from..])?;
            let is_unescaped = self.unescaped.len() > before;
            let is_end = self.bytes[self.at] == b'"';
            if is_unescaped || !is_end {
                self.unescaped.push_str(&self.line[from..self.at]);
            }
            self.at += 1;
            if !is_end {
                let escaped = self.escaped()?;
                self.unescaped.push(escaped);
            } else if is_unescaped {
                return Some(Span { start: before, end: self.unescaped.len(), is_unescaped });
            } else {
                return Some(Span { start, end: self.at - 1, is_unescaped });
            }
        }
    }

    /// A string, or `null`.
    pub(super) fn text_or_null(&mut self) -> Option<Option<Span>> {
        self.or_null(Self::text)
    }

    /// A whole number.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let start = self.at;
        self.integer_part()?;
        // What follows a part of a number is no end of a value, and is refused as such.
        self.line[start..self.at].parse().ok()
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
        self.skip_nested(DEPTH_MAX)
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

    fn skip_number(&mut self) -> Option<()> {
        self.integer_part()?;
        if self.is_here(b'.') {
            self.digits()?;
        }
        if self.is_here(b'e') || self.is_here(b'E') {
            let _signed = self.is_here(b'+') || self.is_here(b'-');
            self.digits()?;
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
