//! The backend's contract: every test runs on SQLite and on Postgres.
//!
//! `HOLDFAST_TEST_POSTGRES_URL` names a server on which the tests may create databases; without it
//! the Postgres half fails. `make test` starts one.

// Whatever is unexpected here is a failed test.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value
)]

mod accounts;
mod ageing;
mod audit;
mod bases;
mod bringing;
mod bundling;
mod clients;
mod clock;
mod committing;
mod damage;
mod duplicating;
mod encryption;
mod ending;
mod events;
mod flipped;
mod guests;
mod harness;
mod hostile;
mod hostile_bundles;
mod jobs;
mod life;
mod limits;
mod migrating;
mod operator;
mod passwords;
mod registering;
mod resetting;
mod restored;
mod restoring;
mod rotation;
mod saving;
mod servers;
mod sessions;
mod sharing;
mod sign_ins;
mod snapshots;
mod statistics;
mod storage;
mod syncing;
mod transfers;
