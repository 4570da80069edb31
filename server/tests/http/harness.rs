//! Servers and clients of the tests.

mod answer;
mod by_hand;
#[path = "../../backend/tests/contract/harness/bytes.rs"]
mod bytes;
mod client;
#[path = "../../backend/tests/contract/harness/database.rs"]
mod database;
mod device;
mod fleet;
mod guest;
mod postgres;
mod program;
mod proxy;
mod rounds;
mod server;
#[cfg(target_os = "linux")]
mod small_disk;
mod stream;

pub(crate) use answer::Answer;
pub(crate) use by_hand::{address, answer, by_hand};
pub(crate) use bytes::RawUpdate;
pub(crate) use client::Client;
pub(crate) use database::{Database, Kind};
pub(crate) use device::{Device, snapshot_request};
pub(crate) use fleet::{Fleet, Refusal};
pub(crate) use guest::{Guest, client};
pub(crate) use postgres::{Ending, Postgres};
pub(crate) use program::Program;
pub(crate) use proxy::Proxy;
pub(crate) use rounds::rounds;
pub(crate) use server::Server;
#[cfg(target_os = "linux")]
pub(crate) use small_disk::SmallDisk;
pub(crate) use stream::{Sent, Stream};
