//! Status, blemishes, the page itself and the document that describes all.

use crate::{Server, text};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn status_counts() {
    let server = Server::new();
    server.star(r#"{"custom_id":"q/1","quality_score":9,"tags":["Senior","x"]}"#).await;
    let (_, status) = server.get("/api/status").await;
    assert_eq!(status["catalog"]["state"], "ready");
    assert_eq!(
        (&status["catalog"]["records"], &status["catalog"]["outputs"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(status["models"], json!([{"name": "m", "outputs": 2, "errors": 1}]));
    assert_eq!(status["journal"]["scores"], json!([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]));
    assert_eq!(status["blemishes"], 1);
    let (_, blemishes) = server.get("/api/blemishes").await;
    assert_eq!(blemishes["blemishes"][0]["line"], 3);
    let (_, tags) = server.get("/api/tags?prefix=se").await;
    assert_eq!(tags, json!([{"tag": "Senior", "count": 1}]));
}

#[tokio::test]
async fn the_page_is_at_both_addresses_and_nothing_else_answers_with_it() {
    let server = Server::new();
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    for path in ["/", "/table_view.html"] {
        let response = server.send(get(path)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(text(response).await.starts_with("<!doctype html>"));
    }
    for path in ["/nothing", "/api/nothing", "/assets/../index.html", "/assets/none.js"] {
        let response = server.send(get(path)).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    assert_eq!(text(server.send(get("/healthz")).await).await, "ok");
}

#[tokio::test]
async fn the_openapi_document_is_the_committed_one() {
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(
        committed == goldstar_server::openapi_json(),
        "docs/openapi.json is out of date; `cargo xtask codegen` writes it"
    );
    let (_, served) = Server::new().get("/api/openapi.json").await;
    assert_eq!(served["openapi"], "3.1.0");
}

#[tokio::test]
async fn events_begin_with_the_state_of_the_catalog() {
    use http_body_util::BodyExt;
    let server = Server::new();
    let request = Request::get("/api/events").body(Body::empty()).unwrap();
    let mut body = server.send(request).await.into_body();
    let mut expect = async |beginning: &str| {
        let event = body.frame().await.unwrap().unwrap().into_data().unwrap();
        let event = String::from_utf8(event.to_vec()).unwrap();
        assert!(event.starts_with(beginning), "{event}");
    };
    expect("event: catalog\ndata: {\"state\":\"ready\"").await;
    expect("event: search\ndata: {\"state\":\"scan\"").await;
    expect("event: presence\ndata: {\"names\":[],").await;
    server.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    expect("event: starred\ndata: {\"custom_id\":\"q/1\"").await;
}

#[tokio::test]
async fn streams_of_events_end_with_the_server() {
    let server = Server::new();
    let listen = || Request::get("/api/events").body(Body::empty()).unwrap();
    let before = server.send(listen()).await;
    server.app.end();
    let after = server.send(listen()).await;
    for stream in [before, after] {
        // What the server knew is said; then nobody waits for more.
        assert!(text(stream).await.starts_with("event: catalog"));
    }
}
