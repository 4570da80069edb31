//! What a Holdfast session is: ids, typed errors, limits, the CRDT context document, the scanner
//! that bounds an update before it is decoded, wire messages and the sync engine.
//!
//! No IO and no Leptos: this crate compiles for the browser and for the server, and a seeded
//! simulation can drive all of it without a clock or a socket.

pub mod account;
pub mod audit;
pub mod bundle;
pub mod context;
pub mod environment;
pub mod error;
pub mod event;
pub mod id;
pub mod job;
pub mod limits;
pub mod location;
pub mod scan;
pub mod session;
pub mod shared;
pub mod snapshot;
pub mod statistics;
pub mod sync;
pub mod wire;

pub use context::Context;
pub use environment::Environment;
pub use error::{Error, Result};
