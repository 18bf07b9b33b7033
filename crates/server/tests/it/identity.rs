//! Who may do what: every route, asked by everybody.

use crate::{Server, answer, text};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use goldstar_collection::{NewReviewer, ReviewersFile, Role};
use goldstar_disk::{Disk, RealDisk};
use goldstar_server::NewToken;
use serde_json::{Value, json};

impl Server {
    /// Adds somebody; their token.
    pub(crate) fn add(&self, name: &str, role: Role) -> String {
        let NewToken { text, id: token_id, hash: token_hash } = NewToken::make().unwrap();
        let at = "2026-11-23T10:00:00Z".to_owned();
        let new = NewReviewer { name: name.to_owned(), role, token_id, token_hash, at };
        ReviewersFile::of(self.folder.path()).add(&RealDisk, new).unwrap();
        text
    }

    fn revoke(&self, name: &str) {
        ReviewersFile::of(self.folder.path()).revoke(&RealDisk, name, "").unwrap();
    }

    /// Asks with a token.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: &str,
    ) -> (StatusCode, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = match token {
            "" => request,
            token => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        };
        let response = self.send(request.body(Body::from(body.to_owned())).unwrap()).await;
        let status = response.status();
        // Live events never end.
        if status == StatusCode::OK && path == "/api/events" {
            return (status, Value::Null);
        }
        (status, serde_json::from_str(&text(response).await).unwrap_or_default())
    }

    async fn sign_in(&self, token: &str) -> (StatusCode, HeaderMap, Value) {
        let body = json!({ "token": token }).to_string();
        let request = Request::post("/api/sign-in").body(Body::from(body)).unwrap();
        let response = self.send(request).await;
        let headers = response.headers().clone();
        let (status, body) = answer(response).await;
        (status, headers, body)
    }

    async fn with_cookie(&self, path: &str, cookie: &str) -> (StatusCode, Value) {
        let request = Request::get(path).header(header::COOKIE, cookie);
        answer(self.send(request.body(Body::empty()).unwrap()).await).await
    }
}

fn cookie(headers: &HeaderMap) -> String {
    let set = headers[header::SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// A request to each route that somebody with a right to it gets an answer from.
pub(crate) fn request(method: &str, path: &str) -> (String, String) {
    let body = |body: Value| body.to_string();
    let star = json!({"custom_id": "q/1", "quality_score": 9});
    let (path, body) = match (method, path) {
        ("post", "/api/gold-star") => (path, body(star)),
        ("delete", "/api/gold-star") => ("/api/gold-star?custom_id=q/1", String::new()),
        ("post", "/api/gold-star/bulk") => {
            (path, body(json!({"q": "", "quality_score": 9, "expect": 1})))
        }
        ("post", "/api/gold-star/bulk/count") => (path, body(json!({"q": "", "quality_score": 9}))),
        ("delete", "/api/gold-star/bulk/{id}") => {
            ("/api/gold-star/bulk/01KAMRGPT0Z8N2W5D7Q1E4F6HJ", String::new())
        }
        ("post", "/api/claim") => (path, body(json!({"custom_id": "q/1"}))),
        ("post", "/api/undo" | "/api/redo") => (path, body(json!({}))),
        ("post", "/api/sign-in") => (path, body(json!({"token": "gs_none"}))),
        ("get", "/api/records/{custom_id}") => ("/api/records/q%2F1", String::new()),
        ("get", "/api/position") => ("/api/position?custom_id=q2", String::new()),
        ("get", "/api/stats/pairs") => ("/api/stats/pairs?x=m&y=m", String::new()),
        _ => (path, String::new()),
    };
    (path.to_owned(), body)
}

/// Routes that are no `GET` and write nothing. Of all others a viewer is sent away, whatever else
/// is wrong: a new one that forgets to ask `Who::may_star` fails here.
const HARMLESS: [&str; 3] =
    ["post /api/sign-in", "post /api/sign-out", "post /api/gold-star/bulk/count"];

/// Routes that no agent may use either.
const OF_PEOPLE: [&str; 1] = ["post /api/claim"];

#[tokio::test]
async fn every_route_asks_who_one_is() {
    let server = Server::new();
    let tokens = Role::ALL.map(|role| (role, server.add(role.word(), role)));
    let gone = server.add("gone", Role::Admin);
    server.revoke("gone");
    let document: Value = serde_json::from_str(&goldstar_server::openapi_json()).unwrap();
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let route = format!("{method} {path}");
            let is_open = ["get /healthz", "post /api/sign-in"].contains(&&*route);
            let (address, body) = request(method, path);
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let ask = async |token: &str| {
                server.ask(method.clone(), &address, token, &body).await.0.as_u16()
            };
            let unknown = NewToken::make().unwrap().text;
            for token in ["", &*unknown, &*gone, "gs_x"] {
                let status = ask(token).await;
                match &*route {
                    "get /healthz" => assert_eq!(status, 200),
                    // What it is asked with is no token; ten times a minute.
                    "post /api/sign-in" => assert!([401, 429].contains(&status)),
                    _ if token.is_empty() => assert_eq!(status, 401, "{route}"),
                    _ => assert!([401, 429].contains(&status), "{route} {status}"),
                }
            }
            for (role, token) in &tokens {
                let status = ask(token).await;
                let writes = !route.starts_with("get ") && !HARMLESS.contains(&&*route);
                let is_of_people = *role == Role::Agent && OF_PEOPLE.contains(&&*route);
                let is_refused = is_of_people || (*role == Role::Viewer && writes);
                if is_refused {
                    assert_eq!(status, 403, "{route} by {}", role.word());
                } else if !is_open {
                    // 400: of a route that came later and is asked without its parameters.
                    let is_answered = [200, 400, 404, 409].contains(&status);
                    assert!(is_answered, "{route} by {}: {status}", role.word());
                }
            }
            seen += 1;
        }
    }
    assert!(seen >= 24, "only {seen} routes");
}

