//! The context document, the scanner and what a replica keeps of both.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests: what cannot be is a failed test"
)]

mod convergence;
mod cutting;
mod history;
mod hostile;
mod json;
mod order;
mod replicas;
mod scan;
mod support;
