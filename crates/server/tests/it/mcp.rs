//! Tools over HTTP, called by hand: what is answered, and how mistakes are explained.

use crate::{Server, answer};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

/// The answer to one message.
async fn send(server: &Server, method: &str, params: Value) -> (StatusCode, Value) {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let request = Request::post("/mcp")
        .header(header::HOST, "localhost:8001")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-11-25")
        .body(Body::from(body.to_string()));
    answer(server.send(request.unwrap()).await).await
}

/// The result of a tool.
async fn call(server: &Server, tool: &str, arguments: Value) -> Value {
    let (status, mut answer) =
        send(server, "tools/call", json!({"name": tool, "arguments": arguments})).await;
    assert_eq!(status, StatusCode::OK, "{tool} {answer}");
    answer["result"].take()
}

#[tokio::test]
async fn every_tool_says_what_it_takes_and_gives() {
    let server = Server::new();
    let (_, listing) = send(&server, "tools/list", json!({})).await;
    let tools = listing["result"]["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 8);
    for tool in tools {
        for schema in [&tool["inputSchema"], &tool["outputSchema"]] {
            assert_eq!(schema["type"], "object", "{tool}");
            let text = schema.to_string();
            assert!(!text.contains("#/components/"), "{text}");
            for reference in text.split("#/$defs/").skip(1) {
                let name = reference.split('"').next().unwrap();
                assert!(schema["$defs"][name].is_object(), "{name} in {text}");
            }
        }
        assert_eq!(tool["annotations"]["openWorldHint"], false);
    }
}

#[tokio::test]
async fn an_agent_stars_under_its_own_name() {
    let server = Server::new();
    let arguments = json!({"custom_id": "q/1", "quality_score": 8, "tags": ["clear"]});
    let result = call(&server, "star_output", arguments).await;
    assert_eq!(result["isError"], false);
    let star = &result["structuredContent"]["star"];
    assert_eq!((&star["starred_by"], &star["kind"]), (&json!("agent"), &json!("agent")));
    let text = result["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), result["structuredContent"]);
    assert_eq!(server.journal().len(), 1);
    let tags = call(&server, "suggest_tags", json!({"custom_id": "q/1"})).await;
    let clear = json!([{"tag": "clear", "count": 1}]);
    assert_eq!(tags["structuredContent"], json!({"tags": clear, "of_record": clear}));
    let stars = call(&server, "list_stars", json!({"limit": 1})).await;
    assert_eq!(stars["structuredContent"]["more"], false);
    let back = call(&server, "unstar_output", json!({"custom_id": "q/1"})).await;
    assert_eq!(back["structuredContent"]["removed"], 1);
    let again = call(&server, "unstar_output", json!({"custom_id": "q/1"})).await;
    assert_eq!(again["isError"], true);
}

#[tokio::test]
async fn long_texts_are_cut_and_lines_of_a_dataset_are_text() {
    let server = Server::new();
    let record = call(&server, "read_record", json!({"custom_id": "q/1", "max_chars": 2})).await;
    let record = &record["structuredContent"];
    assert_eq!(record["outputs"][0]["text"], "Go… [3 more characters; max_chars shows more]");
    assert_eq!(record["outputs"][0]["reasoning"], "hm");
    call(&server, "star_output", json!({"custom_id": "q/1", "quality_score": 8})).await;
    let none = call(&server, "export_examples", json!({})).await;
    assert_eq!(none["structuredContent"]["examples"], 0);
    let some = call(&server, "export_examples", json!({"include_agents": true})).await;
    let line = some["structuredContent"]["lines"][0].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(line).unwrap()["llm_output"], "Good.");
}

#[tokio::test]
async fn mistakes_are_explained_with_a_call_that_is_right() {
    let server = Server::new();
    for (tool, arguments, said) in [
        ("star_output", json!({"custom_id": "q/1", "quality_score": "9"}), "a whole number"),
        ("star_output", json!({"custom_id": "q/1"}), "quality_score is required"),
        ("star_output", json!({"quality_score": 9, "custom_id": null}), "custom_id is required"),
        ("star_output", json!({"custom_id": "q9", "quality_score": 9}), "no batch holds"),
        ("export_examples", json!({"format": "csv"}), "format must be icl or finetuning or raw"),
        ("list_stars", json!({"limit": 501}), "limit must be a number from 1 to 500, not 501"),
        ("search_records", json!({"q": "score:high"}), "q at 7: expected"),
    ] {
        let result = call(&server, tool, arguments).await;
        let text = result["content"][0]["text"].as_str().unwrap();
        assert_eq!(result["isError"], true, "{text}");
        let example = text.lines().last().unwrap().strip_prefix(&format!("For example: {tool} "));
        assert!(text.starts_with(said) || text.contains(said), "{text}");
        assert!(serde_json::from_str::<Value>(example.unwrap()).unwrap().is_object(), "{text}");
    }
    assert_eq!(server.journal(), [] as [String; 0]);
    let list = json!({"name": "list_stars", "arguments": [1]});
    let (_, odd) = send(&server, "tools/call", list).await;
    assert_eq!(odd["error"]["code"], -32602);
    let (_, unknown) = send(&server, "tools/call", json!({"name": "fly", "arguments": {}})).await;
    assert_eq!(unknown["error"]["code"], -32602);
    let read_only = Server::with(true);
    let star = json!({"custom_id": "q/1", "quality_score": 9});
    assert_eq!(call(&read_only, "star_output", star).await["isError"], true);
}

#[tokio::test]
async fn the_papers_are_served() {
    let server = Server::new();
    for path in ["/llms.txt", "/docs/agents.md", "/docs/query.md"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = server.send(request).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(crate::text(response).await.starts_with("# "), "{path}");
    }
    assert_eq!(server.get("/docs/secret.md").await.0, StatusCode::NOT_FOUND);
}
