//! The outputs of a view as Arrow record batches: a row for each, some thousand at a time.

use crate::collection::{Collection, JudgedRecord, View};
use crate::judged::{Judged, all_tags, mean_score, of_people};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt16Array, UInt32Array,
};
use arrow_schema::{DataType, Field, Schema};
use goldstar_catalog::{Output, OutputText, ReadError, read_outputs};
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Rows of a batch, and bytes of texts in it; what comes first ends it.
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 8 << 20;
/// Records that are looked up together.
const RECORDS_AT_ONCE: u32 = 512;
/// Times that RFC 3339 can write: the years 1 to 9999, in seconds.
const WRITABLE_SECONDS: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Which texts stand beside the columns of the index; they have to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextColumns {
    /// The text and the reasoning of each output.
    pub text: bool,
    /// The prompt, as in-context examples show it.
    pub prompt: bool,
}

/// The outputs of a view, batch by batch, in the order of the view and within a record in that of
/// the columns of its table.
#[derive(Debug)]
pub struct Outputs<'c> {
    collection: &'c Collection,
    view: &'c View,
    with: TextColumns,
    /// The places in the view that are not looked up yet.
    next: u32,
    end: u32,
    records: VecDeque<JudgedRecord>,
    lines: VecDeque<Line>,
    records_done: u64,
    unreadable: u64,
    first_unreadable: Option<ReadError>,
}

/// One output with all that its row needs.
#[derive(Debug)]
struct Line {
    judged: Arc<JudgedRecord>,
    /// Its place among the record's outputs.
    at: usize,
    text: Option<OutputText>,
    prompt: Option<Arc<str>>,
}

/// A column: its name, whether it may be null, and its values.
type Column = (&'static str, bool, ArrayRef);

impl Collection {
    /// The outputs of the records of a view from an offset on, `limit` records at most.
    pub fn outputs<'c>(
        &'c self,
        view: &'c View,
        offset: u32,
        limit: u32,
        with: TextColumns,
    ) -> Outputs<'c> {
        let next = offset.min(view.rows.len());
        Outputs {
            collection: self,
            view,
            with,
            next,
            end: next.saturating_add(limit).min(view.rows.len()),
            records: VecDeque::new(),
            lines: VecDeque::new(),
            records_done: 0,
            unreadable: 0,
            first_unreadable: None,
        }
    }
}

impl TextColumns {
    /// The columns that every batch has.
    pub fn schema(self) -> Arc<Schema> {
        batch(&[], self).schema()
    }
}

impl Outputs<'_> {
    /// Records whose outputs have been given, or begun to be.
    pub fn records_done(&self) -> u64 {
        self.records_done
    }

    /// How many texts and prompts could not be read again, and why the first could not. They are
    /// null.
    pub fn unreadable(&self) -> (u64, Option<&ReadError>) {
        (self.unreadable, self.first_unreadable.as_ref())
    }

    fn next_line(&mut self) -> Option<Line> {
        while self.lines.is_empty() {
            let judged = self.next_record()?;
            self.records_done += 1;
            self.read(judged);
        }
        self.lines.pop_front()
    }

    fn next_record(&mut self) -> Option<JudgedRecord> {
        if self.records.is_empty() && self.next < self.end {
            let count = RECORDS_AT_ONCE.min(self.end - self.next);
            let rows = self.view.rows.slice(self.next, count);
            self.records = self.collection.records(self.view, rows).into();
            self.next += count;
        }
        self.records.pop_front()
    }

    fn read(&mut self, judged: JudgedRecord) {
        let judged = Arc::new(judged);
        let outputs = &judged.record.outputs;
        let wanted = if self.with.text { &outputs[..] } else { &[] };
        let mut texts = read_outputs(wanted).into_iter();
        let mut prompt = None;
        for (at, output) in outputs.iter().enumerate() {
            let text = texts.next().and_then(|text| self.readable(text));
            if self.with.prompt && (at == 0 || outputs[at - 1].model_no != output.model_no) {
                let read = judged.record.prompt(Some(&output.model));
                let read = self.readable(read).flatten();
                prompt = read.map(|(prompt, _)| Arc::<str>::from(prompt.as_input()));
            }
            let prompt = prompt.clone();
            self.lines.push_back(Line { judged: judged.clone(), at, text, prompt });
        }
    }

    fn readable<T>(&mut self, read: Result<T, ReadError>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(error) => {
                self.unreadable += 1;
                self.first_unreadable.get_or_insert(error);
                None
            }
        }
    }
}

impl Iterator for Outputs<'_> {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while lines.len() < BATCH_ROWS && bytes < BATCH_BYTES {
            let Some(line) = self.next_line() else { break };
            bytes += line.bytes();
            lines.push(line);
        }
        (!lines.is_empty()).then(|| batch(&lines, self.with))
    }
}

