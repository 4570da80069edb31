//! The program over HTTP: the router on a real listener, and the real binary where it is killed or stopped.
//!
//! `HOLDFAST_TEST_POSTGRES_URL` names a server on which the tests may create databases; without it those
//! on Postgres fail. `make test` starts one, and builds the page that is served here.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod accounts;
mod api;
mod backup;
mod callers;
mod commands;
mod doctor;
mod ending;
mod faults;
mod files;
mod functions;
mod harness;
mod hostile;
mod limits;
mod mail;
mod metrics;
mod operating;
mod origin;
mod ownership;
mod reading;
mod rotation;
mod visits;
