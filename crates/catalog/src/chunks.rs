//! A batch's text in pieces that end at line ends, so that several threads can read one file.
//!
//! Batches are read with ordinary reads, not mapped: an engine that starts its job again cuts the
//! file short, and a mapped file that is cut short ends the program that reads it.

use crate::blemish::Blemishes;
use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// How much text one piece holds, about. Large enough that the work on a piece outweighs handing
/// it over, small enough that two cores share a file of 50,000 lines.
const CHUNK_BYTES: usize = 1024 * 1024;

/// Whole lines of a batch.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) bytes: Vec<u8>,
    /// Place of the first byte in the text.
    pub(crate) offset: u64,
    /// Number of the first line, from 1.
    pub(crate) first_line: u64,
    /// Where each newline stands in the bytes.
    pub(crate) newlines: Vec<usize>,
}

impl Chunk {
    pub(crate) fn new(bytes: Vec<u8>, offset: u64, first_line: u64) -> Self {
        let newlines = memchr_iter(b'\n', &bytes).collect();
        Self { bytes, offset, first_line, newlines }
    }

    /// Where each line stands in the bytes, without its newline.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let end = self.bytes.len();
        let unended = (self.newlines.last().is_none_or(|last| last + 1 < end)).then_some(end);
        let mut start = 0;
        let ends = self.newlines.iter().copied().chain(unended);
        ends.map(move |end| std::mem::replace(&mut start, end + 1)..end)
    }
}

/// Hands out the pieces of one batch, in order.
pub(crate) struct Chunks {
    source: Box<dyn Read + Send>,
    carry: Vec<u8>,
    offset: u64,
    line: u64,
    line_bytes_max: usize,
    finished: bool,
    /// The disk failed on the way: another time it may not.
    pub(crate) is_cut: bool,
    /// What went wrong on the way: a line over the limit, text that could not be unpacked.
    pub(crate) blemishes: Blemishes,
}

impl Chunks {
    /// Reads `source`, whose first byte is at `offset` of the text and in line `line`.
    pub(crate) fn new(
        source: Box<dyn Read + Send>,
        offset: u64,
        line: u64,
        line_bytes_max: usize,
    ) -> Self {
        Self {
            source,
            carry: Vec::new(),
            offset,
            line,
            line_bytes_max,
            finished: false,
            is_cut: false,
            blemishes: Blemishes::default(),
        }
    }

    /// Bytes of text and lines ended so far.
    pub(crate) fn position(&self) -> (u64, u64) {
        (self.offset, self.line)
    }

    /// The next whole lines; `None` at the end. The last piece may lack its final newline. They
    /// come in `buffer`: memory that is used again is in the processor's cache, and a new one for
    /// each piece would cost more than reading it.
    pub(crate) fn next_chunk(&mut self, buffer: &mut Vec<u8>) -> Option<Chunk> {
        while !self.finished {
            let mut bytes = std::mem::take(buffer);
            bytes.clear();
            bytes.append(&mut self.carry);
            let had = bytes.len();
            self.read_more(&mut bytes);
            let end = if self.finished {
                bytes.len()
            } else {
                match memrchr(b'\n', &bytes[had..]) {
                    Some(at) => had + at + 1,
                    None if bytes.len() > self.line_bytes_max => {
                        self.skip_line(bytes.len());
                        continue;
                    }
                    None => {
                        self.carry = bytes;
                        continue;
                    }
                }
            };
            self.carry.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            if bytes.is_empty() {
                *buffer = bytes;
                continue;
            }
            let chunk = Chunk::new(bytes, self.offset, self.line);
            self.offset += chunk.bytes.len() as u64;
            self.line += chunk.newlines.len() as u64;
            return Some(chunk);
        }
        None
    }

    /// Reads one piece more behind what is there.
    fn read_more(&mut self, bytes: &mut Vec<u8>) {
        bytes.reserve(CHUNK_BYTES);
        match self.source.by_ref().take(CHUNK_BYTES as u64).read_to_end(bytes) {
            Ok(read) => self.finished = read < CHUNK_BYTES,
            Err(error) => {
                self.stop(&error);
                self.blemishes.add(
                    Some(self.line),
                    format!("reading stopped here, what follows is not shown: {error}"),
                );
            }
        }
    }

