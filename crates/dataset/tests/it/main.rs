//! Datasets from a small folder: which examples leave, in which order, as which bytes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod faults;

use goldstar_collection::{
    Collection, Kind, NewReversal, NewStar, Reversal, Score, Seen, Settings, Ulid,
};
use goldstar_dataset::{Format, Recipe, ScoreRule, export, select, stamp, write};
use goldstar_disk::{Disk, RealDisk};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Records q0…q9 of one model with prompts, e1 without, e2 an error, t1 that calls a tool.
fn collection(folder: &Path) -> Collection {
    let result = |id: &str, text: Value, finish: &str| {
        json!({"custom_id": id, "error": null, "response": {"status_code": 200, "body": {
            "model": "m", "choices": [{"index": 0, "finish_reason": finish,
                "message": {"content": text, "tool_calls": [{"type": "function",
                    "function": {"name": "f", "arguments": "{}"}}]}}]}}})
    };
    let mut results: Vec<Value> =
        (0..10).map(|n| result(&format!("q{n}"), format!("output {n}").into(), "stop")).collect();
    results.push(result("e1", "no prompt".into(), "stop"));
    results.push(json!({"custom_id": "e2", "response": null, "error": {"message": "expired"}}));
    results.push(result("t1", Value::Null, "tool_calls"));
    let mut requests: Vec<Value> = (0..10).map(|n| request(&format!("q{n}"))).collect();
    requests.extend([request("e2"), request("t1")]);
    let put = |name: &str, lines: &[Value]| {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        RealDisk.replace(&folder.join(name), &mut |f| f.write_all(text.as_bytes())).unwrap();
    };
    put("batches/output/a.jsonl", &results);
    put("batches/input/a.jsonl", &requests);
    open(folder, RealDisk)
}

fn open(folder: &Path, disk: impl Disk + 'static) -> Collection {
    let settings = Settings::default();
    let collection = Collection::open(folder, Arc::new(disk), settings, 1).unwrap();
    collection.catalog().index();
    collection
}

