//! Servers and clients of the tests.

mod answer;
mod by_hand;
#[path = "../../backend/tests/contract/harness/bytes.rs"]
mod bytes;
#[path = "../../backend/tests/contract/harness/database.rs"]
mod database;
mod device;
mod guest;
mod program;
mod server;

pub(crate) use answer::Answer;
pub(crate) use by_hand::{address, answer, by_hand};
pub(crate) use bytes::RawUpdate;
pub(crate) use database::{Database, Kind};
pub(crate) use device::{Device, snapshot_request};
pub(crate) use guest::{Guest, client};
pub(crate) use program::Program;
pub(crate) use server::Server;
