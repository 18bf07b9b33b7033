//! Answers: the entries that hold a phrase.

use super::index::{Held, Segment};
use super::words::Phrase;
use super::{Field, SearchError, Span};
use crate::bits::Bits;
use crate::parallel::map_in_parallel;
use std::sync::Arc;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption::{Basic, WithFreqsAndPositions};
use tantivy::{DocId, DocSet, TERMINATED};

/// Positions that are held at once while the last word of a phrase is looked for.
const POSITIONS_MAX: usize = 1 << 20;

impl Held {
    /// The entries whose `field` holds the phrase. `spans` are the places of each batch's rows
    /// among the entries, in the order of [`Held::batches`]; rows that have none are passed over.
    /// There are `entries` in all.
    pub(crate) fn find(
        &self,
        phrase: &Phrase,
        field: Field,
        spans: &[Vec<Span>],
        entries: u32,
    ) -> Result<Bits, SearchError> {
        let mut found = Bits::new(entries);
        if phrase.is_empty() {
            return Ok(found);
        }
        let known = self.list.batches.iter().map(|known| known.number);
        let firsts: Vec<(u32, &[Span])> = known.zip(spans.iter().map(Vec::as_slice)).collect();
        let share = self.segments.len().div_ceil(self.threads).max(1);
        let shares: Vec<&[Arc<Segment>]> = self.segments.chunks(share).collect();
        let parts = map_in_parallel(&shares, self.threads, |segments| {
            let mut bits = Bits::new(entries);
            for segment in *segments {
                let mut entries = Entries::new(segment, &firsts, &mut bits);
                look(segment, phrase, field, &mut entries).map_err(|error| {
                    let folder = self.folder.clone();
                    SearchError::Engine { folder, what: error.to_string() }
                })?;
            }
            Ok(bits)
        });
        for part in parts {
            found.or(&part?);
        }
        Ok(found)
    }
}

/// Puts documents of a segment, which come in order, into the set of entries.
struct Entries<'a> {
    segment: &'a Segment,
    firsts: &'a [(u32, &'a [Span])],
    bits: &'a mut Bits,
    next_run: usize,
    /// The end of the run, and what makes an entry of a document in it.
    end: DocId,
    shift: Option<u32>,
}

impl<'a> Entries<'a> {
    fn new(segment: &'a Segment, firsts: &'a [(u32, &'a [Span])], bits: &'a mut Bits) -> Self {
        Self { segment, firsts, bits, next_run: 0, end: 0, shift: None }
    }

    fn put(&mut self, mut docs: &[DocId]) {
        while let Some(&doc) = docs.first() {
            if doc >= self.end {
                self.seek(doc);
            }
            let here = match docs.last() {
                Some(last) if *last < self.end => docs.len(),
                _ => docs.partition_point(|doc| *doc < self.end),
            };
            if let Some(shift) = self.shift {
                docs[..here].iter().for_each(|doc| self.bits.set(doc.wrapping_add(shift)));
            }
            docs = &docs[here..];
        }
    }

    fn seek(&mut self, doc: DocId) {
        let runs = &self.segment.runs;
        let ahead = runs[self.next_run..].partition_point(|run| run.first_doc <= doc);
        self.next_run += ahead;
        let at = self.next_run.saturating_sub(1);
        let run = runs[at];
        self.end = self.segment.end_of_run(at);
        let known = self.firsts.binary_search_by_key(&run.batch, |(number, _)| *number);
        let spans = known.map_or(&[][..], |known| self.firsts[known].1);
        // A batch that has grown stands in several places.
        let row = run.first_row + (doc - run.first_doc);
        let next = spans.partition_point(|span| span.first_row <= row);
        let span = next.checked_sub(1).map(|at| spans[at]).filter(|span| row < span.end());
        let end = span.map(|span| span.end()).or(spans.get(next).map(|span| span.first_row));
        if let Some(end) = end {
            self.end = self.end.min(doc + (end - row));
        }
        self.shift = span.map(|span| (span.first_entry + (row - span.first_row)).wrapping_sub(doc));
    }
}

fn look(
    segment: &Segment,
    phrase: &Phrase,
    field: Field,
    entries: &mut Entries<'_>,
) -> tantivy::Result<()> {
    let words = segment.reader.inverted_index(field.column())?;
    let (last, before) = phrase.words.split_last().expect("the phrase is not empty");
    match (before.is_empty(), phrase.is_prefix) {
        (true, false) => {
            if let Some(term) = words.terms().get(last)? {
                each_block(&words, &term, |docs| entries.put(docs))?;
            }
        }
        (true, true) => {
            let mut found = Bits::new(segment.reader.max_doc());
            for term in terms_from(&words, last)? {
                each_block(&words, &term, |docs| docs.iter().for_each(|doc| found.set(*doc)))?;
            }
            put_all(&found, entries);
        }
        (false, false) => {
            let Some(mut together) = Together::new(&words, &phrase.words)? else { return Ok(()) };
            while let Some(doc) = together.next() {
                entries.put(&[doc]);
            }
        }
        (false, true) => {
            let found = phrase_with_prefix(segment, &words, before, last)?;
            put_all(&found, entries);
        }
    }
    Ok(())
}

fn put_all(found: &Bits, entries: &mut Entries<'_>) {
    found.ones().for_each(|doc| entries.put(&[doc]));
}

/// Hands out the documents with a word, in order.
fn each_block(
    words: &InvertedIndexReader,
    term: &TermInfo,
    mut take: impl FnMut(&[DocId]),
) -> tantivy::Result<()> {
    let mut block = words.read_block_postings_from_terminfo(term, Basic)?;
    while !block.docs().is_empty() {
        take(block.docs());
        block.advance();
    }
    Ok(())
}

/// All words that begin so.
fn terms_from(words: &InvertedIndexReader, prefix: &str) -> tantivy::Result<Vec<TermInfo>> {
    let mut terms = words.terms().range().ge(prefix).into_stream()?;
    let mut found = Vec::new();
    while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
        found.push(terms.value().clone());
    }
    Ok(found)
}

/// The documents with these words and behind them one that begins so.
fn phrase_with_prefix(
    segment: &Segment,
    words: &InvertedIndexReader,
    before: &[String],
    prefix: &str,
) -> tantivy::Result<Bits> {
    let mut found = Bits::new(segment.reader.max_doc());
    let Some(mut together) = Together::new(words, before)? else { return Ok(found) };
    let mut terms = terms_from(words, prefix)?;
    // The commonest find most, and what is found is not looked at again.
    terms.sort_by_key(|term| std::cmp::Reverse(term.doc_freq));
    let mut positions = Vec::new();
    loop {
        let some = Places::collect(&mut together, before.len() as u32);
        let Some(&first) = some.docs.first() else { return Ok(found) };
        for term in &terms {
            let mut postings = words.read_postings_from_terminfo(term, WithFreqsAndPositions)?;
            let mut doc =
                if postings.doc() < first { postings.seek(first) } else { postings.doc() };
            let mut at = 0;
            while doc != TERMINATED {
                at += some.docs[at..].partition_point(|known| *known < doc);
                match some.docs.get(at) {
                    None => break,
                    Some(&known) if known > doc => doc = postings.seek(known),
                    Some(_) => {
                        if !found.get(doc) {
                            postings.positions(&mut positions);
                            if have_one_in_common(some.of(at), &positions) {
                                found.set(doc);
                            }
                        }
                        doc = postings.advance();
                    }
                }
            }
        }
    }
}

/// Documents, and at which positions in each a word may stand.
#[derive(Default)]
struct Places {
    docs: Vec<DocId>,
    ends: Vec<usize>,
    positions: Vec<u32>,
}

impl Places {
    /// The next documents in which words stand together, and what stands so far behind them.
    fn collect(together: &mut Together, behind: u32) -> Self {
        let mut places = Self::default();
        while places.positions.len() < POSITIONS_MAX
            && let Some(doc) = together.next()
        {
            places.docs.push(doc);
            places.positions.extend(together.starts.iter().map(|start| start + behind));
            places.ends.push(places.positions.len());
        }
        places
    }

