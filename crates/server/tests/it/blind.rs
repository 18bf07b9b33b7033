//! Blind scores: what others gave is in no answer before one has given one's own.

use crate::identity::request;
use crate::{Server, answer};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use goldstar_collection::Role;
use goldstar_disk::{Disk, RealDisk};
use http_body_util::BodyExt;
use serde_json::{Value, json};

const BLIND: &str = "[blind]\nscores = true\n[[assignment]]\nname = \"all\"\nreviewers = [\"ada\", \"somebody\"]\noverlap = 2\n";
/// What another reviewer says; none of it may be found, and it may change nothing.
const STAR: &str = r#"{"custom_id":"q/1","quality_score":3,"tags":["canary-tag"],"notes":"canary-note","id":"01KAMRGPT0Z8N2W5D7Q1E4F6HJ"}"#;
/// Queries and orders that could tell of it.
const ASKED: [&str; 20] = [
    "q=score%3A3",
    "q=-score%3A3",
    "q=rated%3Am%3D3",
    "q=tag%3Acanary-tag",
    "q=by%3Acanary-ben",
    "q=of%3Am",
    "q=starred%3A2000-01-01..",
    "q=is%3Astarred",
    "q=is%3Aunreviewed",
    "q=is%3Asuggested",
    "q=is%3Adisputed",
    "q=is%3Astale",
    "q=canary*",
    "q=%2Fcanary%2F",
    "q=-canary-note",
    "sort=-score",
    "sort=stars",
    "sort=starred_at",
    "sort=-spread",
    "sort=-disagreement",
];

/// Two servers of the same folder, but for a star of another reviewer and one of an agent; each
/// with the token of somebody who has starred nothing.
async fn twins(role: Role) -> [(Server, String); 2] {
    let (without, with) = (Server::of(false, BLIND), Server::of(false, BLIND));
    let tokens = [&without, &with].map(|server| server.add("ada", role));
    for (name, role, id) in [
        ("canary-ben", Role::Reviewer, "HJ"),
        ("canary-robo", Role::Agent, "HK"),
        // To whom the same is assigned.
        ("somebody", Role::Reviewer, "HM"),
    ] {
        let token = with.add(name, role);
        let star = STAR.replace("HJ", id);
        let (status, _) = with.ask(Method::POST, "/api/gold-star", &token, &star).await;
        assert_eq!(status, StatusCode::OK);
    }
    let [first, second] = tokens;
    [(without, first), (with, second)]
}

/// An answer without what says only that the journal has grown.
fn plain(mut answer: Value) -> String {
    for key in ["revision", "lines"] {
        if let Some(journal) = answer.pointer_mut("/journal").and_then(Value::as_object_mut) {
            journal.remove(key);
        }
    }
    if let Some(object) = answer.as_object_mut() {
        // Names the state of the journal.
        object.remove("view");
        object.remove("collection");
    }
    answer.to_string()
}

/// Asks both, and compares.
async fn same(twins: &[(Server, String); 2], method: &str, path: &str, body: &str) -> StatusCode {
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let mut answers = Vec::new();
    for (server, token) in twins {
        answers.push(server.ask(method.clone(), path, token, body).await);
    }
    let [(status, without), (other, with)] = <[_; 2]>::try_from(answers).unwrap();
    assert_eq!(status, other, "{method} {path}");
    let with = plain(with);
    assert!(!with.contains("canary"), "{method} {path}: {with}");
    assert_eq!(plain(without), with, "{method} {path}");
    status
}