fn request(id: &str) -> Value {
    json!({"custom_id": id, "body": {"messages": [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": format!("prompt {id}")}]}})
}

fn star(collection: &Collection, id: &str, by: &str, score: i64, minute: u32, tag: &str) {
    collection.star(new_star(id, by, score, minute, tag)).unwrap();
}

fn new_star(id: &str, by: &str, score: i64, minute: u32, tag: &str) -> NewStar {
    NewStar {
        custom_id: id.into(),
        candidate_name: None,
        llm_output: None,
        quality_score: Score::new(score).unwrap(),
        tags: vec![tag.into()],
        notes: "n".into(),
        model: None,
        choice: None,
        starred_by: by.into(),
        kind: Kind::Human,
        accepted: None,
        seen: Seen::default(),
        id: Ulid::from(u128::from(minute) + 1),
        starred_at: format!("2026-11-22T10:{minute:02}:00Z"),
    }
}

fn lines(collection: &Collection, recipe: &Recipe) -> Vec<Value> {
    let mut bytes = Vec::new();
    let selection = select(collection, recipe);
    let written = write(collection, recipe, &selection, &mut bytes).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    let text = String::from_utf8(bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(collection: &Collection, recipe: &Recipe) -> Vec<String> {
    let lines = lines(collection, recipe);
    lines.iter().map(|line| line["custom_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_best_leave_first_then_the_newest_then_by_id() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    for (id, score, minute) in [("q1", 9, 5), ("q2", 10, 1), ("q3", 9, 9), ("q4", 7, 20)] {
        star(&collection, id, "ann", score, minute, "t");
    }
    let recipe = Recipe { min_quality: Some(9.0), ..Recipe::of(Format::Icl) };
    assert_eq!(ids(&collection, &recipe), ["q2", "q3", "q1"]);
    let recipe = Recipe { limit: Some(2), ..recipe };
    assert_eq!(ids(&collection, &recipe), ["q2", "q3"]);
}

#[test]
fn lines_have_just_the_keys_of_their_format() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    star(&collection, "q1", "ann", 9, 5, "t");
    let mut bytes = Vec::new();
    let icl = Recipe::of(Format::Icl);
    write(&collection, &icl, &select(&collection, &icl), &mut bytes).unwrap();
    let expected = r#"{"input":"prompt q1","llm_output":"output 1","custom_id":"q1","candidate_name":"q1","model":"m","quality_score":9,"tags":["t"],"notes":"n","starred_by":"ann","starred_at":"2026-11-22T10:05:00Z"}"#;
    assert_eq!(String::from_utf8(bytes).unwrap(), format!("{expected}\n"));
    let finetuning = json!({"messages": [{"role": "system", "content": "Be brief."},
        {"role": "user", "content": "prompt q1"}, {"role": "assistant", "content": "output 1"}]});
    assert_eq!(lines(&collection, &Recipe::of(Format::Finetuning)), [finetuning]);
    let journal = std::fs::read_to_string(folder.path().join("gold_star/starred.jsonl")).unwrap();
    let mut bytes = Vec::new();
    let raw = Recipe::of(Format::Raw);
    write(&collection, &raw, &select(&collection, &raw), &mut bytes).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), journal);
    // A mark that an editor put before the first line does not leave.
    let path = folder.path().join("gold_star/starred.jsonl");
    let marked = format!("\u{feff}{journal}");
    RealDisk.replace(&path, &mut |file| file.write_all(marked.as_bytes())).unwrap();
    let (collection, mut bytes) = (open(folder.path(), RealDisk), Vec::new());
    write(&collection, &raw, &select(&collection, &raw), &mut bytes).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), journal);
}

#[test]
fn an_output_of_several_reviewers_leaves_once() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    star(&collection, "q1", "ann", 6, 1, "a");
    star(&collection, "q1", "bo", 9, 2, "b");
    star(&collection, "q1", "cy", 8, 3, "a");
    let check = |score: ScoreRule, expected: Value| {
        let found = lines(&collection, &Recipe { score, ..Recipe::of(Format::Icl) });
        assert_eq!(found.len(), 1);
        assert_eq!(found[0]["quality_score"], expected);
        assert_eq!(
            (&found[0]["tags"], &found[0]["starred_by"]),
            (&json!(["a", "b"]), &json!("cy"))
        );
    };
    check(ScoreRule::Mean, json!(7.67));
    check(ScoreRule::Latest, json!(8));
    check(ScoreRule::Min, json!(6));
    let raw = Recipe { starred_by: Some("bo".into()), ..Recipe::of(Format::Raw) };
    assert_eq!(lines(&collection, &raw).len(), 1);
    let tagged = Recipe { tag: Some("b".into()), ..Recipe::of(Format::Icl) };
    assert_eq!(lines(&collection, &tagged)[0]["quality_score"], json!(9));
    let other = Recipe { model: Some("n".into()), ..Recipe::of(Format::Icl) };
    assert_eq!(lines(&collection, &other), [] as [Value; 0]);
}

/// Ann gives two points more than Bo, whatever they judge: the truth is in between.
#[test]
fn a_consensus_knows_who_is_harsh() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    let given = [10, 9, 8, 7, 6, 5, 9, 8, 7, 6];
    for (place, score) in (0..).zip(given) {
        star(&collection, &format!("q{place}"), "ann", score, 2 * place, "t");
        star(&collection, &format!("q{place}"), "bo", score - 2, 2 * place + 1, "t");
    }
    let recipe = Recipe { score: ScoreRule::Consensus, ..Recipe::of(Format::Icl) };
    let check = |by: Option<&str>, low: f64, high: f64| {
        let recipe = Recipe { starred_by: by.map(str::to_owned), ..recipe.clone() };
        let found = lines(&collection, &recipe);
        let line = found.iter().find(|line| line["custom_id"] == "q2").unwrap();
        let score = line["quality_score"].as_f64().unwrap();
        assert!(low < score && score < high, "{by:?}: {score}");
    };
    check(None, 6.7, 7.2);
    check(Some("ann"), 6.4, 7.6);
    check(Some("bo"), 6.4, 7.6);
    let exported = export(&collection, &recipe, "20261123_120000").unwrap();
    let manifest = exported.path.with_extension("manifest.json");
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(manifest).unwrap()).unwrap();
    assert_eq!(manifest["recipe"]["score"], "consensus");
    assert_eq!(manifest["recipe"]["consensus"], "gaussian");
    // Raw stars keep their own.
    let raw = Recipe { min_quality: Some(7.5), format: Format::Raw, ..recipe };
    assert_eq!(lines(&collection, &raw).len(), 5 + 1);
}