#[tokio::test]
async fn what_is_in_no_document_asks_too() {
    let server = Server::new();
    server.add("ada", Role::Admin);
    for path in [
        "/api/openapi.json",
        "/nothing",
        "/api/nothing",
        "/assets/none.js",
        "/mcp",
        "/metrics",
        "/llms.txt",
        "/assets/../index.html",
        "/sign-in/../api/status",
        "/healthz/x",
    ] {
        let (status, problem) = server.get(path).await;
        assert_eq!((status.as_u16(), &problem["status"]), (401, &json!(401)), "{path}");
    }
    let get = async |path: &str| server.send(Request::get(path).body(Body::empty()).unwrap()).await;
    for (path, to) in [("/", "/"), ("/table_view.html?a=b", "/table_view.html%3Fa%3Db")] {
        let response = get(path).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], format!("/sign-in?to={to}"));
    }
    assert_eq!(get("/sign-in").await.status(), StatusCode::OK);
    let refused = get("/api/status").await;
    assert_eq!(refused.headers()[header::WWW_AUTHENTICATE], "Bearer");
    assert!(refused.headers().contains_key("content-security-policy"));
}

#[tokio::test]
async fn a_star_has_the_name_and_kind_of_the_token() {
    let server = Server::new();
    let (ada, robo) = (server.add("ada", Role::Reviewer), server.add("robo", Role::Agent));
    let star = async |token: &str, more: Value| {
        let mut body = json!({"custom_id": "q/1", "quality_score": 9});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let path = "/api/gold-star";
        let (status, body) = server.ask(Method::POST, path, token, &body.to_string()).await;
        (status.as_u16(), body)
    };
    let (status, body) = star(&ada, json!({})).await;
    assert_eq!((status, &body["star"]["starred_by"]), (200, &json!("ada")));
    assert_eq!(star(&ada, json!({"starred_by": "ada"})).await.0, 200);
    let (status, body) = star(&robo, json!({"kind": "human"})).await;
    assert_eq!((status, &body["star"]["kind"]), (200, &json!("agent")));
    assert_eq!(body["star"]["starred_by"], "robo");
    let lines = server.journal();
    let (status, body) = star(&ada, json!({"starred_by": "robo"})).await;
    assert_eq!((status, &body["errors"][0]["field"]), (403, &json!("starred_by")));
    for (method, path, body) in [
        (Method::DELETE, "/api/gold-star?custom_id=q/1&starred_by=robo", ""),
        (Method::POST, "/api/undo", r#"{"starred_by":"robo"}"#),
        (Method::POST, "/api/redo", r#"{"starred_by":"robo"}"#),
        (
            Method::POST,
            "/api/gold-star/bulk",
            r#"{"q":"","quality_score":1,"expect":1,"starred_by":"robo"}"#,
        ),
    ] {
        let (status, _) = server.ask(method, path, &ada, body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(server.journal(), lines);
}

#[tokio::test]
async fn a_session_lasts_until_its_token_is_revoked() {
    let server = Server::new();
    let token = server.add("ada", Role::Reviewer);
    let (status, headers, body) = server.sign_in(&format!(" {token}\n")).await;
    let expected = json!({"name": "ada", "role": "reviewer", "kind": "human"});
    assert_eq!((status, body), (StatusCode::OK, expected));
    let set = headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("; HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
    assert!(!set.contains(&token[12..]), "{set}");
    let session = cookie(&headers);
    let (status, me) = server.with_cookie("/api/me", &session).await;
    assert_eq!((status, &me["signs_in"]), (StatusCode::OK, &json!(true)));
    let (_, status) = server.with_cookie("/api/status", &session).await;
    assert_eq!(
        (&status["me"]["name"], &status["default_reviewer"]),
        (&json!("ada"), &json!("ada"))
    );
    let forged = session.replace("goldstar=1.", "goldstar=1.x");
    assert_eq!(server.with_cookie("/api/me", &forged).await.0, StatusCode::UNAUTHORIZED);
    server.revoke("ada");
    assert_eq!(server.with_cookie("/api/me", &session).await.0, StatusCode::UNAUTHORIZED);
    let again = server.add("ada", Role::Reviewer);
    // An old session does not come back with a new token.
    assert_eq!(server.with_cookie("/api/me", &session).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(server.sign_in(&again).await.0, StatusCode::OK);
    let key = server.folder.path().join(".goldstar/session.key");
    assert_eq!(std::fs::read(key).unwrap().len(), 32);
}

#[tokio::test]
async fn signing_out_takes_the_cookie_away() {
    let server = Server::new();
    let token = server.add("ada", Role::Viewer);
    let (_, headers, _) = server.sign_in(&token).await;
    let request = Request::post("/api/sign-out").header(header::COOKIE, cookie(&headers));
    let response = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("goldstar=; Path=/; Max-Age=0"), "{set}");
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_and_right_ones_are_not() {
    let server = Server::new();
    let token = server.add("ada", Role::Reviewer);
    let wrong = format!("{}{}", &token[..token.len() - 4], "aaaa");
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(server.sign_in(&wrong).await.0.as_u16());
    }
    assert_eq!(answers, [[401; 10].to_vec(), [429; 2].to_vec()].concat());
    let (_, headers, _) = server.sign_in(&wrong).await;
    let wait: u64 = headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Others sign in meanwhile, also with tokens that nobody has.
    let bo = server.add("bo", Role::Reviewer);
    assert_eq!(server.sign_in(&bo).await.0, StatusCode::OK);
    assert_eq!(server.sign_in("gs_nobody").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_reviewers_nobody_signs_in() {
    let server = Server::new();
    let (_, me) = server.get("/api/me").await;
    let expected = json!({"name": "user", "role": "admin", "kind": "human", "signs_in": false});
    assert_eq!(me, expected);
    assert_eq!(server.sign_in("gs_x").await.0, StatusCode::CONFLICT);
    let page = server.send(Request::get("/sign-in").body(Body::empty()).unwrap()).await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let (_, status) = server.get("/api/status").await;
    assert_eq!(status.get("me"), None);
    assert!(!server.folder.path().join(".goldstar/session.key").exists());
    // The first reviewer closes the door of a server that runs; no file does not open it.
    server.add("ada", Role::Admin);
    assert_eq!(server.get("/api/me").await.0, StatusCode::UNAUTHORIZED);
    RealDisk.remove(&server.folder.path().join("gold_star/reviewers.jsonl")).unwrap();
    assert_eq!(server.get("/api/me").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_reviewers_leave_files_behind() {
    let server = Server::new();
    for (role, kept) in [(Role::Viewer, false), (Role::Agent, false), (Role::Reviewer, true)] {
        let token = server.add(role.word(), role);
        let (status, _) = server.ask(Method::GET, "/api/export-gold-star", &token, "").await;
        assert_eq!(status, StatusCode::OK);
        let exports = server.folder.path().join("gold_star/exports");
        assert_eq!(exports.exists(), kept, "{}", role.word());
    }
}

#[tokio::test]
async fn live_events_end_with_the_token() {
    use http_body_util::BodyExt;
    let server = Server::new();
    let (ada, bo) = (server.add("ada", Role::Viewer), server.add("bo", Role::Reviewer));
    let request = Request::get("/api/events").header("authorization", format!("Bearer {ada}"));
    let mut body = server.send(request.body(Body::empty()).unwrap()).await.into_body();
    for _what_is_said_at_first in 0..3 {
        body.frame().await.unwrap().unwrap();
    }
    server.revoke("ada");
    let star = r#"{"custom_id":"q/1","quality_score":9}"#;
    assert_eq!(server.ask(Method::POST, "/api/gold-star", &bo, star).await.0, StatusCode::OK);
    assert!(body.frame().await.is_none());
}
