//! Saving and loading the context of a session.

mod edited;
mod news;
mod read;
mod request;
mod reset;
mod restored;
mod save;
pub use read::ContextAt;
