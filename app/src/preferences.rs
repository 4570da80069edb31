//! What a person prefers, on every device.

mod functions;

pub use functions::*;
