//! Periods that the operator sets and the page knows: carried by the document.

use std::time::Duration;

use holdfast_session::SessionOptions;

use crate::told::told;

/// Of `<html>`; the shell writes them.
const AUTOSAVE: &str = "data-autosave-seconds";
const GRACE: &str = "data-grace-days";

/// What the operator set; to be provided as a Leptos context for rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// How often a page saves, in seconds.
    pub autosave_seconds: u32,
    /// For how many days what was deleted can be brought back.
    pub grace_days: u32,
}

/// What the document says, else the session layer's own.
pub(crate) fn autosave_interval() -> Duration {
    let written = told::<Periods, u32>(AUTOSAVE, |periods| periods.autosave_seconds);
    written.map_or(SessionOptions::default().autosave_interval, |seconds| {
        Duration::from_secs(seconds.into())
    })
}

/// For how long what was deleted can be brought back, in words.
pub(crate) fn grace() -> String {
    match told::<Periods, u32>(GRACE, |periods| periods.grace_days) {
        Some(1) => "one day".into(),
        Some(7) => "a week".into(),
        Some(days) => format!("{days} days"),
        None => "some days".into(),
    }
}
