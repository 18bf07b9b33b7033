//! What is read without a tree, held against what the tree says.

use super::{Memory, read};
use crate::formats;
use crate::line::Reading;
use proptest::prelude::*;
use serde_json::Value;

/// Whatever is read fast is what the tree says, also when its shape is known. `false`: it was left
/// to the tree.
fn is_read(line: &str) -> bool {
    let mut memory = Memory::default();
    let is_read = is_read_with(&mut memory, line);
    assert_eq!(is_read_with(&mut memory, line), is_read, "{line}");
    is_read
}

fn is_read_with(memory: &mut Memory, line: &str) -> bool {
    let Some(fast) = read(line, memory) else { return false };
    let tree: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let general = formats::read(tree.as_object().unwrap());
    assert_eq!(Some(fast), general.map(|(_, reading)| reading), "{line}");
    true
}

fn result(message: &str) -> String {
    format!(
        r#"{{"id":"x","custom_id":"a","error":null,"response":{{"status_code":200,"body":{{
        "choices":[{{"message":{message}}}]}}}}}}"#
    )
    .replace("\n        ", "")
}

#[test]
fn texts_keep_their_escapes() {
    let check = |content: &str, expected: &str| {
        let line = result(&format!(r#"{{"content":"{content}"}}"#));
        assert!(is_read(&line), "{content}");
        let mut memory = Memory::default();
        let reading: Reading<'_> = read(&line, &mut memory).unwrap();
        assert_eq!(reading.answers, [crate::line::Answer::text(expected)]);
    };
    check("", "");
    check("plain, and far longer than the blocks that are looked at first é", {
        "plain, and far longer than the blocks that are looked at first é"
    });
    check(r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t");
    check(r"1234567\n\u00e9\uD83D\ude00\u0000", "1234567\né😀\0");
}

#[test]
fn numbers_that_no_double_holds_are_left_to_the_tree() {
    let check = |number: &str, expected: bool| {
        let line = result(&format!(r#"{{"content":"x","logprob":{number}}}"#));
        assert_eq!(is_read(&line), expected, "{number}");
    };
    for number in ["-1.5e-7", "1e99", "9E+99", &"9".repeat(200), &format!("0.{}", "9".repeat(500))]
    {
        check(number, true);
    }
    for number in ["1e999", "-6E666", "1e100", &"9".repeat(400)] {
        check(number, false);
    }
}

#[test]
fn what_is_out_of_the_ordinary_is_left_to_the_tree() {
    for message in [
        r#"{"content":null}"#,
        r#"{"content":["x"]}"#,
        r#"{"content":"\ud83d"}"#,
        r#"{"content":"\ud83dx"}"#,
        r#"{"content":"\ud83d\u0041"}"#,
        r#"{"content":"\ude00"}"#,
        r#"{"content":"\x41"}"#,
        r#"{"content":"\u12"}"#,
        r#"{"content":"\u+123"}"#,
        "{\"content\":\"a\tb\"}",
        r#"{"content":"a","content":"b"}"#,
        r#"{"content":"a","\u0063ontent":"b"}"#,
        r#"{"content":"","refusal":"No."}"#,
        r#"{"content":"","audio":{"transcript":"a"}}"#,
        r#"{"content":"a","tool_calls":[{}]}"#,
        r#"{"content":"a","x":01}"#,
        r#"{"content":"a","x":1.}"#,
        r#"{"content":"a","x":.5}"#,
        r#"{"content":"a","x":1e}"#,
        r#"{"content":"a","x":-}"#,
        r#"{"content":"a","x":NaN}"#,
        r#"{"content":"a","x":nul}"#,
        r#"{"content":"a","x":[1,]}"#,
        r#"{"content":"a","x":{"a"}}"#,
        r#"{"content":"a",}"#,
        r#"{"content":"a"}}"#,
    ] {
        assert!(!is_read(&result(message)), "{message}");
    }
    let line = result(r#"{"content":"a"}"#);
    assert!(is_read(&line));
    assert!(!is_read(&format!("{line}{line}")));
    assert!(!is_read(&line.replace(r#""a","error""#, r#""","error""#)));
    assert!(!is_read(&line.replace("200", "200.0")));
    assert!(!is_read(&line.replace("200", "500")));
    assert!(!is_read(&line.replace("\"id\"", "\"request\"")));
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    assert!(!is_read(&line.replace("\"x\"", &nested)));
    for end in 0..line.len() {
        assert!(!is_read(&line[..end]), "{end}");
    }
}

/// JSON of one object: members as they come, with blanks where JSON allows them.
fn object(members: Vec<(&'static str, String)>, blanks: &str) -> String {
    let members = members.iter().map(|(key, value)| format!("{blanks}\"{key}\"{blanks}:{value}"));
    let members = members.collect::<Vec<_>>().join(&format!("{blanks},"));
    format!("{{{members}{blanks}}}")
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zé😀 ]{0,9}",
        2 => prop::sample::select(vec![
            "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\u0000", "<think>", "Name: x",
        ]).prop_map(str::to_owned),
        1 => any::<String>().prop_map(|text| {
            let json = serde_json::to_string(&text).unwrap();
            json[1..json.len() - 1].to_owned()
        }),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// A value of any kind.
fn anything() -> BoxedStrategy<String> {
    let odd = [
        "null",
        "true",
        "[]",
        "{}",
        "0",
        "-0",
        "7",
        "-1",
        "2.5",
        "1e3",
        "4294967296",
        "[ 1 , {} ]",
        "\"\"",
        "1790000000123",
        "{\"name\":\"n\"}",
        "[{\"type\":\"text\",\"text\":\"t\"}]",
        "nul",
        "\"\\ud83d\"",
        "01",
        "\"tool\"",
    ];
    prop_oneof![8 => prop::sample::select(odd.to_vec()).prop_map(str::to_owned), 1 => text()]
        .boxed()
}

type Members = BoxedStrategy<Vec<(&'static str, String)>>;

/// What has to be there, and a few members more: those that are looked at, and others.
fn members(needed: Vec<(&'static str, BoxedStrategy<String>)>, more: &[&'static str]) -> Members {
    let keys = [more, &["x", "usage_of_x"]].concat();
    let one = (prop::sample::select(keys), anything());
    let more = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(one, 1..3)];
    (needed_members(needed), more)
        .prop_map(|(needed, more)| [needed, more].concat())
        .prop_shuffle()
        .boxed()
}

/// Each of them nearly always, now and then something else in its place.
fn needed_members(needed: Vec<(&'static str, BoxedStrategy<String>)>) -> Members {
    let members = needed.into_iter().map(|(key, value)| {
        let value = prop_oneof![99 => value, 1 => anything()];
        (Just(key), value, prop::bool::weighted(0.99))
    });
    let members = members.collect::<Vec<_>>();
    members
        .prop_map(|all| {
            let there = all.into_iter().filter(|(_, _, is_there)| *is_there);
            there.map(|(key, value, _)| (key, value)).collect()
        })
        .boxed()
}

fn just(text: &str) -> BoxedStrategy<String> {
    Just(text.to_owned()).boxed()
}

fn json(members: Members) -> BoxedStrategy<String> {
    let blanks = prop_oneof![49 => prop::sample::select(vec!["", " ", "  "]), 1 => Just("\t")];
    (members, blanks).prop_map(|(members, blanks)| object(members, blanks)).boxed()
}

fn list(item: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let items = prop_oneof![Just(1), 0..3_usize]
        .prop_flat_map(move |count| prop::collection::vec(item.clone(), count));
    items.prop_map(|items| format!("[{}]", items.join(", "))).boxed()
}

const NAMES: [&str; 3] = ["candidate_name", "name", "metadata"];

fn result_lines() -> BoxedStrategy<String> {
    let more = [
        "reasoning",
        "reasoning_content",
        "thinking",
        "tool_calls",
        "function_call",
        "refusal",
        "audio",
        "parts",
        "content",
    ];
    let message =
        json(members(vec![("role", just("\"assistant\"")), ("content", text().boxed())], &more));
    let more = ["index", "text", "logprobs", "message"];
    let choice =
        json(members(vec![("message", message), ("finish_reason", just("\"stop\""))], &more));
    let more = ["prompt_tokens", "input_tokens", "output_tokens", "total_time"];
    let usage = json(members(vec![("completion_tokens", just("5"))], &more));
    let more = ["created", "created_at", "error", "metrics", "x_groq", "object", "output", "model"];
    let needed = vec![("choices", list(choice)), ("model", just("\"m\"")), ("usage", usage)];
    let body = json(members(needed, &more));
    let more = ["request_id", "candidates", "body"];
    let response = json(members(vec![("status_code", just("200")), ("body", body)], &more));
    let more = [&NAMES[..], &["body", "request", "params", "object", "status", "key", "result"]];
    let needed =
        vec![("custom_id", text().boxed()), ("response", response), ("error", just("null"))];
    json(members(needed, &more.concat()))
}

fn request_lines() -> BoxedStrategy<String> {
    let more = ["type", "name", "tool_calls", "function_call", "parts", "from", "value", "output"];
    let roles = ["\"user\"", "\"system\"", "\"Tool\"", "\"\""].map(str::to_owned);
    let role = prop::sample::select(roles.to_vec()).boxed();
    let message = json(members(vec![("role", role), ("content", text().boxed())], &more));
    let metadata = json(members(vec![("candidate_name", text().boxed())], &["name"]));
    let more = [&NAMES[..], &["system", "instructions", "input", "prompt", "contents", "messages"]];
    let needed =
        vec![("model", just("\"m\"")), ("messages", list(message)), ("metadata", metadata)];
    let body = json(members(needed, &more.concat()));
    let more = [
        &NAMES[..],
        &[
            "method",
            "error",
            "response",
            "request",
            "params",
            "object",
            "key",
            "choices",
            "processed_time",
            "modelOutput",
        ],
    ];
    json(members(vec![("custom_id", text().boxed()), ("body", body)], &more.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn results_agree(line in result_lines()) {
        is_read(&line);
    }

    #[test]
    fn requests_agree(line in request_lines()) {
        is_read(&line);
    }

    /// Lines that were cut, or in which a byte was changed or left out.
    #[test]
    fn damaged_lines_agree(
        line in prop_oneof![result_lines(), request_lines()],
        at in any::<prop::sample::Index>(),
        with in prop::sample::select(vec!["", "\"", "\\", "}", ",", "0"]),
    ) {
        let (at, _) = line.char_indices().nth(at.index(line.chars().count())).unwrap();
        let behind = line[at..].chars().next().map_or(0, char::len_utf8);
        let damaged = format!("{}{with}{}", &line[..at], &line[at + behind..]);
        let mut memory = Memory::default();
        is_read_with(&mut memory, &line);
        for other in [&line[..at], &damaged, &line] {
            let is_read = is_read(other);
            prop_assert_eq!(is_read_with(&mut memory, other), is_read, "{}", other);
        }
    }

    /// Whatever lines came before, a line says the same.
    #[test]
    fn the_lines_before_do_not_matter(
        lines in prop::collection::vec(prop_oneof![result_lines(), request_lines()], 1..200),
    ) {
        let mut memory = Memory::default();
        for line in lines.iter().chain(&lines) {
            prop_assert_eq!(is_read_with(&mut memory, line), is_read(line), "{}", line);
        }
    }

    /// Lines that differ in their values only, and in what has been `null` before.
    #[test]
    fn values_of_any_kind_in_the_same_place(
        values in prop::collection::vec(prop::collection::vec(anything(), 7), 1..20),
    ) {
        let mut memory = Memory::default();
        for value in &values {
            let [id, x, model, time, content, reasoning, tokens] = &value[..] else { continue };
            let id = if id.starts_with('"') { id } else { "\"a\"" };
            let content = if content.starts_with('"') { content } else { "\"b\"" };
            let line = format!(
                "{{\"custom_id\":{id},\"x\":{x},\"response\":{{\"status_code\":200,\"body\":{{\
                 \"model\":{model},\"created\":{time},\"choices\":[{{\"message\":{{\
                 \"content\":{content},\"reasoning\":{reasoning}}}}}],\
                 \"usage\":{{\"completion_tokens\":{tokens}}}}}}}}}"
            );
            prop_assert_eq!(is_read_with(&mut memory, &line), is_read(&line), "{}", line);
        }
    }

    #[test]
    fn good_lines_are_read(
        id in "\\PC+", content in any::<String>(),
        reasoning in proptest::option::of(any::<String>()),
        model in proptest::option::of("[a-z]*"), index in 0_u32..5,
        tokens in proptest::option::of(any::<u32>()), finish in proptest::option::of("[a-z]+"),
    ) {
        let result = serde_json::json!({
            "id": "x", "custom_id": id, "error": null,
            "response": {"status_code": 200, "request_id": "r", "body": {
                "model": model, "created": 1_790_000_000, "object": "chat.completion",
                "choices": [{"index": index, "finish_reason": finish, "logprobs": null,
                    "message": {"role": "assistant", "content": content, "refusal": null,
                        "reasoning": reasoning, "tool_calls": []}}],
                "usage": {"prompt_tokens": tokens, "completion_tokens": tokens},
            }},
        });
        prop_assert!(is_read(&result.to_string()));
        let request = serde_json::json!({
            "custom_id": id, "method": "POST", "url": "/v1/chat/completions",
            "body": {"model": model, "temperature": 0.7, "max_tokens": tokens,
                "metadata": {"candidate_name": reasoning, "job": content},
                "messages": [{"role": "system", "content": content}, {"role": "user", "content": "Hi"}]},
        });
        prop_assert!(is_read(&request.to_string()));
    }
}
