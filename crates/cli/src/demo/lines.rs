//! The lines of the demo's files: requests, results as vLLM writes them, and the truth.

use super::evaluation::{Brief, Phrases, score};
use super::grammar::{Grammar, ListId};
use super::models::Model;
use super::people::People;
use super::planted::{AGAIN_EVERY, Kind, Planted, Twin};
use super::rng::{Rng, Stream};
use super::voice::{Tweak, Voice, push_number, push_padded};

/// Everything that lines are made from; shared by all threads.
pub(super) struct World {
    pub(super) models: Vec<Model>,
    pub(super) planted: Planted,
    pub(super) grammar: Grammar,
    people: People,
    phrases: Phrases,
    system: usize,
    lists: RequestLists,
}

struct RequestLists {
    system: ListId,
    ask: ListId,
    note: ListId,
}

/// One line to write: which model, which record, and whether it is asked a second time.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) model: usize,
    pub(super) record: u64,
    pub(super) again: bool,
}

/// The tokens after which the engine stops, as requests ask, and the bytes that makes.
const MAX_TOKENS: u64 = 1024;
const CUT: usize = (MAX_TOKENS * 43 / 10) as usize;

/// When the first request was made: seconds since 1970, in September 2025.
const START: u64 = 1_757_000_000;
const DAY: u64 = 86_400;

const MESSAGE_HEAD: &[u8] = br#","message":{"role":"assistant","content":"#;
const MESSAGE_MIDDLE: &[u8] =
    br#","refusal":null,"annotations":null,"audio":null,"function_call":null,"reasoning":"#;
const CHOICE_TAIL: &[u8] = br#","stop_reason":null,"token_ids":null,"routed_experts":null}"#;
const BODY_TAIL: &[u8] = br#","prompt_tokens_details":null},"prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}},"error":null}"#;

impl World {
    /// Prepares the lists for a collection of `records` records and `models` models.
    pub(super) fn new(seed: u64, records: u64, models: usize) -> Self {
        let grammar = Grammar::new();
        let lists = RequestLists {
            system: grammar.id("system"),
            ask: grammar.id("ask"),
            note: grammar.id("note"),
        };
        Self {
            models: super::models::models(models),
            planted: Planted::new(seed, records),
            people: People::new(&grammar),
            phrases: Phrases::new(&grammar),
            system: (seed % grammar.get(lists.system).templates.len() as u64) as usize,
            lists,
            grammar,
        }
    }