impl Line {
    fn output(&self) -> &Output {
        &self.judged.record.outputs[self.at]
    }

    /// What people gave this output; stars of the record as a whole are no output's.
    fn stars(&self) -> Vec<Judged> {
        let output = self.output();
        let mut stars = of_people(&self.judged.stars);
        stars.retain(|judged| {
            judged.model.as_ref() == Some(&output.model) && judged.choice == output.choice
        });
        stars
    }

    fn bytes(&self) -> usize {
        let text = self.text.as_ref();
        let reasoning = text.and_then(|text| text.reasoning.as_ref());
        text.map_or(0, |text| text.text.len())
            + reasoning.map_or(0, String::len)
            + self.prompt.as_ref().map_or(0, |prompt| prompt.len())
    }
}

fn batch(lines: &[Line], with: TextColumns) -> RecordBatch {
    let mut columns = of_index(lines);
    columns.extend(of_stars(lines));
    if with.text {
        let text = |line: &Line| line.text.as_ref().map(|text| text.text.clone());
        let reasoning = |line: &Line| line.text.as_ref().and_then(|text| text.reasoning.clone());
        columns.push(("text", true, Arc::new(lines.iter().map(text).collect::<StringArray>())));
        let reasoning = lines.iter().map(reasoning).collect::<StringArray>();
        columns.push(("reasoning", true, Arc::new(reasoning)));
    }
    if with.prompt {
        let prompts = lines.iter().map(|line| line.prompt.as_deref());
        columns.push(("prompt", true, Arc::new(prompts.collect::<StringArray>())));
    }
    let fields = columns
        .iter()
        .map(|(name, nulls, column)| Field::new(*name, column.data_type().clone(), *nulls));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let columns = columns.into_iter().map(|(_, _, column)| column).collect();
    RecordBatch::try_new(schema, columns).expect("the schema is made of the columns")
}

fn of_index(lines: &[Line]) -> Vec<Column> {
    let record = |line: &Line| line.judged.record.row;
    vec![
        ("row", false, numbers(lines, record)),
        ("custom_id", false, words(lines, |line| line.judged.record.custom_id.as_str())),
        ("name", false, words(lines, |line| line.judged.record.name.as_str())),
        ("model", false, words(lines, |line| &*line.output().model)),
        ("choice", false, {
            let choices = lines.iter().map(|line| line.output().choice);
            Arc::new(UInt16Array::from_iter_values(choices))
        }),
        ("state", false, words(lines, |line| line.output().state.word())),
        ("finish_reason", true, {
            let reasons = lines.iter().map(|line| line.output().finish_reason.as_deref());
            Arc::new(reasons.collect::<StringArray>())
        }),
        ("tokens", true, {
            Arc::new(lines.iter().map(|line| line.output().tokens).collect::<UInt32Array>())
        }),
        ("chars", false, numbers(lines, |line| line.output().chars)),
        ("created", true, times(lines)),
        ("file", false, words(lines, |line| line.output().place.file())),
        ("line", false, numbers(lines, |line| line.output().place.line)),
        ("output_hash", false, {
            let hashes = lines.iter().map(|line| format!("xxh3:{:016x}", line.output().hash));
            Arc::new(StringArray::from_iter_values(hashes))
        }),
        ("reruns", false, numbers(lines, |line| line.output().older.len() as u32)),
    ]
}

fn of_stars(lines: &[Line]) -> Vec<Column> {
    let stars: Vec<Vec<Judged>> = lines.iter().map(Line::stars).collect();
    let scores = stars.iter().map(|stars| mean_score(stars));
    let counts = stars.iter().map(|stars| stars.len() as u32);
    let stale = stars.iter().map(|stars| Some(stars.iter().any(|star| star.is_stale)));
    vec![
        ("score", true, Arc::new(scores.collect::<Float64Array>())),
        ("stars", false, Arc::new(UInt32Array::from_iter_values(counts))),
        ("tags", false, lists(stars.iter().map(all_tags))),
        ("reviewers", false, lists(stars.iter().map(|stars| reviewers(stars)))),
        ("stale", false, Arc::new(stale.collect::<BooleanArray>())),
    ]
}

/// Who gave these stars, each once, in order of appearance.
fn reviewers(stars: &[Judged]) -> Vec<Arc<str>> {
    let mut reviewers: Vec<Arc<str>> = Vec::new();
    for judged in stars {
        if !reviewers.contains(&judged.star.starred_by) {
            reviewers.push(judged.star.starred_by.clone());
        }
    }
    reviewers
}

fn numbers(lines: &[Line], of: impl Fn(&Line) -> u32) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(lines.iter().map(of)))
}

fn words<'l>(lines: &'l [Line], of: impl Fn(&'l Line) -> &'l str) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(lines.iter().map(of)))
}

