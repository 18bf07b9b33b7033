//! Reading many texts again, side by side: what a search does before there is an index, and what it
//! always does for a pattern.

use crate::fast;
use crate::index::output_text;
use crate::parallel::each_in_parallel;
use crate::read::{read_text, utf8};
use crate::record::Place;
use crate::snapshot::Snapshot;
use crate::table::{NAME, PROMPT, SHOWN};
use std::ops::Range;

/// Entries that a thread takes at once.
const LOT: usize = 512;
/// Lines that stand side by side are read together up to so many bytes.
const BYTES_AT_ONCE: u64 = 1 << 20;

/// The texts of one entry.
#[derive(Debug)]
pub struct Texts<'t> {
    /// The entry.
    pub entry: u32,
    /// The row of its record.
    pub row: u32,
    /// Its answer, if it is an output that is shown.
    pub output: Option<&'t str>,
    /// The prompt, if it is the one that its record shows.
    pub prompt: Option<&'t str>,
    /// The name, if it is the one that its record shows.
    pub name: Option<&'t str>,
    /// The id of its record.
    pub custom_id: &'t str,
}

/// What a thread reads with.
#[derive(Default)]
struct Reader {
    buffer: Vec<u8>,
    memory: fast::Memory,
}

/// An entry to be read.
struct Wanted {
    entry: u32,
    row: u32,
    custom_id: String,
    name: Option<String>,
    place: Place,
    choice: u16,
    flags: u8,
}

impl Snapshot {
    /// Reads the texts of these entries (in ascending order) on `threads` threads, each with its
    /// own `T` from `make`. What cannot be read any more has no texts; its record says so when it
    /// is opened.
    pub fn read_texts<T: Send>(
        &self,
        entries: &[u32],
        threads: usize,
        make: impl Fn() -> T + Sync,
        look: impl Fn(&mut T, &Texts<'_>) + Sync,
    ) -> Vec<T> {
        let lots: Vec<&[u32]> = entries.chunks(LOT).collect();
        let begin = || (make(), Reader::default());
        let read = |(made, reader): &mut (T, Reader), _: usize, lot: &&[u32]| {
            self.read_lot(lot, reader, &mut |texts| look(made, texts));
        };
        let done = each_in_parallel(&lots, threads, begin, read);
        done.into_iter().map(|(made, _)| made).collect()
    }

    fn read_lot(&self, lot: &[u32], reader: &mut Reader, look: &mut dyn FnMut(&Texts<'_>)) {
        let Reader { buffer, memory } = reader;
        let wanted: Vec<Wanted> = self.look(|table| {
            let wanted = lot.iter().map(|entry| {
                let joined = table.joined(*entry);
                let flags = table.flags(*entry);
                let name = joined.entry.name.filter(|_| flags & NAME != 0);
                Wanted {
                    entry: *entry,
                    row: table.by_entry.row.get(*entry as usize),
                    custom_id: joined.entry.custom_id.to_owned(),
                    name: name.map(str::to_owned),
                    choice: joined.entry.choice,
                    place: Place::of(&joined),
                    flags,
                }
            });
            wanted.collect()
        });
        let mut rest = &wanted[..];
        while !rest.is_empty() {
            let (together, later) = rest.split_at(side_by_side(rest));
            rest = later;
            let span = span(together);
            buffer.resize((span.end - span.start) as usize, 0);
            if together[0].place.read_into(span.start, buffer).is_ok() {
                for line in together.chunk_by(|a, b| a.place.is_same_line(&b.place)) {
                    let Range { start, end } = line[0].place.range();
                    let bytes = (start - span.start) as usize..(end - span.start) as usize;
                    read_one(memory, &buffer[bytes], line, look);
                }
            }
        }
    }
}

/// How many of the first stand so near each other in one batch that they are read together.
fn side_by_side(wanted: &[Wanted]) -> usize {
    let first = &wanted[0].place;
    let near = |pair: &[Wanted]| {
        let (a, b) = (pair[0].place.range(), pair[1].place.range());
        first.is_same_batch(&pair[1].place)
            && a.start <= b.start
            && b.start <= a.end + 1
            && b.end - first.range().start <= BYTES_AT_ONCE
    };
    1 + wanted.windows(2).take_while(|pair| near(pair)).count()
}

fn span(together: &[Wanted]) -> Range<u64> {
    let end = together.iter().map(|wanted| wanted.place.range().end).max().unwrap_or_default();
    together[0].place.range().start..end
}

fn read_one(
    memory: &mut fast::Memory,
    bytes: &[u8],
    line: &[Wanted],
    look: &mut dyn FnMut(&Texts<'_>),
) {
    let Ok(text) = utf8(bytes) else { return };
    let read = read_text(memory, text, false, |reading, _| {
        for wanted in line {
            let mut answers = reading.answers.iter().enumerate();
            let is_shown = wanted.flags & SHOWN != 0;
            let answer = answers.find(|(at, answer)| {
                is_shown && crate::index::choice_of(*at, answer) == wanted.choice
            });
            let output = answer.map(|(_, answer)| output_text(answer));
            let has_prompt = wanted.flags & PROMPT != 0;
            let prompt = reading.prompt.as_ref().filter(|_| has_prompt);
            let prompt = prompt.map(|prompt| prompt.as_input());
            look(&Texts {
                entry: wanted.entry,
                row: wanted.row,
                custom_id: &wanted.custom_id,
                name: wanted.name.as_deref(),
                output: output.as_deref(),
                prompt: prompt.as_deref(),
            });
        }
    });
    // A line that is not what it was has no texts.
    drop(read);
}