    fn of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.positions[start..self.ends[at]]
    }
}

/// Whether two ascending lists share a number.
fn have_one_in_common(mut a: &[u32], mut b: &[u32]) -> bool {
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => a = rest_a,
            std::cmp::Ordering::Greater => b = rest_b,
        }
    }
    false
}

/// Finds documents in which words stand one behind the other.
struct Together {
    /// Each word's place in the phrase and its documents; the rarest word comes first.
    words: Vec<(u32, SegmentPostings)>,
    /// Where the phrase begins in the document that was found.
    starts: Vec<u32>,
    positions: Vec<u32>,
    is_new: bool,
}

impl Together {
    /// `None` when one of the words stands nowhere.
    fn new(index: &InvertedIndexReader, phrase: &[String]) -> tantivy::Result<Option<Self>> {
        let mut words = Vec::new();
        for (at, word) in phrase.iter().enumerate() {
            let Some(term) = index.terms().get(word)? else { return Ok(None) };
            let postings = index.read_postings_from_terminfo(&term, WithFreqsAndPositions)?;
            words.push((term.doc_freq, at as u32, postings));
        }
        words.sort_by_key(|(count, at, _)| (*count, *at));
        let words = words.into_iter().map(|(_, at, postings)| (at, postings)).collect();
        Ok(Some(Self { words, starts: Vec::new(), positions: Vec::new(), is_new: true }))
    }

    fn next(&mut self) -> Option<DocId> {
        loop {
            if !std::mem::take(&mut self.is_new) {
                self.words[0].1.advance();
            }
            let doc = self.next_with_all()?;
            if self.stand_together() {
                return Some(doc);
            }
        }
    }

    /// The next document with all words, from the one that the rarest stands at.
    fn next_with_all(&mut self) -> Option<DocId> {
        let ((_, rarest), others) = self.words.split_first_mut()?;
        let mut doc = rarest.doc();
        'look: while doc != TERMINATED {
            for (_, other) in others.iter_mut() {
                let at = if other.doc() < doc { other.seek(doc) } else { other.doc() };
                if at > doc {
                    doc = rarest.seek(at);
                    continue 'look;
                }
            }
            return Some(doc);
        }
        None
    }

    fn stand_together(&mut self) -> bool {
        self.starts.clear();
        for (number, (at, postings)) in self.words.iter_mut().enumerate() {
            postings.positions(&mut self.positions);
            let begins = self.positions.iter().filter_map(|position| position.checked_sub(*at));
            if number == 0 {
                self.starts.extend(begins);
            } else {
                let mut begins = begins.peekable();
                self.starts.retain(|start| {
                    while begins.next_if(|begin| begin < start).is_some() {}
                    begins.peek() == Some(start)
                });
            }
            if self.starts.is_empty() {
                return false;
            }
        }
        true
    }
}