    /// Appends the request for a cell.
    pub(super) fn request(&self, cell: Cell, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        let (seed, source) = (self.planted.seed, self.planted.source(cell.record));
        voice.meet(&self.people, Rng::new(seed, Stream::Person, 0, source));
        push(out, br#"{"custom_id":""#);
        push_id(cell.record, out);
        push(out, br#"","method":"POST","url":"/v1/chat/completions","body":{"model":""#);
        push(out, self.models[cell.model].asked.as_bytes());
        push(out, br#"","messages":[{"role":"system","content":""#);
        push(out, self.grammar.text(self.lists.system, self.system));
        push(out, br#""},{"role":"user","content":""#);
        voice.begin(Rng::new(seed, Stream::Profile, 0, source), self.tweak(cell.record));
        self.profile(voice, out);
        push(out, br#""}],"max_completion_tokens":"#);
        push_number(MAX_TOKENS, out);
        push(out, br#","temperature":0.7"#);
        if self.planted.kind(cell.model, cell.record) == Kind::TwoChoices {
            push(out, br#","n":2"#);
        }
        // Some requests carry the name beside the prompt as well.
        if cell.record.is_multiple_of(3) {
            push(out, br#","metadata":{"candidate_name":""#);
            push(out, &voice.person.name);
            push(out, br#""}"#);
        }
        push(out, b"}}\n");
    }

    fn profile(&self, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        voice.say(self.lists.ask, out);
        let years = voice.person.years;
        let person = &voice.person;
        for part in [&b"\\n\\nName: "[..], &person.name, b"\\nLocation: ", person.city] {
            push(out, part);
        }
        push(out, b"\\nExperience: ");
        push_number(years, out);
        for part in [b" years, most recently at ", &person.firms[0][..], b", before that at "] {
            push(out, part);
        }
        push(out, &person.firms[1]);
        push(out, b"\\nSkills: ");
        for (place, skill) in person.skills.iter().enumerate() {
            push(out, if place == 0 { b"" } else { b", " });
            push(out, skill);
        }
        for part in [b"\\nEducation: ", person.degree, b", ", person.school] {
            push(out, part);
        }
        push(out, b"\\nNotes: ");
        for place in 0..voice.rng.between(1, 3) {
            push(out, if place == 0 { b"" } else { b" " });
            voice.say(self.lists.note, out);
        }
    }

    /// Appends the result of a cell.
    pub(super) fn result(&self, cell: Cell, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        let stream = if cell.again { Stream::IdentifiersAgain } else { Stream::Identifiers };
        let mut ids = Rng::new(self.planted.seed, stream, cell.model as u64, cell.record);
        push(out, br#"{"id":"vllm-"#);
        push_hex(&mut ids, out);
        push(out, br#"","custom_id":""#);
        push_id(cell.record, out);
        push(out, br#"","response":{"status_code":"#);
        let first = self.planted.kind(cell.model, cell.record);
        match if cell.again { first.again() } else { first } {
            Kind::Error => error(&self.models[cell.model].asked, &mut ids, out),
            kind => self.completion(cell, kind, &mut ids, voice, out),
        }
        out.push(b'\n');
    }

    fn completion(
        &self,
        cell: Cell,
        kind: Kind,
        ids: &mut Rng,
        voice: &mut Voice<'_>,
        out: &mut Vec<u8>,
    ) {
        push(out, br#"200,"request_id":"vllm-batch-"#);
        push_hex(ids, out);
        push(out, br#"","body":{"id":"chatcmpl-"#);
        push_hex(ids, out);
        push(out, br#"","object":"chat.completion","created":"#);
        push_number(created(cell), out);
        push(out, br#","model":""#);
        push(out, self.models[cell.model].served.as_bytes());
        push(out, br#"","choices":["#);
        let mut written = self.choice(cell, kind, 0, voice, out);
        if kind == Kind::TwoChoices {
            out.push(b',');
            written += self.choice(cell, kind, 1, voice, out);
        }
        let cut = kind == Kind::Truncated;
        let completion = if cut { MAX_TOKENS } else { written as u64 * 10 / 43 + 1 };
        let prompt = 140 + ids.below(70) as u64;
        push(out, br#"],"service_tier":null,"system_fingerprint":null,"usage":{"prompt_tokens":"#);
        push_number(prompt, out);
        push(out, br#","total_tokens":"#);
        push_number(prompt + completion, out);
        push(out, br#","completion_tokens":"#);
        push_number(completion, out);
        push(out, BODY_TAIL);
    }

    /// Appends one choice and says how many bytes of text it has.
    fn choice(
        &self,
        cell: Cell,
        kind: Kind,
        index: u64,
        voice: &mut Voice<'_>,
        out: &mut Vec<u8>,
    ) -> usize {
        push(out, br#"{"index":"#);
        push_number(index, out);
        push(out, MESSAGE_HEAD);
        let start = out.len();
        match kind {
            Kind::Empty if cell.record.is_multiple_of(2) => push(out, b"null"),
            Kind::Empty => push(out, br#""""#),
            _ => {
                out.push(b'"');
                self.text(cell, kind, index, voice, out);
                out.push(b'"');
            }
        }
        let mut written = out.len() - start;
        push(out, MESSAGE_MIDDLE);
        if kind == Kind::Reasoning {
            let start = out.len();
            out.push(b'"');
            self.phrases.reason(voice, out);
            out.push(b'"');
            written += out.len() - start;
        } else {
            push(out, b"null");
        }
        let cut = kind == Kind::Truncated;
        push(out, br#"},"logprobs":null,"finish_reason":""#);
        push(out, if cut { b"length\"" } else { b"stop\"" });
        push(out, CHOICE_TAIL);
        written
    }

    fn text(&self, cell: Cell, kind: Kind, index: u64, voice: &mut Voice<'_>, out: &mut Vec<u8>) {
        let planted = &self.planted;
        let (seed, source) = (planted.seed, planted.source(cell.record));
        voice.meet(&self.people, Rng::new(seed, Stream::Person, 0, source));
        let stream = if cell.again { Stream::TextAgain } else { Stream::Text };
        let place = 2 * cell.model as u64 + index;
        voice.begin(Rng::new(seed, stream, place, source), self.tweak(cell.record));
        let brief = Brief {
            style: self.models[cell.model].style,
            strength: planted.strength(cell.record),
            quality: planted.quality(cell.model, cell.record),
            cut: (kind == Kind::Truncated).then_some(CUT),
        };
        voice.score = score(voice, brief.strength, brief.quality);
        if kind == Kind::Think {
            push(out, b"<think>\\n");
            self.phrases.reason(voice, out);
            push(out, b"\\n</think>\\n\\n");
        }
        self.phrases.evaluate(voice, &brief, out);
    }

    /// How a copy differs from its original; others differ from nothing.
    fn tweak(&self, record: u64) -> Option<Tweak> {
        let Twin::CopyOf(_) = self.planted.twin(record) else { return None };
        let mut rng = Rng::new(self.planted.seed, Stream::Tweak, 0, record);
        Some(Tweak { every: rng.between(4, 8), step: rng.between(1, 7) })
    }

    /// Appends what is true of a record: `name`; `strength` of the candidate, 1-10; `cluster`, the
    /// original that it and its copies share, or null; `quality` of each model's output, 1-10 (of
    /// an error: what a second attempt would have); `planted`, what is not plain, by model; and
    /// `again`, the models asked twice. The argument `again` holds, by model, the record of the
    /// current block that is asked twice.
    pub(super) fn truth(
        &self,
        record: u64,
        again: &[u64],
        voice: &mut Voice<'_>,
        out: &mut Vec<u8>,
    ) {
        let planted = &self.planted;
        let twin = planted.twin(record);
        voice.meet(&self.people, Rng::new(planted.seed, Stream::Person, 0, planted.source(record)));
        push(out, br#"{"custom_id":""#);
        push_id(record, out);
        push(out, br#"","name":""#);
        push(out, &voice.person.name);
        push(out, br#"","strength":"#);
        push_number(planted.strength(record), out);
        push(out, br#","cluster":"#);
        match twin {
            Twin::Alone => push(out, b"null"),
            Twin::Original => push_quoted_id(record, out),
            Twin::CopyOf(original) => push_quoted_id(original, out),
        }
        push(out, br#","quality":{"#);
        for (index, model) in self.models.iter().enumerate() {
            push_key(index == 0, &model.served, out);
            push_number(planted.quality(index, record), out);
        }
        push(out, br#"},"planted":{"#);
        let mut first = true;
        for (index, model) in self.models.iter().enumerate() {
            let kind = planted.kind(index, record);
            if kind != Kind::Plain {
                push_key(first, &model.served, out);
                push_quoted(kind.word().as_bytes(), out);
                first = false;
            }
        }
        push(out, br#"},"again":["#);
        let mut first = true;
        for (model, _) in self.models.iter().zip(again).filter(|(_, again)| **again == record) {
            push(out, if first { b"" } else { b"," });
            push_quoted(model.served.as_bytes(), out);
            first = false;
        }
        push(out, b"]}\n");
    }
}

/// Appends the rest of an error line, in one of the three shapes vLLM has used.
fn error(model: &str, ids: &mut Rng, out: &mut Vec<u8>) {
    let shape = ids.below(10);
    push(out, if shape == 9 { b"500" } else { b"400" });
    push(out, br#","request_id":"vllm-batch-"#);
    push_hex(ids, out);
    push(out, br#"","body":null},"error":"#);
    match shape {
        0..5 => {
            push(out, br#"{"error":{"message":"This model's maximum context length is 4096 tokens. However, your request has "#);
            push_number(4097 + ids.below(3000) as u64, out);
            push(out, br#" input tokens. Please reduce the length of the input messages.","type":"BadRequestError","param":null,"code":400}}}"#);
        }
        5..8 => {
            push(out, br#"{"object":"error","message":"The model `"#);
            push(out, model.as_bytes());
            push(out, br#"` could not process the request: max_completion_tokens is too large: "#);
            push_number(4096 + ids.below(4096) as u64, out);
            push(out, br#".","type":"BadRequestError","param":null,"code":400}}"#);
        }
        8 => push(out, br#""URL /v1/chat/completion is not a supported endpoint. Supported endpoints: /v1/chat/completions, /v1/embeddings, /score, /rerank"}"#),
        _ => push(out, br#""EngineCore encountered an issue. See stack trace for the root cause."}"#),
    }
}

/// When a request was made: models run one day after another, second attempts two weeks later.
fn created(cell: Cell) -> u64 {
    let begun = START + cell.model as u64 * DAY;
    if cell.again {
        begun + 14 * DAY + cell.record / AGAIN_EVERY / 20
    } else {
        begun + cell.record / 23
    }
}

fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}

fn push_id(record: u64, out: &mut Vec<u8>) {
    push(out, b"cand-");
    push_padded(record + 1, 7, out);
}

fn push_quoted_id(record: u64, out: &mut Vec<u8>) {
    out.push(b'"');
    push_id(record, out);
    out.push(b'"');
}

fn push_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    push(out, text);
    out.push(b'"');
}

fn push_key(first: bool, key: &str, out: &mut Vec<u8>) {
    push(out, if first { b"" } else { b"," });
    push_quoted(key.as_bytes(), out);
    out.push(b':');
}

/// Appends 32 hexadecimal digits.
fn push_hex(rng: &mut Rng, out: &mut Vec<u8>) {
    for _ in 0..2 {
        let bits = rng.next();
        let digits: [u8; 16] = std::array::from_fn(|place| {
            b"0123456789abcdef"[(bits >> (60 - 4 * place)) as usize & 15]
        });
        push(out, &digits);
    }
}
