//! The context document, the scanner and what a replica keeps of both.

mod history;
mod json;
mod replicas;
mod scan;
mod support;