/// A time that nobody could write down counts as unknown.
fn times(lines: &[Line]) -> ArrayRef {
    let seconds = lines.iter().map(|line| line.output().created);
    let micros = seconds.map(|seconds| {
        seconds.filter(|seconds| WRITABLE_SECONDS.contains(seconds)).map(|s| s * 1_000_000)
    });
    // An offset, because Arrow knows no names of zones without a table of them.
    Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone("+00:00"))
}

fn lists(of: impl Iterator<Item = Vec<Arc<str>>>) -> ArrayRef {
    let element = Field::new("element", DataType::Utf8, false);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(element);
    for list in of {
        for word in list {
            lists.values().append_value(word);
        }
        lists.append(true);
    }
    Arc::new(lists.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Query, Settings, Sort};
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, TimestampMicrosecondType, UInt32Type};
    use goldstar_disk::{Disk, RealDisk};
    use std::path::Path;

    const BOTH: TextColumns = TextColumns { text: true, prompt: true };

    fn put(folder: &Path, name: &str, lines: &[&str]) {
        let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let fill = &mut |file: &mut dyn std::io::Write| file.write_all(text.as_bytes());
        RealDisk.replace(&folder.join(name), fill).unwrap();
    }

    fn open(folder: &Path) -> Collection {
        let settings = Settings::default();
        let collection = Collection::open(folder, Arc::new(RealDisk), settings, 2).unwrap();
        collection.catalog().index();
        collection
    }

    /// q-1 of two models, both starred; q-2 with a time nobody can write; q-3 failed.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        put(
            folder.path(),
            "batches/input/a.jsonl",
            &[r#"{"custom_id":"q-1","body":{"messages":[{"role":"user","content":"Capital?"}]}}"#],
        );
        put(
            folder.path(),
            "batches/output/a.jsonl",
            &[
                r#"{"custom_id":"q-1","response":{"status_code":200,"body":{"model":"m","created":1790000000,"choices":[{"message":{"content":"<think>hm</think>\nLisbon."},"finish_reason":"stop"}],"usage":{"completion_tokens":3}}}}"#,
                r#"{"custom_id":"q-2","response":{"status_code":200,"body":{"model":"m","created":9000000000000000,"choices":[{"message":{"content":"Paris."}}]}}}"#,
                r#"{"custom_id":"q-3","response":{"status_code":400,"body":null},"error":{"message":"Too long."}}"#,
            ],
        );
        put(
            folder.path(),
            "batches/output/b.jsonl",
            &[
                r#"{"custom_id":"q-1","response":{"status_code":200,"body":{"model":"n","choices":[{"message":{"content":"Porto."},"finish_reason":"stop"}]}}}"#,
            ],
        );
        put(
            folder.path(),
            "gold_star/starred.jsonl",
            &[
                r#"{"custom_id":"q-1","llm_output":"Lisbon.","quality_score":9,"tags":["b","a"],"starred_by":"ada","starred_at":"2026-11-22T10:00:00Z","model":"m","choice":0}"#,
                r#"{"custom_id":"q-1","llm_output":"Lisbon.","quality_score":8,"tags":["a","c"],"starred_by":"bo","starred_at":"2026-11-22T10:00:01Z","model":"m","choice":0}"#,
                r#"{"custom_id":"q-1","llm_output":"Faro.","quality_score":2,"tags":[],"starred_by":"ada","starred_at":"2026-11-22T10:00:02Z","model":"n","choice":0}"#,
                r#"{"custom_id":"q-2","llm_output":"Of no output.","quality_score":5,"tags":["x"],"starred_by":"ada","starred_at":"2026-11-22T10:00:03Z"}"#,
            ],
        );
        folder
    }

    fn only_batch(collection: &Collection, query: &str, with: TextColumns) -> RecordBatch {
        let view = collection.view(&Query::parse(query).unwrap(), &Sort::default());
        let mut outputs = collection.outputs(&view, 0, u32::MAX, with);
        let batch = outputs.next().unwrap();
        assert!(outputs.next().is_none());
        batch
    }

    fn words<'b>(batch: &'b RecordBatch, name: &str) -> Vec<Option<&'b str>> {
        batch.column_by_name(name).unwrap().as_string::<i32>().iter().collect()
    }

    fn lists(batch: &RecordBatch, name: &str) -> Vec<String> {
        let lists = batch.column_by_name(name).unwrap().as_list::<i32>().iter();
        let join = |list: ArrayRef| list.as_string::<i32>().iter().flatten().collect::<String>();
        lists.map(|list| list.map(join).unwrap()).collect()
    }

    #[test]
    fn each_output_is_a_row_with_what_is_known() {
        let folder = folder();
        let collection = open(folder.path());
        let batch = only_batch(&collection, "", BOTH);
        assert_eq!(batch.schema(), BOTH.schema());
        let ids = [Some("q-1"), Some("q-1"), Some("q-2"), Some("q-3")];
        assert_eq!(words(&batch, "custom_id"), ids);
        assert_eq!(words(&batch, "name"), ids);
        // The failed line names no model; its file has only one.
        assert_eq!(words(&batch, "model"), [Some("m"), Some("n"), Some("m"), Some("m")]);
        assert_eq!(words(&batch, "state"), [Some("ok"), Some("ok"), Some("ok"), Some("error")]);
        assert_eq!(words(&batch, "finish_reason"), [Some("stop"), Some("stop"), None, None]);
        let tokens = batch.column_by_name("tokens").unwrap().as_primitive::<UInt32Type>();
        assert_eq!(tokens.iter().collect::<Vec<_>>(), [Some(3), None, None, None]);
        let created = batch.column_by_name("created").unwrap();
        let created = created.as_primitive::<TimestampMicrosecondType>();
        let at = Some(1_790_000_000_000_000);
        assert_eq!(created.iter().collect::<Vec<_>>(), [at, None, None, None]);
        assert_eq!(words(&batch, "output_hash")[0], Some("xxh3:560ba21876c78270"));
        let text = [Some("Lisbon."), Some("Porto."), Some("Paris."), Some("Too long.")];
        assert_eq!(words(&batch, "text"), text);
        assert_eq!(words(&batch, "reasoning"), [Some("hm"), None, None, None]);
        assert_eq!(words(&batch, "prompt"), [Some("Capital?"), Some("Capital?"), None, None]);
    }

    #[test]
    fn stars_stand_at_their_output() {
        let folder = folder();
        let batch = only_batch(&open(folder.path()), "", TextColumns::default());
        let score = batch.column_by_name("score").unwrap().as_primitive::<Float64Type>();
        assert_eq!(score.iter().collect::<Vec<_>>(), [Some(8.5), Some(2.0), None, None]);
        let stars = batch.column_by_name("stars").unwrap().as_primitive::<UInt32Type>();
        assert_eq!(stars.values(), &[2, 1, 0, 0]);
        assert_eq!(lists(&batch, "tags"), ["bac", "", "", ""]);
        assert_eq!(lists(&batch, "reviewers"), ["adabo", "ada", "", ""]);
        let stale = batch.column_by_name("stale").unwrap().as_boolean();
        assert_eq!(stale.iter().flatten().collect::<Vec<_>>(), [false, true, false, false]);
        assert!(batch.column_by_name("text").is_none());
    }

    #[test]
    fn a_view_is_cut_by_records() {
        let folder = folder();
        let collection = open(folder.path());
        let view = collection.view(&Query::default(), &"-custom_id".parse().unwrap());
        let check = |offset, limit, expected: &[&str]| {
            let batches = collection.outputs(&view, offset, limit, TextColumns::default());
            let batches: Vec<RecordBatch> = batches.collect();
            let found: Vec<&str> =
                batches.iter().flat_map(|batch| words(batch, "custom_id")).flatten().collect();
            assert_eq!(found, expected);
        };
        check(0, u32::MAX, &["q-3", "q-2", "q-1", "q-1"]);
        check(1, 1, &["q-2"]);
        check(2, 9, &["q-1", "q-1"]);
        check(3, 1, &[]);
        check(u32::MAX, u32::MAX, &[]);
    }

    #[test]
    fn many_outputs_come_in_several_batches() {
        let folder = tempfile::tempdir().unwrap();
        let line = |n| format!(r#"{{"custom_id":"q-{n}","prompt":"p","output":"o","model":"m"}}"#);
        let lines: Vec<String> = (0..BATCH_ROWS + 5).map(line).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        put(folder.path(), "batches/output/a.jsonl", &lines);
        let collection = open(folder.path());
        let view = collection.view(&Query::default(), &Sort::default());
        let outputs = collection.outputs(&view, 0, u32::MAX, TextColumns::default());
        let sizes: Vec<usize> = outputs.map(|batch| batch.num_rows()).collect();
        assert_eq!(sizes, [BATCH_ROWS, 5]);
    }

    #[test]
    fn what_cannot_be_read_is_null_and_counted() {
        let folder = folder();
        let collection = open(folder.path());
        put(folder.path(), "batches/output/b.jsonl", &["{}"]);
        let view = collection.view(&Query::parse("id:q-1").unwrap(), &Sort::default());
        let mut outputs = collection.outputs(&view, 0, u32::MAX, BOTH);
        let batch = outputs.next().unwrap();
        assert_eq!(words(&batch, "text"), [Some("Lisbon."), None]);
        let (count, reason) = outputs.unreadable();
        let reason = reason.unwrap().to_string();
        assert!(count == 1 && reason.contains("b.jsonl, line 1"), "{count}: {reason}");
    }
}
