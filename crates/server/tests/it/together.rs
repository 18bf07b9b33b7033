//! Several reviewers at once: what each hears and sees of the others.

use crate::Server;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};

/// Somebody who has the page open.
struct Listener(Body);

impl Listener {
    /// The next event of a kind.
    async fn hear(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.0.frame().await.unwrap().unwrap().into_data().unwrap();
            let text = String::from_utf8(frame.to_vec()).unwrap();
            if let Some(event) = text.split("\n\n").find(|e| e.contains(&format!("event: {kind}")))
            {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

impl Server {
    async fn listen(&self, query: &str) -> Listener {
        let request = Request::get(format!("/api/events{query}")).body(Body::empty()).unwrap();
        Listener(self.send(request).await.into_body())
    }

    async fn claim(&self, by: &str) -> (StatusCode, Value) {
        let body = json!({"custom_id": "q/1", "starred_by": by}).to_string();
        self.post("/api/claim", &body).await
    }
}

#[tokio::test]
async fn a_claim_is_told_and_shown_to_others() {
    let server = Server::new();
    let mut ben = server.listen("?reviewer=ben").await;
    let (status, answer) = server.claim("ann").await;
    assert_eq!((status, &answer["claimed"]), (StatusCode::OK, &json!(true)));
    let event = ben.hear("claimed").await;
    assert_eq!((&event["custom_id"], &event["starred_by"]), (&json!("q/1"), &json!("ann")));
    assert_eq!(event["until"], answer["until"]);
    let (_, refused) = server.claim("ben").await;
    let expected = json!({"claimed": false, "by": "ann", "until": answer["until"]});
    assert_eq!(refused, expected);
    let claim = async |me: &str| {
        let (_, page) = server.get(&format!("/api/records?q=id:q/1&reviewer={me}")).await;
        page["records"][0]["claim"].clone()
    };
    assert_eq!(claim("ben").await, json!({"by": "ann", "until": answer["until"]}));
    assert_eq!(claim("ann").await, Value::Null);
    // Whoever comes later hears of it at once.
    assert_eq!(server.listen("").await.hear("claimed").await["starred_by"], "ann");
    let (_, next) = server.get("/api/next?reviewer=ben").await;
    assert_eq!(next, json!({"claimed": 1}));
    let (_, next) = server.get("/api/next?reviewer=ann").await;
    assert_eq!(next, json!({"index": 0, "custom_id": "q/1"}));
    // A star of hers ends it, and counts in nothing.
    server.star(r#"{"custom_id":"q/1","quality_score":9,"starred_by":"ann"}"#).await;
    assert_eq!(claim("ben").await, Value::Null);
    let (_, stars) = server.get("/api/gold-star").await;
    assert_eq!((stars.as_array().unwrap().len(), server.journal().len()), (1, 2));
}

#[tokio::test]
async fn bad_claims_are_refused_by_field() {
    let server = Server::new();
    for (body, status, field) in [
        (json!({}), 400, "custom_id"),
        (json!({"custom_id": 7}), 400, "custom_id"),
        (json!({"custom_id": "q/1", "until": "2027-01-01T00:00:00Z"}), 400, "until"),
        (json!({"custom_id": "q/1", "starred_by": "a\u{0}"}), 400, "starred_by"),
    ] {
        let (found, problem) = server.post("/api/claim", &body.to_string()).await;
        assert_eq!((found.as_u16(), &problem["errors"][0]["field"]), (status, &json!(field)));
    }
    let (status, _) = server.post("/api/claim", r#"{"custom_id":"none"}"#).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(server.journal().is_empty());
    let server = Server::with(true);
    assert_eq!(server.claim("ann").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_has_the_page_open_is_told_as_they_come_and_go() {
    let server = Server::new();
    let mut ada = server.listen("?reviewer=ada").await;
    assert_eq!(ada.hear("presence").await, json!({"names": ["ada"], "count": 1}));
    let ben = server.listen("?reviewer=ben").await;
    let both = json!({"names": ["ada", "ben"], "count": 2});
    assert_eq!(ada.hear("presence").await, both);
    // A program that does not say who it is is not somebody.
    let mut program = server.listen("").await;
    assert_eq!(program.hear("presence").await, both);
    drop(ben);
    assert_eq!(ada.hear("presence").await, json!({"names": ["ada"], "count": 1}));
    // A page that was never told a name is there for whom the server stars.
    let mut page = server.listen("?reviewer=").await;
    assert_eq!(page.hear("presence").await["names"], json!(["ada", "user"]));
    let (status, problem) = server.get("/api/events?reviewer=a%00b").await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (400, &json!("reviewer")));
}

#[tokio::test]
async fn me_is_who_signed_in_or_who_is_named() {
    let assigned = "[[assignment]]\nname = \"all\"\nreviewers = [\"ada\", \"ben\"]\noverlap = 2";
    let server = Server::of(false, assigned);
    let total =
        async |query: &str| server.get(&format!("/api/records?q={query}")).await.1["total"].clone();
    // Everybody has the two records, and one of them is an error.
    assert_eq!(total("assigned:me&reviewer=ada").await, 2);
    assert_eq!(total("todo:me&reviewer=ada").await, 1);
    assert_eq!(total("todo:me").await, 0, "`user` has nothing");
    server.star(r#"{"custom_id":"q/1","quality_score":9,"starred_by":"ada"}"#).await;
    let (_, answer) = server.get("/api/assignments").await;
    let ada = json!({"name": "ada", "assigned": 2, "done": 1, "left": 0, "cannot": 1});
    let all = &answer["assignments"][0];
    assert_eq!((&all["reviewers"][0], &all["complete"]), (&ada, &json!(false)));
    let (_, next) = server.get("/api/next?q=todo:me&reviewer=ben").await;
    assert_eq!(next["custom_id"], "q/1", "ada's star is none of his");
    let (_, next) = server.get("/api/next?q=assigned:me&reviewer=ben").await;
    assert_eq!(next, json!({}));
    let bulk = r#"{"q":"todo:me","quality_score":5,"starred_by":"ben"}"#;
    let (_, count) = server.post("/api/gold-star/bulk/count", bulk).await;
    assert_eq!(count["records"], 1);
    let (_, facets) = server.get("/api/facets?reviewer=ben").await;
    let expected = json!([{"value": "assigned", "count": 2}, {"value": "todo", "count": 1}]);
    assert_eq!(facets["mine"], expected);
}
