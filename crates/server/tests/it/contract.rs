//! The HTTP contract: what is answered, and what is refused naming the field.

use crate::{Server, answer, text};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

#[tokio::test]
async fn the_old_body_gets_the_old_answer() {
    let server = Server::new();
    let old = r#"{"custom_id":"q/1","candidate_name":"Z","llm_output":"Good.","quality_score":9,"tags":"a, b","notes":"n","starred_by":"ann"}"#;
    let (status, body) = server.star(old).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["status"], "success");
    assert_eq!(body["message"], "Example starred successfully");
    assert_eq!(body["star"]["tags"], json!(["a", "b"]));
    assert_eq!(body["star"]["model"], "m");
    let (status, stars) = server.get("/api/gold-star").await;
    assert_eq!((status, stars.as_array().unwrap().len()), (StatusCode::OK, 1));
    assert_eq!(stars[0], body["star"]);
    assert_eq!(server.journal().len(), 1);
}

#[tokio::test]
async fn an_agent_makes_no_suggestion_its_own() {
    let server = Server::new();
    let star = json!({"custom_id": "q/1", "quality_score": 9, "kind": "agent"});
    let (_, body) = server.star(&star.to_string()).await;
    let mut second = star.clone();
    second["accepted"] = body["star"]["id"].clone();
    second["starred_by"] = json!("another");
    let (status, problem) = server.star(&second.to_string()).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (StatusCode::BAD_REQUEST, &json!("accepted"))
    );
    second["kind"] = json!("human");
    assert_eq!(server.star(&second.to_string()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn names_are_trimmed_wherever_they_stand() {
    let server = Server::new();
    let star = r#"{"custom_id":"q/1","quality_score":9,"starred_by":" eve "}"#;
    assert_eq!(server.star(star).await.1["star"]["starred_by"], "eve");
    let (status, _) = server.post("/api/undo", r#"{"starred_by":" eve "}"#).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_indexed_yet_is_to_be_asked_for_again() {
    let server = Server::early(false, "");
    let star = r#"{"custom_id":"q/1","quality_score":9}"#;
    let claim = r#"{"custom_id":"q/1","starred_by":"ann"}"#;
    let posts = [("/api/gold-star", star), ("/api/claim", claim)];
    let post =
        |(path, body): (&str, &str)| Request::post(path).body(Body::from(body.to_owned())).unwrap();
    let get = Request::get("/api/records/q%2F1").body(Body::empty()).unwrap();
    for request in posts.map(post).into_iter().chain([get]) {
        let response = server.send(request).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        let (_, problem) = answer(response).await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.ends_with("so far: ask again in a moment"), "{detail}");
    }
    assert_eq!(server.journal(), [] as [String; 0]);
    server.collection.catalog().index();
    for (path, body) in posts {
        assert_eq!(server.post(path, body).await.0, StatusCode::OK, "{path}");
    }
    assert_eq!(server.get("/api/records/q%2F1").await.0, StatusCode::OK);
}

#[tokio::test]
async fn bad_stars_are_refused_by_field_and_nothing_is_written() {
    let server = Server::new();
    let with = |field: &str, value: Value| {
        let mut body = json!({"custom_id": "q/1", "quality_score": 9});
        body[field] = value;
        body.to_string()
    };
    for (body, field) in [
        (with("quality_score", json!(0)), "quality_score"),
        (with("quality_score", json!(11)), "quality_score"),
        (with("quality_score", json!(9.5)), "quality_score"),
        (with("quality_score", json!("9")), "quality_score"),
        (with("quality_score", Value::Null), "quality_score"),
        (with("quality_score", json!(1e300)), "quality_score"),
        (with("tags", json!(7)), "tags"),
        (with("tags", json!(["a", 7])), "tags"),
        (with("tags", json!(["x".repeat(65)])), "tags"),
        (with("notes", json!("x".repeat(70_000))), "notes"),
        (with("notes", json!(1)), "notes"),
        (with("custom_id", json!(1)), "custom_id"),
        (with("custom_id", json!("")), "custom_id"),
        (with("custom_id", Value::Null), "custom_id"),
        (with("kind", json!("robot")), "kind"),
        (with("id", json!("17")), "id"),
        (with("choice", json!(-1)), "choice"),
        (with("starred_by", json!("a\u{0}b")), "starred_by"),
        ("{".into(), "body"),
        ("[]".into(), "body"),
        (String::new(), "body"),
    ] {
        let (status, problem) = server.star(&body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(problem["errors"][0]["field"], field, "{body} {problem}");
        assert_eq!(problem["status"], 400);
    }
    for (body, status) in [
        (with("custom_id", json!("q9")), StatusCode::NOT_FOUND),
        (with("model", json!("n")), StatusCode::NOT_FOUND),
        (with("notes", json!("x".repeat(200_000))), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(server.star(&body).await.0, status);
    }
    assert_eq!(server.journal(), [] as [String; 0]);
}

#[tokio::test]
async fn bad_parameters_are_refused_by_name() {
    let server = Server::new();
    for (path, field) in [
        ("/api/gold-star?min_quality=abc", "min_quality"),
        ("/api/gold-star?min_quality=0", "min_quality"),
        ("/api/export-gold-star?format=csv", "format"),
        ("/api/export-gold-star?min_quality=abc", "min_quality"),
        ("/api/export-gold-star?min_quality=nan", "min_quality"),
        ("/api/export-gold-star?limit=-1", "limit"),
        ("/api/export-gold-star?score=worst", "score"),
        ("/api/agreement?method=best", "method"),
        ("/api/agreement?q=score:high", "q"),
        ("/api/export-gold-star?min_qualty=9", "min_qualty"),
        ("/api/records?limit=101", "limit"),
        ("/api/records?offset=x", "offset"),
        ("/api/records?sort=size", "sort"),
        ("/api/records?sort=chars:nope", "sort"),
        ("/api/records?limit=1&limit=2", "limit"),
        ("/api/status?x=1", "x"),
        ("/api/records?q=score:high", "q"),
        ("/api/tags?prefix=a&x=1", "x"),
    ] {
        let (status, problem) = server.get(path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(problem["errors"][0]["field"], field, "{path} {problem}");
    }
    let (_, problem) = server.get("/api/records?q=score:high").await;
    assert!(problem["detail"].as_str().unwrap().contains("at 7: expected a number"), "{problem}");
    let long = format!("/api/records?q={}", "x".repeat(5000));
    assert_eq!(server.get(&long).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_record_is_shown_whole_whatever_its_id() {
    let server = Server::new();
    server.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    let (status, record) = server.get("/api/records/q%2F1").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(record["name"], "Zoë");
    assert_eq!(record["prompt"], json!([{"role": "user", "content": "Name: Zoë"}]));
    assert_eq!(record["prompt_source"], json!({"file": "batches/input/a.jsonl", "line": 1}));
    let output = &record["outputs"][0];
    assert_eq!((&output["text"], &output["reasoning"]), (&json!("Good."), &json!("hm")));
    assert_eq!((&output["file"], &output["line"]), (&json!("batches/output/a.jsonl"), &json!(1)));
    assert_eq!(record["stars"][0]["quality_score"], 9);
    assert_eq!(record["history"][0]["event"], "star");
    assert_eq!(server.get("/api/records/none").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_shows_previews_errors_and_stars() {
    let server = Server::new();
    server.star(r#"{"custom_id":"q/1","quality_score":9,"tags":["t"]}"#).await;
    let (_, page) = server.get("/api/records?limit=10").await;
    assert_eq!(page["total"], 2);
    let (first, second) = (&page["records"][0], &page["records"][1]);
    assert_eq!((&first["score"], &first["tags"]), (&json!(9.0), &json!(["t"])));
    assert_eq!(first["outputs"][0]["preview"], "Good.");
    assert_eq!(second["outputs"][0]["state"], "error");
    assert_eq!(second["outputs"][0]["error"], "down");
    let (_, page) = server.get("/api/records?q=is:starred&sort=-score&offset=1").await;
    assert_eq!((&page["total"], &page["records"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn stars_are_taken_back() {
    let server = Server::new();
    server.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    let delete = |path: &str| Request::delete(path).body(Body::empty()).unwrap();
    let wrong = server.send(delete("/api/gold-star?custom_id=q/1&starred_by=bo")).await;
    assert_eq!(wrong.status(), StatusCode::NOT_FOUND);
    let missing = server.send(delete("/api/gold-star")).await;
    assert_eq!(missing.status(), StatusCode::BAD_REQUEST);
    let (status, body) = answer(server.send(delete("/api/gold-star?custom_id=q/1")).await).await;
    assert_eq!((status, &body["removed"]), (StatusCode::OK, &json!(1)));
    assert_eq!(server.get("/api/gold-star").await.1, json!([]));
    assert_eq!(server.journal().len(), 2);
}

#[tokio::test]
async fn the_download_is_the_file_that_is_kept() {
    let server = Server::new();
    server.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    server.star(r#"{"custom_id":"q2","quality_score":9}"#).await;
    let (_, count) = server.get("/api/export-gold-star/count?format=icl&min_quality=9").await;
    assert_eq!((&count["examples"], &count["stars"]), (&json!(1), &json!(2)));
    assert_eq!(count["left_out"], json!({"no prompt": 1}));
    let request = Request::get("/api/export-gold-star?format=icl&min_quality=9");
    let response = server.send(request.body(Body::empty()).unwrap()).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("goldstar-left-out"), r#"{"no prompt":1}"#);
    let disposition = header("content-disposition");
    let name = disposition.split('"').nth(1).unwrap().to_owned();
    assert!(name.starts_with("gold_star_icl_") && name.ends_with(".jsonl"), "{name}");
    let bytes = text(response).await;
    let kept = server.folder.path().join("gold_star/exports").join(name);
    assert_eq!(std::fs::read_to_string(kept).unwrap(), bytes);
    let line: Value = serde_json::from_str(&bytes).unwrap();
    assert_eq!((&line["input"], &line["llm_output"]), (&json!("Name: Zoë"), &json!("Good.")));
}

#[tokio::test]
async fn a_server_that_only_reads_writes_nothing() {
    let server = Server::with(true);
    let (status, _) = server.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let request = Request::get("/api/export-gold-star").body(Body::empty()).unwrap();
    assert_eq!(server.send(request).await.status(), StatusCode::OK);
    assert!(!server.folder.path().join("gold_star").exists());
}

#[tokio::test]
async fn pages_of_other_sites_cannot_write() {
    let server = Server::new();
    let from = |origin: &str| {
        Request::post("/api/gold-star")
            .header(header::HOST, "127.0.0.1:8001")
            .header(header::ORIGIN, origin)
            .body(Body::from(r#"{"custom_id":"q/1","quality_score":9}"#))
            .unwrap()
    };
    let foreign = server.send(from("https://evil.example")).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    assert_eq!(server.send(from("http://127.0.0.1:8001")).await.status(), StatusCode::OK);
    let picture = Request::get("/api/export-gold-star").header("sec-fetch-site", "cross-site");
    let picture = server.send(picture.body(Body::empty()).unwrap()).await;
    assert_eq!(picture.status(), StatusCode::FORBIDDEN);
    let head = Request::head("/api/export-gold-star").body(Body::empty()).unwrap();
    assert_eq!(server.send(head).await.status(), StatusCode::OK);
    assert!(!server.folder.path().join("gold_star/exports").exists());
    let renamed = Request::get("/api/status").header(header::HOST, "evil.example");
    let renamed = server.send(renamed.body(Body::empty()).unwrap()).await;
    assert_eq!(renamed.status(), StatusCode::FORBIDDEN);
    let wrong = Request::builder().method(Method::PUT).uri("/api/records");
    let wrong = server.send(wrong.body(Body::empty()).unwrap()).await;
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn acts_are_taken_back_and_done_again() {
    let server = Server::new();
    let (_, star) = server.star(r#"{"custom_id":"q/1","quality_score":9,"tags":["a"]}"#).await;
    let id = star["star"]["id"].as_str().unwrap().to_owned();
    server.star(r#"{"custom_id":"q/1","quality_score":4,"starred_by":"bo"}"#).await;
    let (_, acts) = server.get("/api/acts").await;
    assert_eq!((acts["undo"].as_str(), acts["acts"].as_array().unwrap().len()), (Some(&*id), 1));
    let (status, undone) = server.post("/api/undo", "{}").await;
    assert_eq!((status, undone["act"]["id"].as_str()), (StatusCode::OK, Some(&*id)));
    assert_eq!(undone["changed"][0]["star"], Value::Null);
    let (_, acts) = server.get("/api/acts").await;
    assert_eq!((acts["undo"].as_str(), acts["redo"].as_str()), (None, Some(&*id)));
    let (status, _) = server.post("/api/undo", "{}").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let same = r#"{"id":"01KAMRGPT0Z8N2W5D7Q1E4F6HJ"}"#;
    let (status, redone) = server.post("/api/redo", same).await;
    assert_eq!(
        (status, redone["changed"][0]["star"]["tags"][0].as_str()),
        (StatusCode::OK, Some("a"))
    );
    let (status, again) = server.post("/api/redo", same).await;
    assert_eq!((status, &again), (StatusCode::OK, &redone));
    server.star(r#"{"custom_id":"q/1","quality_score":2}"#).await;
    let lines = server.journal();
    let (status, _) = server.post("/api/undo", &format!(r#"{{"undo":"{id}"}}"#)).await;
    assert_eq!((status, server.journal()), (StatusCode::CONFLICT, lines));
    let (status, wrong) = server.post("/api/undo", r#"{"undo":"x","of":1}"#).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn acts_in_bulk_name_what_is_wrong() {
    let server = Server::new();
    let check = async |body: &str, expected: StatusCode, fields: &[&str]| {
        let (status, answer) = server.post("/api/gold-star/bulk", body).await;
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        let found: Vec<&str> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!((status, &*found), (expected, fields), "{body}: {answer}");
    };
    let bad = StatusCode::BAD_REQUEST;
    check(r#"{"q":"","quality_score":9}"#, bad, &["expect"]).await;
    check(r#"{"quality_score":9,"expect":1}"#, bad, &["q"]).await;
    check(r#"{"q":"","custom_ids":[],"quality_score":9,"expect":1}"#, bad, &["q"]).await;
    check(r#"{"q":"","quality_score":9,"expect":1,"modle":"m"}"#, bad, &["modle"]).await;
    check(r#"{"q":"score:x","sort":"size","quality_score":9,"expect":1}"#, bad, &["q", "sort"])
        .await;
    check(r#"{"q":"","ranges":[[0,1]],"quality_score":9,"expect":1}"#, bad, &["ranges"]).await;
    check(r#"{"q":"","what":"like","quality_score":9,"expect":1}"#, bad, &["what"]).await;
    check(r#"{"q":"","what":"unstar","quality_score":9,"expect":1}"#, bad, &["quality_score"])
        .await;
    check(r#"{"q":"","expect":1}"#, bad, &["quality_score"]).await;
    check(r#"{"q":"","what":"tag","expect":1}"#, bad, &["tags"]).await;
    let conflict = StatusCode::CONFLICT;
    check(r#"{"q":"","quality_score":9,"expect":2}"#, conflict, &["expect"]).await;
    let other = r#"{"q":"","view":"x","ranges":[[0,1]],"quality_score":9,"expect":1}"#;
    check(other, conflict, &["view"]).await;
    assert_eq!(server.journal(), [] as [String; 0]);
    check(r#"{"q":"","quality_score":9,"expect":1}"#, StatusCode::OK, &[]).await;
    assert_eq!(server.journal().len(), 2);
    let read_only = Server::with(true);
    let (status, _) = read_only.post("/api/gold-star/bulk", "{}").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
