//! One model's evaluation of one candidate, as Markdown: the better its quality, the more specific.

use super::grammar::{Grammar, ListId};
use super::models::Style;
use super::voice::{Voice, push_number};

/// What an evaluation is to be like.
pub(super) struct Brief {
    pub(super) style: &'static Style,
    pub(super) strength: u64,
    pub(super) quality: u64,
    /// At how many bytes the model was cut off, if it was.
    pub(super) cut: Option<usize>,
}

/// The lists that evaluations draw on.
pub(super) struct Phrases {
    open: [ListId; 3],
    context: ListId,
    filler: ListId,
    strength: Points,
    concern: Points,
    fit: ListId,
    question: ListId,
    criterion: ListId,
    evidence: ListId,
    verdict: [ListId; 3],
    verdict_vague: ListId,
    think_start: ListId,
    think: ListId,
    think_end: ListId,
    ramble: ListId,
}

/// Where list items come from when they are good, and when they are not.
#[derive(Clone, Copy)]
struct Points {
    specific: ListId,
    vague: ListId,
}

const PARAGRAPH: &[u8] = b"\\n\\n";
const LINE: &[u8] = b"\\n";

impl Phrases {
    /// Finds the lists.
    pub(super) fn new(grammar: &Grammar) -> Self {
        let id = |name| grammar.id(name);
        Self {
            open: ["open.low", "open.mid", "open.high"].map(id),
            context: id("context"),
            filler: id("filler"),
            strength: Points { specific: id("strength"), vague: id("strength.vague") },
            concern: Points { specific: id("concern"), vague: id("concern.vague") },
            fit: id("fit"),
            question: id("question"),
            criterion: id("criterion"),
            evidence: id("evidence"),
            verdict: ["verdict.low", "verdict.mid", "verdict.high"].map(id),
            verdict_vague: id("verdict.vague"),
            think_start: id("think.start"),
            think: id("think"),
            think_end: id("think.end"),
            ramble: id("ramble"),
        }
    }

    /// Appends an evaluation. The voice has been given its luck, and gets its score, here.
    pub(super) fn evaluate(&self, voice: &mut Voice<'_>, brief: &Brief, out: &mut Vec<u8>) {
        let start = out.len();
        let (style, quality) = (brief.style, brief.quality);
        let tier = tier(voice.score);
        title(voice, style, out);
        if style.verdict_first {
            self.verdict(voice, style, quality, out);
        }
        heading(style.summary, out);
        self.summary(voice, tier, quality, out);
        heading(style.strengths, out);
        let points = 4 + voice.rng.below(2) + usize::from(quality >= 5) + usize::from(quality >= 8);
        self.list(voice, style, self.strength, quality, points, out);
        heading(style.concerns, out);
        let points = 3 + voice.rng.below(2) + usize::from(quality >= 7);
        self.list(voice, style, self.concern, quality, points, out);
        if let Some(cut) = brief.cut {
            return self.ramble_until(start + cut, voice, out);
        }
        if quality >= 3 {
            heading(style.fit, out);
            self.sentences(voice, self.fit, 2 + quality as usize / 4, out);
        }
        if style.table && quality >= 5 {
            self.table(voice, brief.strength, out);
        }
        if quality >= 5 {
            heading(style.questions, out);
            let questions = Points { specific: self.question, vague: self.question };
            self.list(voice, style, questions, quality, quality as usize / 2, out);
        }
        if !style.verdict_first {
            self.verdict(voice, style, quality, out);
        }
    }

    /// Appends what a model thought before it answered.
    pub(super) fn reason(&self, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        voice.say(self.think_start, out);
        for _ in 0..3 {
            out.extend_from_slice(PARAGRAPH);
            let count = voice.rng.between(2, 4);
            self.sentences(voice, self.think, count, out);
        }
        out.extend_from_slice(PARAGRAPH);
        voice.say(self.think_end, out);
    }

