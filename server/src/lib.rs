//! The Holdfast program: configuration and what serves it.

pub mod config;

pub use config::Config;