#[test]
fn stars_of_agents_leave_when_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    let suggest = |id: &str, score: i64, minute: u32| {
        let new = NewStar { kind: Kind::Agent, ..new_star(id, "bot", score, minute, "t") };
        collection.star(new).unwrap()
    };
    suggest("q1", 10, 1);
    suggest("q2", 4, 2);
    star(&collection, "q2", "ann", 8, 3, "t");
    let taken = suggest("q3", 9, 4);
    let mine = NewStar { accepted: taken.id, ..new_star("q3", "ann", 9, 5, "t") };
    collection.star(mine).unwrap();
    let check = |format: Format, include_agents: bool, expected: Value| {
        let recipe = Recipe { include_agents, ..Recipe::of(format) };
        let found = lines(&collection, &recipe);
        let said = found.iter().map(|line| json!([line["custom_id"], line["quality_score"]]));
        assert_eq!(Value::Array(said.collect()), expected, "{format:?} {include_agents}");
    };
    check(Format::Icl, false, json!([["q3", 9], ["q2", 8]]));
    // The accepted one counts once.
    check(Format::Icl, true, json!([["q1", 10], ["q3", 9], ["q2", 6]]));
    check(Format::Raw, false, json!([["q2", 8], ["q3", 9]]));
    check(Format::Raw, true, json!([["q1", 10], ["q2", 4], ["q2", 8], ["q3", 9]]));
    // Also when the agent has taken it back and given it again, which makes it another line.
    let mut ids = (1000_u128..).map(Ulid::from);
    let mut new_id = || ids.next().unwrap();
    for of in [Reversal::Undoes(taken.id.unwrap()), Reversal::Redoes(taken.id.unwrap())] {
        let at = "2026-11-22T11:00:00Z".into();
        let new = NewReversal { starred_by: "bot".into(), of, id: new_id(), at };
        collection.reverse(Kind::Agent, &new, &mut new_id).unwrap();
    }
    check(Format::Raw, true, json!([["q1", 10], ["q2", 4], ["q2", 8], ["q3", 9]]));
}

#[test]
fn what_cannot_be_formed_is_counted_by_reason() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    for (minute, id) in ["q1", "e1", "e2", "t1"].into_iter().enumerate() {
        star(&collection, id, "ann", 9, minute as u32, "t");
    }
    let check = |format: Format, examples: usize, expected: &[(&str, u64)]| {
        let selection = select(&collection, &Recipe::of(format));
        assert_eq!(selection.examples.len(), examples);
        assert_eq!(selection.left_out.into_iter().collect::<Vec<_>>(), expected);
        assert_eq!(selection.stars, 4);
    };
    check(Format::Icl, 2, &[("an error", 1), ("no prompt", 1)]);
    check(Format::Finetuning, 1, &[("an error", 1), ("calls tools", 1), ("no prompt", 1)]);
    check(Format::Raw, 4, &[]);
}

#[test]
fn the_same_state_gives_the_same_bytes_under_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let collection = collection(folder.path());
    star(&collection, "q1", "ann", 9, 1, "t");
    let recipe = Recipe::of(Format::Icl);
    let time = stamp("2025-10-29T12:34:56Z".parse().unwrap());
    let first = export(&collection, &recipe, &time).unwrap();
    let second = export(&collection, &recipe, &time).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(name(&first.path), "gold_star_icl_20251029_123456.jsonl");
    assert_eq!(name(&second.path), "gold_star_icl_20251029_123456_2.jsonl");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    assert_eq!(read(&first.path), read(&second.path));
    let manifest = |path: &Path| read(&path.with_extension("manifest.json"));
    assert_eq!(manifest(&first.path), manifest(&second.path));
    let manifest: Value = serde_json::from_str(&manifest(&first.path)).unwrap();
    assert_eq!((&manifest["examples"], &manifest["journal"]["lines"]), (&json!(1), &json!(1)));
    assert_eq!(manifest["sha256"], first.written.sha256);
}
