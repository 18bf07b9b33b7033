//! All readers together: no line has two claimants, and no line makes a reader panic.

use super::{FORMATS, Format, Object, read};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Lines of every shape.
const EXAMPLES: &[(Format, &str)] = &[
    (
        Format::OpenAi,
        r#"{"id":"vllm-1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":{"object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}},"error":null}"#,
    ),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":{"status_code":400,"request_id":"r","body":null},"error":{"error":{"message":"m","type":"t","code":400}}}"#,
    ),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"m"}}"#,
    ),
    (Format::OpenAi, r#"{"custom_id":"a","error":"m"}"#),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":{"status_code":200,"body":{"object":"response","status":"completed","incomplete_details":null,"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}]},{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}},"error":null}"#,
    ),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":{"status_code":200,"body":{"object":"list","data":[{"embedding":[0.1]}]}},"error":null}"#,
    ),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":{"status_code":200,"body":{"results":[{"relevance_score":0.5}]}}}"#,
    ),
    (Format::OpenAi, r#"{"custom_id":"a","response":{"status_code":200,"body":{"text":"Hi"}}}"#),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","response":{"status_code":200,"body":"{\"choices\":[]}"}}"#,
    ),
    (Format::OpenAi, r#"{"custom_id":"a","response":{"choices":[{"text":"Hi"}]}}"#),
    (
        Format::OpenAi,
        r#"{"custom_id":"a","prompt":"echoed","response":{"choices":[{"text":"Hi"}]}}"#,
    ),
    (
        Format::OpenAi,
        r#"{"id":"chatcmpl-1","object":"chat.completion","model":"m","choices":[{"message":{"content":"Hi"}}]}"#,
    ),
    (
        Format::OpenAi,
        r#"{"id":"resp_1","object":"response","model":"m","output":[{"type":"message","content":"Hi"}],"error":null}"#,
    ),
    (
        Format::Request,
        r#"{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Hi"}]}}"#,
    ),
    (Format::Request, r#"{"custom_id":"a","body":{"input":"Hi","instructions":"I"}}"#),
    (
        Format::Request,
        r#"{"custom_id":"a","params":{"model":"m","system":"S","messages":[{"role":"user","content":"Hi"}]}}"#,
    ),
    (
        Format::Request,
        r#"{"key":"a","request":{"contents":[{"parts":[{"text":"Hi"}]}],"system_instruction":{"parts":[{"text":"S"}]}}}"#,
    ),
    (
        Format::Request,
        r#"{"request":{"contents":[{"parts":[{"text":"Hi"}]}],"labels":{"custom_id":"a"}}}"#,
    ),
    (
        Format::Anthropic,
        r#"{"custom_id":"a","result":{"type":"succeeded","message":{"type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}}}"#,
    ),
    (
        Format::Anthropic,
        r#"{"custom_id":"a","result":{"type":"errored","error":{"type":"error","error":{"type":"t","message":"m"}}}}"#,
    ),
    (Format::Anthropic, r#"{"custom_id":"a","result":{"type":"expired"}}"#),
    (
        Format::Gemini,
        r#"{"key":"a","response":{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi","thought":false}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1},"modelVersion":"m"}}"#,
    ),
    (Format::Gemini, r#"{"key":"a","error":{"code":3,"message":"m"}}"#),
    (Format::Gemini, r#"{"key":"a","response":{"promptFeedback":{"blockReason":"SAFETY"}}}"#),
    (
        Format::Gemini,
        r#"{"custom_id":"a","response":{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}}"#,
    ),
    (
        Format::Gemini,
        r#"{"status":"","processed_time":"2026-01-01T00:00:00Z","request":{"contents":[],"labels":{"custom_id":"a"}},"response":{"candidates":[]}}"#,
    ),
    (
        Format::Gemini,
        r#"{"status":"Bad Request","processed_time":"2026-01-01T00:00:00Z","request":{"contents":[]},"response":{}}"#,
    ),
    (
        Format::Gemini,
        r#"{"custom_id":"a","status":"","request":{"messages":[]},"response":{"role":"assistant","content":[{"type":"text","text":"Hi"}]}}"#,
    ),
    (
        Format::Bedrock,
        r#"{"recordId":"a","modelInput":{"messages":[]},"modelOutput":{"output":{"message":{"content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":{"inputTokens":1}}}"#,
    ),
    (
        Format::Bedrock,
        r#"{"recordId":"a","modelInput":{"inputText":"Hi"},"error":{"errorCode":400,"errorMessage":"m"}}"#,
    ),
    (
        Format::Bedrock,
        r#"{"recordId":"a","modelInput":{"prompt":"Hi"},"modelOutput":{"generation":"Hi","stop_reason":"stop"}}"#,
    ),
    (Format::Bedrock, r#"{"recordId":"a","modelInput":{"prompt":"Hi"}}"#),
    (
        Format::LmEval,
        r#"{"doc_id":0,"doc":{"question":"q"},"target":"t","arguments":{"gen_args_0":{"arg_0":"Hi","arg_1":{}}},"resps":[["Hi"]],"filtered_resps":["Hi"],"filter":"none"}"#,
    ),
    (Format::LmEval, r#"{"doc_id":0,"arguments":[["Hi"," there"]],"resps":[[["-1.2","False"]]]}"#),
    (
        Format::Inspect,
        r#"{"id":1,"epoch":1,"input":"Hi","target":"t","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hi"}],"output":{"model":"m","choices":[{"message":{"content":"Hi"},"stop_reason":"stop"}],"completion":"Hi","time":1.5},"scores":{}}"#,
    ),
    (
        Format::Inspect,
        r#"{"id":"a","epoch":2,"input":[{"role":"user","content":"Hi"}],"output":{"choices":[],"completion":""},"error":{"message":"m"}}"#,
    ),
    (
        Format::Native,
        r#"{"text":"Hi","output_ids":[1],"meta_info":{"id":"s","finish_reason":{"type":"stop"},"prompt_tokens":1,"e2e_latency":0.1}}"#,
    ),
    (
        Format::Native,
        r#"{"generated_text":"Hi","details":{"finish_reason":"length","generated_tokens":1,"best_of_sequences":[{"generated_text":"Ho"}]}}"#,
    ),
    (Format::Native, r#"{"generated_text":"Hi"}"#),
    (
        Format::Native,
        r#"{"prompt":"Hi","generated_text":"Hi","details":{"finish_reason":"length"}}"#,
    ),
    (
        Format::Native,
        r#"{"content":"Hi","prompt":"Hi","model":"m","tokens_predicted":1,"stop_type":"eos","timings":{"prompt_ms":1.0}}"#,
    ),
    (
        Format::Native,
        r#"{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"Hi","done":true,"eval_count":1,"total_duration":1}"#,
    ),
    (
        Format::Native,
        r#"{"model":"m","message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop"}"#,
    ),
    (Format::Pair, r#"{"prompt":"Hi","output":"Hi"}"#),
    (Format::Pair, r#"{"id":7,"instruction":"Hi","input":"Hi","output":"Hi"}"#),
    (Format::Pair, r#"{"custom_id":"a","prompt":"Hi","response":"Hi","model":"m"}"#),
    (Format::Pair, r#"{"prompt":"Hi","generated_text":"Hi"}"#),
    (Format::Pair, r#"{"id":1,"generated_text":"Hi"}"#),
    (
        Format::Pair,
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hi"}]}"#,
    ),
    (
        Format::Pair,
        r#"{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hi"}]}"#,
    ),
    (Format::Pair, r#"{"key":"a","query":"Hi","choices":[{"text":"Hi"}]}"#),
    (Format::Pair, r#"{"doc_id":1,"question":"Hi","prediction":0.5}"#),
    (Format::Pair, r#"{"prompt":"Hi","output":null,"error":"m"}"#),
];

/// Reads a line that a test wrote.
pub(super) fn object(json: &str) -> Object {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn claimants(line: &Object) -> Vec<Format> {
    FORMATS.iter().filter(|(_, reader)| reader(line).is_some()).map(|(format, _)| *format).collect()
}

#[test]
fn every_line_has_one_claimant() {
    for (expected, json) in EXAMPLES {
        let line = object(json);
        assert_eq!(claimants(&line), [*expected], "{json}");
        assert_eq!(read(&line).map(|(format, _)| format), Some(*expected), "{json}");
    }
    for (format, _) in FORMATS {
        assert!(
            EXAMPLES.iter().any(|(example, _)| *example == format),
            "{format:?} has no example"
        );
    }
}

/// Every key of the examples, so that random lines look like real ones.
fn keys() -> Vec<String> {
    fn collect(value: &Value, keys: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                keys.push(key.clone());
                collect(value, keys);
            }),
            Value::Array(list) => list.iter().for_each(|value| collect(value, keys)),
            _ => {}
        }
    }
    let mut keys = Vec::new();
    EXAMPLES.iter().for_each(|(_, json)| collect(&Value::Object(object(json)), &mut keys));
    keys.sort();
    keys.dedup();
    keys
}

fn any_value() -> impl Strategy<Value = Value> {
    let words = ["", "text", "chat.completion", "assistant", "thinking", "abort", "[{\"role\":1}]"];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(words.to_vec()).prop_map(Value::from),
        ".{0,24}".prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            any_map(inner, 6).prop_map(Value::from),
        ]
    })
}

fn any_map(
    value: impl Strategy<Value = Value>,
    size: usize,
) -> impl Strategy<Value = Map<String, Value>> {
    let entry = (proptest::sample::select(keys()), value);
    proptest::collection::vec(entry, 0..size).prop_map(|entries| entries.into_iter().collect())
}

/// Replaces the value at position `at`, counting through the whole tree.
fn wreck(value: &mut Value, at: &mut usize, with: &Value) {
    if *at == 0 {
        *value = with.clone();
    }
    let Some(next) = at.checked_sub(1) else { return };
    *at = next;
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| wreck(value, at, with)),
        Value::Array(list) => list.iter_mut().for_each(|value| wreck(value, at, with)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_line_makes_a_reader_panic(line in any_map(any_value(), 12)) {
        for (_, reader) in FORMATS {
            reader(&line);
        }
    }

    #[test]
    fn a_wrong_value_makes_no_second_claimant(
        example in proptest::sample::select(EXAMPLES),
        mut at in 1_usize..40,
        with in any_value(),
    ) {
        let mut line = Value::Object(object(example.1));
        wreck(&mut line, &mut at, &with);
        let line = line.as_object().expect("the root stays");
        prop_assert!(claimants(line).len() <= 1, "{:?}: {:?}", claimants(line), line);
    }

    #[test]
    fn what_people_add_to_a_line_changes_no_claim(
        example in proptest::sample::select(EXAMPLES),
        key in proptest::sample::select(vec!["name", "candidate_name", "metadata", "score", "tags"]),
        value in any_value(),
    ) {
        let mut line = object(example.1);
        line.entry(key).or_insert(value);
        prop_assert_eq!(claimants(&line), [example.0]);
    }
}
