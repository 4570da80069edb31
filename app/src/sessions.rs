//! The sessions of an account.

mod functions;

pub use functions::*;
