//! `serve`: the table in the browser.

use crate::arguments::Serve;
use crate::commands::print;
use crate::failure::Failure;
use crate::{folder, progress};
use goldstar_collection::Collection;
use goldstar_server::{App, AppOptions, Tls, listen, router};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// How long open requests may take after the server was told to stop.
const LAST_MOMENTS: Duration = Duration::from_secs(2);

/// Serves until it is told to stop.
pub(crate) fn run(data: &Path, options: &Serve) -> Result<(), Failure> {
    start_log();
    let collection = Arc::new(folder::open(data)?);
    let limits = collection.settings().limits.star;
    let reviewer = limits.checked_name("--as", &options.reviewer);
    let reviewer = reviewer.map_err(|invalid| Failure::usage(invalid.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::io(format!("no threads to serve with: {error}")))?;
    let served = runtime.block_on(serve(collection, data, options, reviewer));
    // A request that still waits for the disk may end later than we do.
    runtime.shutdown_background();
    served
}

async fn serve(
    collection: Arc<Collection>,
    data: &Path,
    options: &Serve,
    reviewer: String,
) -> Result<(), Failure> {
    let address = SocketAddr::new(options.host, options.port);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        Failure::io(format!("{address}: cannot listen: {error}"))
            .hint("another program may use this port; --port takes another, --port 0 a free one")
    })?;
    let bound = listener.local_addr().unwrap_or(address);
    let stop = stop_signal()?;
    let tls = tls(options)?;
    let address = options.public_url.clone().unwrap_or_default();
    let app = App::new(
        collection.clone(),
        AppOptions {
            default_reviewer: reviewer,
            is_read_only: options.read_only,
            is_local: options.host.is_loopback(),
            address: if tls.is_some() { address.with_tls() } else { address },
        },
    );
    refuse_strangers(&app, data, options)?;
    warn_of_listeners(options, tls.is_some());
    folder::warn_without_batches(data);
    let scheme = if tls.is_some() { "https" } else { "http" };
    print(&format!("Goldstar serves {} at {scheme}://{bound}\n", data.display()))?;
    if options.open {
        let page = format!("{scheme}://{bound}/");
        open::that_detached(&page)
            .unwrap_or_else(|error| eprintln!("{page} was not opened: {error}"));
    }
    let of_background = app.clone();
    let background = std::thread::spawn(move || {
        progress::while_indexing(&collection, || collection.catalog().index());
        std::thread::spawn(move || of_background.keep_search());
        progress::of_search(&collection);
    });
    let (told, mut hears) = tokio::sync::watch::channel(false);
    let of_streams = app.clone();
    let stopping = async move {
        stop.await;
        of_streams.end();
        told.send(true).ok();
    };
    let serving = listen(listener, router(app.clone()), tls, stopping);
    let last_moments = async move {
        hears.changed().await.ok();
        tokio::time::sleep(LAST_MOMENTS).await;
    };
    tokio::select! {
        () = serving => {}
        () = app.watch() => {}
        () = last_moments => {}
    }
    drop(background); // it writes caches only; the end of the process ends it
    Ok(())
}

/// Completes when the process is told to end.
fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| Failure::io(format!("signals cannot be heard: {error}")))
    };
    let (mut interrupted, mut ended) =
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = ended.recv() => {}
        }
    })
}

/// The certificate, where one is named.
fn tls(options: &Serve) -> Result<Option<Tls>, Failure> {
    let (Some(certificates), Some(key)) = (&options.tls_cert, &options.tls_key) else {
        return Ok(None);
    };
    let tls = Tls::read(certificates, key);
    tls.map(Some).map_err(|what| Failure::io(what).hint("--tls-cert and --tls-key name PEM files"))
}

/// Says that tokens travel as they are.
fn warn_of_listeners(options: &Serve, has_tls: bool) {
    if !options.host.is_loopback() && !has_tls {
        eprintln!(
            "warning: whoever listens on the way to {} reads the tokens; --tls-cert and --tls-key \
             speak TLS, or let a proxy do so, and listen on this machine only",
            options.host
        );
    }
}

/// Whoever else than this machine's own users can reach the server has to sign in.
fn refuse_strangers(app: &App, data: &Path, options: &Serve) -> Result<(), Failure> {
    let is_reached = !options.host.is_loopback() || options.public_url.is_some();
    if !is_reached || app.has_reviewers() {
        return Ok(());
    }
    let what = "others than this machine can reach this server, and nobody would have to sign in";
    Err(Failure::usage(what).hint(format!(
        "`goldstar reviewer add NAME --role admin --data {}` makes the first token; without \
         --host and --public-url only this machine is served, and nobody signs in",
        data.display()
    )))
}

pub(crate) fn start_log() {
    let filter = EnvFilter::builder()
        .with_env_var("GOLDSTAR_LOG")
        .with_default_directive(tracing::Level::WARN.into())
        .from_env_lossy();
    // Who came in and who did not is told whatever else is wanted.
    let filter = match "audit=info".parse() {
        Ok(audit) => filter.add_directive(audit),
        Err(_) => filter,
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    // Only a log that is there already refuses, and then there is one.
    log.try_init().ok();
}
