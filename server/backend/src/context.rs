//! Saving and loading the context of a session.

mod news;
mod read;
mod request;
mod restored;
mod save;