    fn summary(&self, voice: &mut Voice<'_>, tier: usize, quality: u64, out: &mut Vec<u8>) {
        voice.say(self.open[tier], out);
        let context = voice.rng.between(1, 2) + quality as usize / 4;
        for _ in 0..context {
            out.push(b' ');
            voice.say(self.context, out);
        }
        if quality <= 5 {
            out.push(b' ');
            let count = voice.rng.between(2, 4);
            self.sentences(voice, self.filler, count, out);
        }
    }

    fn list(
        &self,
        voice: &mut Voice<'_>,
        style: &Style,
        points: Points,
        quality: u64,
        count: usize,
        out: &mut Vec<u8>,
    ) {
        let mut repeated = 0..0;
        for number in 1..=count {
            if number > 1 {
                out.extend_from_slice(LINE);
            }
            match style.bullet {
                Some(bullet) => out.extend_from_slice(bullet.as_bytes()),
                None => {
                    push_number(number as u64, out);
                    out.extend_from_slice(b". ");
                }
            }
            // The poorest evaluations say the same thing twice.
            if quality <= 2 && number == count && voice.rng.percent(50) {
                out.extend_from_within(repeated.clone());
                continue;
            }
            let from = out.len();
            let specific = voice.rng.below(10) < quality as usize;
            voice.say(if specific { points.specific } else { points.vague }, out);
            repeated = from..out.len();
        }
    }

    fn table(&self, voice: &mut Voice<'_>, strength: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\\n\\n| Criterion | Score | Evidence |\\n|---|---|---|");
        for _ in 0..voice.rng.between(3, 5) {
            out.extend_from_slice(b"\\n| ");
            voice.say(self.criterion, out);
            out.extend_from_slice(b" | ");
            push_number(nearby(voice, strength, 1), out);
            out.extend_from_slice(b" | ");
            voice.say(self.evidence, out);
            out.extend_from_slice(b" |");
        }
    }

    fn verdict(&self, voice: &mut Voice<'_>, style: &Style, quality: u64, out: &mut Vec<u8>) {
        heading(style.verdict, out);
        if quality <= 3 && voice.rng.percent(60) {
            voice.say(self.verdict_vague, out);
            out.push(b' ');
            self.sentences(voice, self.filler, 2, out);
        } else {
            let list = self.verdict[tier(voice.score)];
            self.sentences(voice, list, 1 + usize::from(quality >= 6), out);
        }
        out.extend_from_slice(PARAGRAPH);
        out.extend_from_slice(style.score[0].as_bytes());
        push_number(voice.score, out);
        out.extend_from_slice(style.score[1].as_bytes());
    }

    /// Goes on without end, and is cut off between two words.
    fn ramble_until(&self, end: usize, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(PARAGRAPH);
        while out.len() < end {
            self.sentences(voice, self.ramble, 1, out);
            out.push(b' ');
        }
        let cut = out[..end].iter().rposition(|byte| *byte == b' ').unwrap_or(end);
        out.truncate(cut);
    }

    fn sentences(&self, voice: &mut Voice<'_>, list: ListId, count: usize, out: &mut Vec<u8>) {
        for number in 0..count {
            if number > 0 {
                out.push(b' ');
            }
            voice.say(list, out);
        }
    }
}

/// The score an evaluation gives: near the candidate's strength if it is good, else further off.
pub(super) fn score(voice: &mut Voice<'_>, strength: u64, quality: u64) -> u64 {
    nearby(voice, strength, (10 - quality as usize) / 3)
}

fn nearby(voice: &mut Voice<'_>, strength: u64, reach: usize) -> u64 {
    let step = voice.rng.below(2 * reach + 1) as i64 - reach as i64;
    (strength as i64 + step).clamp(1, 10) as u64
}

fn tier(score: u64) -> usize {
    match score {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

fn title(voice: &Voice<'_>, style: &Style, out: &mut Vec<u8>) {
    out.extend_from_slice(style.title[0].as_bytes());
    out.extend_from_slice(&voice.person.name);
    out.extend_from_slice(style.title[1].as_bytes());
}

fn heading(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(PARAGRAPH);
    out.extend_from_slice(text.as_bytes());
    out.extend_from_slice(PARAGRAPH);
}
