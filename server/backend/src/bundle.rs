//! A session as a whole: copied beside itself, given out as one file and made from one (SESS-3). The file is described
//! in `docs/EXPORT.md`.

mod check;
mod duplicate;
mod export;
mod history;
mod import;
mod pack;
mod past;
mod replay;
mod unzip;

pub use export::Export;