    /// Nothing more can be read. What is packed wrongly stays so; a disk may have a better day.
    fn stop(&mut self, error: &io::Error) {
        self.finished = true;
        self.is_cut = error.raw_os_error().is_some();
    }

    /// Passes over the rest of a line that is longer than we hold, of which `seen` bytes are read.
    fn skip_line(&mut self, seen: usize) {
        let mut length = seen as u64;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.source.read(&mut buffer) {
                Ok(0) => self.finished = true,
                Ok(read) => {
                    let Some(end) = memchr(b'\n', &buffer[..read]) else {
                        length += read as u64;
                        continue;
                    };
                    length += end as u64 + 1;
                    self.carry = buffer[end + 1..read].to_vec();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => self.stop(&error),
            }
            break;
        }
        let limit = self.line_bytes_max >> 20;
        self.blemishes.add(
            Some(self.line),
            format!("a line of {} MiB; the limit is {limit} MiB", length >> 20),
        );
        self.offset += length;
        self.line += 1;
    }
}

/// Text that is unpacked and kept as it is read, so that its lines can be found again by place.
pub(crate) struct Tee<R, W> {
    pub(crate) from: R,
    pub(crate) to: W,
}

impl<R: Read, W: io::Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        if read == 0 {
            self.to.flush()?;
        }
        self.to.write_all(&buffer[..read])?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A source that gives a few bytes at a time.
    struct Drip(io::Cursor<Vec<u8>>, usize);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(self.1);
            self.0.read(&mut buffer[..most])
        }
    }

    fn lines(text: &[u8], drip: usize, limit: usize) -> (Vec<(u64, u64, Vec<u8>)>, u64) {
        let source = Box::new(Drip(io::Cursor::new(text.to_vec()), drip));
        let mut chunks = Chunks::new(source, 0, 1, limit);
        let mut found = Vec::new();
        let mut buffer = Vec::new();
        while let Some(chunk) = chunks.next_chunk(&mut buffer) {
            let (mut offset, mut line) = (chunk.offset, chunk.first_line);
            let split = chunk.bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
            let of_lines = chunk.lines().map(|line| chunk.bytes[line].to_vec());
            assert_eq!(
                of_lines.collect::<Vec<_>>(),
                match split.split_last() {
                    Some((last, ended)) if last.is_empty() => ended,
                    _ => &split[..],
                }
            );
            for piece in chunk.bytes.split_inclusive(|b| *b == b'\n') {
                found.push((offset, line, piece.to_vec()));
                offset += piece.len() as u64;
                line += 1;
            }
            buffer = chunk.bytes;
        }
        (found, chunks.blemishes.total)
    }

    proptest! {
        #[test]
        fn every_line_once_at_its_place(text in "[a\n]{0,200}", drip in 1_usize..9) {
            let (found, blemishes) = lines(text.as_bytes(), drip, 1 << 20);
            let mut offset = 0;
            let expected: Vec<_> = text.split_inclusive('\n').enumerate().map(|(at, piece)| {
                let line = (offset, at as u64 + 1, piece.as_bytes().to_vec());
                offset += piece.len() as u64;
                line
            }).collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(blemishes, 0);
        }
    }

    #[test]
    fn a_line_over_the_limit_hides_no_other() {
        let long = "x".repeat(3 * CHUNK_BYTES);
        let text = format!("one\n{long}\nthree\n");
        let (found, blemishes) = lines(text.as_bytes(), 1 << 20, CHUNK_BYTES);
        let kept: Vec<_> = found.iter().map(|(_, line, bytes)| (*line, bytes.len())).collect();
        assert_eq!(kept, [(1, 4), (3, 6)]);
        assert_eq!(found[1].0, 4 + long.len() as u64 + 1);
        assert_eq!(blemishes, 1);
    }

    #[test]
    fn a_source_that_fails_keeps_what_came() {
        struct Fails(bool);
        impl Read for Fails {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("bad block"));
                }
                buffer[..4].copy_from_slice(b"one\n");
                Ok(4)
            }
        }
        let mut chunks = Chunks::new(Box::new(Fails(false)), 0, 1, 1 << 20);
        assert_eq!(chunks.next_chunk(&mut Vec::new()).unwrap().bytes, b"one\n");
        assert!(chunks.next_chunk(&mut Vec::new()).is_none());
        assert_eq!(chunks.blemishes.total, 1);
    }
}
