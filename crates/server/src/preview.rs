//! The piece of a text that a cell shows: its beginning, or where the words stand that were looked
//! for, with their places.

use goldstar_collection::{Look, Query};
use std::ops::Range;

/// Characters of a preview.
const CHARS: usize = 300;
/// Characters that are shown before the first word that was looked for.
const CHARS_BEFORE: usize = 60;
/// Words further on in a text are not marked, bytes.
const LOOKED_AT: usize = 256 << 10;

/// A piece of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) text: String,
    /// Start and end of each mark, in UTF-16 code units, as a browser counts.
    pub(crate) marks: Vec<[u32; 2]>,
}

/// What a query looks for in texts.
pub(crate) fn looks(query: &Query) -> Vec<Look> {
    let wanted = query.clauses.iter().filter(|clause| !clause.negated);
    wanted.filter_map(|clause| Look::of(&clause.condition)).collect()
}

/// What a cell shows of a text.
pub(crate) fn preview(text: &str, looks: &[Look]) -> Preview {
    let begin = &text[..text.floor_char_boundary(LOOKED_AT)];
    let mut found: Vec<Range<usize>> = looks
        .iter()
        .flat_map(|look| look.ranges(begin))
        .filter(|range| !range.is_empty())
        .collect();
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let start = found.first().map_or(0, |first| start_before(text, first));
    let end = text[start..].char_indices().nth(CHARS).map_or(text.len(), |(at, _)| start + at);
    let mut preview = Preview::default();
    if start > 0 {
        preview.text.push('…');
    }
    let mut units = preview.text.encode_utf16().count();
    let mut at = start;
    for range in found.into_iter().filter(|range| range.start < end) {
        let (from, to) = (range.start.max(at), range.end.min(end));
        if from >= to {
            continue; // inside the mark before
        }
        units += text[at..from].encode_utf16().count();
        let length = text[from..to].encode_utf16().count();
        preview.marks.push([units as u32, (units + length) as u32]);
        units += length;
        at = to;
    }
    preview.text.push_str(&text[start..end]);
    preview
}

/// The beginning, if the first mark is seen from there; else a little before it, at a word.
fn start_before(text: &str, first: &Range<usize>) -> usize {
    if text[..first.end].chars().take(CHARS + 1).count() <= CHARS {
        return 0;
    }
    let before = &text[..first.start];
    let back = before.char_indices().rev().take(CHARS_BEFORE).last().map_or(0, |(at, _)| at);
    before[back..].find(char::is_whitespace).map_or(back, |space| {
        let space = back + space;
        space + text[space..].chars().next().map_or(0, char::len_utf8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The preview with its marks in brackets.
    fn marked(text: &str, query: &str) -> String {
        let Preview { text, marks } = preview(text, &looks(&Query::parse(query).unwrap()));
        let units: Vec<u16> = text.encode_utf16().collect();
        let (mut shown, mut at) = (String::new(), 0);
        for [from, to] in marks.iter().map(|mark| mark.map(|unit| unit as usize)) {
            shown += &String::from_utf16(&units[at..from]).unwrap();
            shown += &format!("[{}]", String::from_utf16(&units[from..to]).unwrap());
            at = to;
        }
        shown + &String::from_utf16(&units[at..]).unwrap()
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        let check = |text: &str, query: &str, expected: &str| {
            assert_eq!(marked(text, query), expected, "{query}");
        };
        check("A strong leader.", "leader", "A strong [leader].");
        check("A strong leader.", "-leader model:x", "A strong leader.");
        check("A strong leader, leading.", "lead* strong", "A [strong] [leader], [leading].");
        check("😀 Strong, strong Leader", "\"strong leader\"", "😀 Strong, [strong Leader]");
        check("strong leader", "\"strong leader\" leader", "[strong leader]");
        check("v1.2 and v1.3", "/v\\d/", "[v1].2 and [v1].3");
        check("数据 data", "数", "[数]据 data");
    }

    #[test]
    fn a_word_far_on_is_shown_with_what_stands_before_it() {
        let text = format!("{}a needle in it {}", "hay ".repeat(200), "and more ".repeat(100));
        let shown = marked(&text, "needle");
        assert!(shown.starts_with("…hay hay"), "{shown}");
        assert!(shown.contains("a [needle] in it and more"), "{shown}");
        assert_eq!(
            preview(&text, &looks(&Query::parse("needle").unwrap())).text.chars().count(),
            301
        );
        assert_eq!(preview(&text, &[]).text, text[..300]);
    }

    #[test]
    fn a_mark_that_the_end_cuts_is_cut() {
        let text = format!("{} {}", "ab".repeat(10), "c".repeat(400));
        assert_eq!(preview(&text, &looks(&Query::parse("c*").unwrap())).text.chars().count(), 301);
    }
}
