//! The router without a socket: one test program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod blind;
mod contract;
mod identity;
mod mcp;
mod pages;
mod together;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use goldstar_collection::{Collection, Settings};
use goldstar_disk::{Disk, RealDisk};
use goldstar_server::{Address, App, AppOptions, router};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// A server on a folder of its own.
struct Server {
    folder: tempfile::TempDir,
    app: App,
    collection: Arc<Collection>,
    router: Router,
}

impl Server {
    fn new() -> Self {
        Self::with(false)
    }

    fn with(is_read_only: bool) -> Self {
        Self::of(is_read_only, "")
    }

    /// With more in `goldstar.toml`.
    fn of(is_read_only: bool, more: &str) -> Self {
        let server = Self::early(is_read_only, more);
        server.collection.catalog().index();
        server
    }

    /// Before any batch is indexed.
    fn early(is_read_only: bool, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            RealDisk.replace(&path, &mut |file| file.write_all(text.as_bytes())).unwrap();
        };
        put(
            "batches/output/a.jsonl",
            "{\"custom_id\":\"q/1\",\"response\":{\"status_code\":200,\"body\":{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"Good.\",\"reasoning\":\"hm\"},\"finish_reason\":\"stop\"}]}},\"error\":null}\n\
             {\"custom_id\":\"q2\",\"response\":{\"status_code\":500,\"body\":null},\"error\":{\"message\":\"down\"}}\n\
             nope\n",
        );
        put(
            "batches/input/a.jsonl",
            "{\"custom_id\":\"q/1\",\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Name: Zoë\"}]}}\n",
        );
        let text = format!("[limits]\nbody_bytes = 100000\npage = 100\n{more}");
        let settings = Settings::parse(&text).unwrap();
        let collection = Collection::open(folder.path(), Arc::new(RealDisk), settings, 1).unwrap();
        let options = AppOptions {
            default_reviewer: "user".into(),
            is_read_only,
            is_local: true,
            address: Address::default(),
        };
        let collection = Arc::new(collection);
        let app = App::new(collection.clone(), options);
        Self { router: router(app.clone()), app, collection, folder }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        answer(self.send(request).await).await
    }

    async fn post(&self, path: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::post(path).body(Body::from(body.to_owned())).unwrap();
        answer(self.send(request).await).await
    }

    async fn star(&self, body: &str) -> (StatusCode, Value) {
        self.post("/api/gold-star", body).await
    }

    fn journal(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("gold_star/starred.jsonl"));
        text.unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn answer(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    (status, serde_json::from_str(&text(response).await).unwrap())
}
