//! HTTP over a collection: wire types, live events, tools for agents, the embedded page.
//!
//! The server is a function that returns a router, so a test can call it without a socket. Only
//! [`wire`] is serialised for the browser. It knows nothing of arguments and terminals.

mod acts;
mod address;
mod agreement;
mod app;
mod assignments;
mod bias;
mod body;
mod bulk;
mod claims;
mod clock;
mod embedded;
mod events;
mod exports;
mod facets;
mod identity;
mod intake;
mod listen;
mod mcp;
mod memory;
mod openapi;
mod papers;
mod params;
mod presence;
mod preview;
mod problem;
mod records;
mod searching;
mod security;
mod stars;
mod statistics;
mod status;
mod tagging;
mod tls;
mod way;
pub mod wire;

pub use address::Address;
pub use agreement::agreement_json;
pub use app::{App, AppOptions, router};
pub use assignments::assignments_json;
pub use bias::bias_json;
pub use clock::{new_id, now, text as text_of_time};
pub use identity::NewToken;
pub use listen::listen;
pub use mcp::serve_stdio;
pub use openapi::openapi_json;
pub use tagging::tagging_json;
pub use tls::Tls;
