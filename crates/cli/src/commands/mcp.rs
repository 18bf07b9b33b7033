//! `mcp`: tools for an agent, on standard input and output. Nothing else is written there.

use super::serve::start_log;
use crate::arguments::Mcp;
use crate::failure::Failure;
use crate::folder;
use goldstar_collection::Kind;
use goldstar_server::{Address, App, AppOptions, serve_stdio};
use std::path::Path;
use std::sync::Arc;

/// Serves until the input ends.
pub(crate) fn run(data: &Path, options: &Mcp) -> Result<(), Failure> {
    start_log();
    let collection = Arc::new(folder::open(data)?);
    let limits = collection.settings().limits.star;
    let reviewer = limits.checked_name("--as", &options.reviewer);
    let reviewer = reviewer.map_err(|invalid| Failure::usage(invalid.to_string()))?;
    let is_its_own = collection.name_of_its_own(Kind::Agent, &reviewer);
    is_its_own
        .map_err(|invalid| Failure::usage(invalid.detail).hint("name the agent with --as NAME"))?;
    folder::warn_without_batches(data);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::io(format!("no threads to serve with: {error}")))?;
    let app = App::new(
        collection.clone(),
        AppOptions {
            default_reviewer: reviewer.clone(),
            is_read_only: options.read_only,
            is_local: true,
            address: Address::default(),
        },
    );
    let of_background = app.clone();
    std::thread::spawn(move || {
        collection.catalog().index();
        of_background.keep_search();
    });
    let served = runtime.block_on(async {
        tokio::select! {
            served = serve_stdio(app.clone(), &reviewer) => served,
            () = app.watch() => Ok(()),
        }
    });
    // A read of standard input that still waits is nobody's any more.
    runtime.shutdown_background();
    served.map_err(Failure::io)
}