#[tokio::test]
async fn no_route_tells_of_a_star_of_another() {
    for role in [Role::Reviewer, Role::Agent, Role::Viewer] {
        let twins = twins(role).await;
        let document: Value = serde_json::from_str(&goldstar_server::openapi_json()).unwrap();
        let mut seen = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            let reads = methods.as_object().unwrap().contains_key("get");
            if reads {
                let (address, _) = request("get", path);
                same(&twins, "get", &address, "").await;
                let parameters = methods["get"]["parameters"].as_array();
                let takes = |name: &str| {
                    parameters.is_some_and(|all| all.iter().any(|p| p["name"] == name))
                };
                for asked in ASKED.iter().filter(|asked| takes(&asked[..asked.find('=').unwrap()]))
                {
                    let joint = if address.contains('?') { '&' } else { '?' };
                    let status = same(&twins, "get", &format!("{address}{joint}{asked}"), "").await;
                    assert_eq!(status, StatusCode::OK, "{address} {asked}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 100, "only {seen} questions");
        for asked in ["score:3", "tag:canary-tag", "is:unreviewed", "canary*"] {
            let body = json!({"q": asked, "quality_score": 9}).to_string();
            same(&twins, "post", "/api/gold-star/bulk/count", &body).await;
        }
        for path in ["/api/gold-star?q=score:3", "/api/tags?prefix=can", "/api/acts?limit=200"] {
            assert_eq!(same(&twins, "get", path, "").await, StatusCode::OK);
        }
        for path in ["/api/acts?starred_by=canary-ben", "/api/export-gold-star?format=raw"] {
            assert_eq!(same(&twins, "get", path, "").await, StatusCode::FORBIDDEN);
        }
        // Somebody who cannot look away: the name of another is not theirs to give.
        same(&twins, "get", "/api/records/q%2F1?reviewer=canary-ben", "").await;
        same(&twins, "get", "/api/gold-star?reviewer=canary-ben", "").await;
    }
}

#[tokio::test]
async fn no_tool_tells_of_a_star_of_another() {
    let twins = twins(Role::Agent).await;
    for (tool, arguments) in [
        ("search_records", json!({"q": "", "sort": "-score"})),
        ("search_records", json!({"q": "score:3"})),
        ("read_record", json!({"custom_id": "q/1"})),
        ("suggest_tags", json!({"custom_id": "q/1"})),
        ("list_stars", json!({})),
        ("export_examples", json!({"include_agents": true})),
        ("collection_stats", json!({})),
    ] {
        let mut answers = Vec::new();
        for (server, token) in &twins {
            let params = json!({"name": tool, "arguments": arguments});
            let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
            let request = Request::post("/mcp")
                .header(header::HOST, "localhost:8001")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, "application/json, text/event-stream")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .header("mcp-protocol-version", "2025-11-25");
            let request = request.body(Body::from(call.to_string())).unwrap();
            let (status, mut body) = answer(server.send(request).await).await;
            assert_eq!(status, StatusCode::OK);
            assert!(!body.to_string().contains("canary"), "{tool}: {body}");
            answers.push(match body["result"]["structuredContent"].take() {
                Value::Null => body["result"]["content"].to_string(),
                structured => plain(structured),
            });
        }
        assert_eq!(plain_stats(&answers[0]), plain_stats(&answers[1]), "{tool}");
    }
}

/// The statistics hold the status, and in it how far the journal has grown.
fn plain_stats(answer: &str) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    match answer.get_mut("status") {
        Some(status) => plain(status.take()) + &answer.to_string(),
        None => answer.to_string(),
    }
}

#[tokio::test]
async fn whoever_has_scored_an_output_sees_what_others_say_of_it() {
    let [_, (server, ada)] = twins(Role::Reviewer).await;
    let get = async |path: &str, token: &str| server.ask(Method::GET, path, token, "").await;
    let star = r#"{"custom_id":"q/1","quality_score":9}"#;
    // The id of another one's star does not answer with that star.
    let (status, body) = server.ask(Method::POST, "/api/gold-star", &ada, STAR).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(!body.to_string().contains("canary"), "{body}");
    let (status, _) = server.ask(Method::POST, "/api/gold-star", &ada, star).await;
    assert_eq!(status, StatusCode::OK);
    let (_, record) = get("/api/records/q%2F1", &ada).await;
    assert_eq!(record["stars"].as_array().unwrap().len(), 4);
    assert_eq!(record["history"][0]["notes"], "canary-note");
    let (_, page) = get("/api/records?q=score:3", &ada).await;
    assert_eq!(page["total"], 1);
    assert_eq!(get("/api/records?q=is:disputed", &ada).await.1["total"], 1);
    assert_eq!(get("/api/status", &ada).await.1["journal"]["stars"], 3);
    // What was seen is not seen any more once one's own star is taken back.
    server.ask(Method::DELETE, "/api/gold-star?custom_id=q/1", &ada, "").await;
    let (_, record) = get("/api/records/q%2F1", &ada).await;
    assert_eq!(record["stars"], json!([]));
    assert!(!record.to_string().contains("canary"), "{record}");
}

#[tokio::test]
async fn an_admin_sees_everything() {
    let [_, (server, _)] = twins(Role::Reviewer).await;
    let root = server.add("root", Role::Admin);
    let get = async |path: &str| server.ask(Method::GET, path, &root, "").await;
    assert_eq!(get("/api/records?q=score:3").await.1["total"], 1);
    assert_eq!(get("/api/gold-star").await.1.as_array().unwrap().len(), 3);
    assert_eq!(get("/api/export-gold-star/count").await.1["examples"], 1);
    let (_, status) = get("/api/status").await;
    assert_eq!(status["blind"], json!({"scores": true, "models": false}));
}

#[tokio::test]
async fn where_nobody_signs_in_the_name_that_is_given_counts() {
    let server = Server::of(false, BLIND);
    let star = STAR.replacen('{', r#"{"starred_by":"canary-ben","#, 1);
    assert_eq!(server.star(&star).await.0, StatusCode::OK);
    for (path, seen) in [
        ("/api/records", 0),
        ("/api/records?reviewer=ada", 0),
        ("/api/records?reviewer=canary-ben", 1),
    ] {
        let (_, page) = server.get(path).await;
        assert_eq!(page["records"][0]["stars"].as_array().unwrap().len(), seen, "{path}");
    }
    let (status, problem) = server.get("/api/export-gold-star?reviewer=canary-ben").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(problem["detail"].as_str().unwrap().contains("goldstar export"), "{problem}");
}

#[tokio::test]
async fn events_say_only_that_a_record_has_changed() {
    let server = Server::of(false, BLIND);
    let (ada, ben) = (server.add("ada", Role::Reviewer), server.add("canary-ben", Role::Reviewer));
    let request = Request::get("/api/events").header("authorization", format!("Bearer {ada}"));
    let mut body = server.send(request.body(Body::empty()).unwrap()).await.into_body();
    // Batches, search, and who has the page open.
    for _ in 0..3 {
        body.frame().await.unwrap().unwrap();
    }
    let star = r#"{"custom_id":"q/1","quality_score":9,"notes":"canary-note"}"#;
    let mut heard = async |token: &str, path: &str, act: &str| {
        let (status, answer) = server.ask(Method::POST, path, token, act).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    };
    let others = heard(&ben, "/api/gold-star", star).await;
    assert!(others.contains("event: changed") && others.contains("q/1"), "{others}");
    assert!(!others.contains("canary") && !others.contains("starred"), "{others}");
    let tag = r#"{"what":"tag","q":"","tags":["canary-tag"],"expect":1}"#;
    let in_bulk = heard(&ben, "/api/gold-star/bulk", tag).await;
    assert!(in_bulk.contains("event: changed"), "how far another has come is not told: {in_bulk}");
    let own = heard(&ada, "/api/gold-star", star).await;
    assert!(own.contains("event: starred") && own.contains("ada"), "{own}");
}

#[tokio::test]
async fn what_is_hidden_later_is_hidden_from_streams_that_are_open() {
    let server = Server::new();
    let request = Request::get("/api/events?reviewer=ada").body(Body::empty()).unwrap();
    let mut body = server.send(request).await.into_body();
    let mut heard = async || {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    };
    for _ in 0..3 {
        heard().await;
    }
    let star = r#"{"custom_id":"q/1","quality_score":9,"starred_by":"ben"}"#;
    server.star(star).await;
    assert!(heard().await.contains("event: starred"));
    let app = server.app.clone();
    let watching = tokio::spawn(async move { app.watch().await });
    let path = server.folder.path().join("goldstar.toml");
    RealDisk.replace(&path, &mut |file| file.write_all(BLIND.as_bytes())).unwrap();
    while !heard().await.contains("event: settings") {}
    watching.abort();
    server.star(star).await;
    assert!(heard().await.contains("event: changed"));
}

#[tokio::test]
async fn where_an_output_stood_is_kept_with_its_star() {
    let server = Server::new();
    let star = |more: &str| format!(r#"{{"custom_id":"q/1","quality_score":9{more}}}"#);
    for (blind, is_good) in [
        (r#","blind":{"seed":7,"place":0,"of":3}"#, false),
        (r#","blind":{"seed":7,"place":4,"of":3}"#, false),
        (r#","blind":{"seed":-7,"place":1,"of":3}"#, false),
        (r#","blind":true"#, false),
        (r#","blind":{"seed":7,"place":2,"of":3},"reshown":1"#, false),
        (r#","blind":{"seed":7,"place":2,"of":3}"#, true),
    ] {
        let (status, body) = server.star(&star(blind)).await;
        let expected = if is_good { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        assert_eq!(status, expected, "{blind} {body}");
    }
    let [line] = &server.journal()[..] else { panic!("one line") };
    assert!(line.ends_with(r#","blind":{"seed":7,"place":2,"of":3}}"#), "{line}");
    let (_, stars) = server.get("/api/gold-star").await;
    assert_eq!(stars[0]["blind"], json!({"seed": 7, "place": 2, "of": 3}));
    assert_eq!(stars[0].get("reshown"), None);
    let (_, bias) = server.get("/api/bias").await;
    let place = &bias["all"]["place"];
    assert_eq!((&place["scores"], &place["places"][1]["scores"]), (&json!(1), &json!(1)));
    assert_eq!((&place["flag"], &bias["reviewers"][0]["value"]), (&json!(false), &json!("user")));
}

#[tokio::test]
async fn a_share_of_steps_leads_to_what_one_has_starred_before() {
    let review = "[review]\nreshow = 1\nreshow_days = ";
    for (days, comes_again) in [("0", true), ("1", false)] {
        let server = Server::of(false, &format!("{review}{days}"));
        server.star(r#"{"custom_id":"q/1","quality_score":9,"starred_by":"ada"}"#).await;
        let next = async |more: &str| server.get(&format!("/api/next?{more}")).await.1;
        let again = json!({"index": 0, "custom_id": "q/1", "reshown": true});
        let expected = if comes_again { again } else { json!({}) };
        assert_eq!(next("reshow=true&reviewer=ada").await, expected, "{days}");
        // Only who asks for it, only one's own, and only in the view.
        assert_eq!(next("reviewer=ada").await, json!({}));
        assert_eq!(next("reshow=true&reviewer=ben").await, json!({}));
        assert_eq!(next("reshow=true&reviewer=ada&q=id:q2").await, json!({}));
        let second = r#"{"custom_id":"q/1","quality_score":7,"starred_by":"ada","reshown":true}"#;
        let (_, body) = server.star(second).await;
        assert_eq!(body["star"]["reshown"], true);
        let (_, agreement) = server.get("/api/agreement").await;
        let own = &agreement["self"][0];
        assert_eq!((&own["value"], &own["outputs"]), (&json!("ada"), &json!(1)));
        assert_eq!(own["drift"]["value"], -2.0);
        assert_eq!(
            (&own["exact"]["value"], &own["within_one"]["value"]),
            (&json!(0.0), &json!(0.0))
        );
        // A tag that is added later says nothing of the score.
        let tag = r#"{"what":"tag","q":"","tags":["t"],"expect":1,"starred_by":"ada"}"#;
        assert_eq!(server.post("/api/gold-star/bulk", tag).await.0, StatusCode::OK);
        assert_eq!(server.get("/api/agreement").await.1["self"][0]["outputs"], 1);
    }
    let never = Server::of(false, "[review]\nreshow = 0\nreshow_days = 0");
    never.star(r#"{"custom_id":"q/1","quality_score":9}"#).await;
    assert_eq!(never.get("/api/next?reshow=true").await.1, json!({}));
}
