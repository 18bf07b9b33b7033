//! Connections: as many as the system allows, each with a limit to its patience.

use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::net::sockopt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// How long a connection may take to say what it wants, the first time and between requests.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long it may take to agree on a key.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long an answer may wait for a reader who takes nothing of it.
const UNREAD_TIME: Duration = Duration::from_secs(20);
/// The first line and the headers of a request, bytes.
const HEAD_BYTES: usize = 64 << 10;
/// Connections at once, if the system allows as many files.
const CONNECTIONS: u64 = 16_384;
/// Files that are not connections: batches, the journal, the search index.
const FILES_KEPT: u64 = 1_024;
/// How long to wait when the system has no more files.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers connections until `stop` completes, and then until the last one is done.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    tls: Option<Tls>,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(most_connections()));
    let (stops, hears) = watch::channel(());
    let accepting = async {
        loop {
            // Who comes when all places are taken waits in the system's queue.
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let (stream, peer) = accept(&listener).await;
            let (router, tls, hears) = (router.clone(), tls.clone(), hears.clone());
            tokio::spawn(async move {
                serve(stream, peer, router, tls, hears, place).await;
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = stop => {}
    }
    drop((listener, hears));
    stops.send(()).ok();
    stops.closed().await;
}

/// The next connection. That one of them fails says nothing of the others.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_peer(error.kind()) => {}
            Err(error) => {
                tracing::warn!("a connection cannot be accepted: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_peer(kind: ErrorKind) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(kind, ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    tls: Option<Tls>,
    hears: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
) {
    // Answers are small and wanted now.
    stream.set_nodelay(true).ok();
    // The system ends what is not read, also while we are told to stop.
    sockopt::set_tcp_user_timeout(&stream, UNREAD_TIME.as_millis() as u32).ok();
    match tls {
        None => talk(stream, peer, router, hears).await,
        Some(tls) => {
            let agreed = tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)).await;
            if let Ok(Ok(stream)) = agreed {
                talk(stream, peer, router, hears).await;
            }
        }
    }
}

async fn talk<S>(stream: S, peer: SocketAddr, router: Router, mut hears: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), answer));
    let done = tokio::select! {
        done = connection.as_mut() => done,
        _ = hears.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%peer, "a connection ended: {error}");
    }
}

/// As many as there are files for, once the system's limit is raised as far as we may.
fn most_connections() -> usize {
    // Without the raise there are fewer connections, and no other harm.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(FILES_KEPT);
    let most = CONNECTIONS.min(files.saturating_sub(FILES_KEPT)).max(64);
    usize::try_from(most).unwrap_or(64)
}
