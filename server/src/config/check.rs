//! What the types of the settings do not say.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Config, Preset};

/// One setting that cannot be used, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as the file spells it.
    pub setting: String,
    /// What is wanted instead.
    pub wanted: String,
}

impl Problem {
    pub(super) fn new(setting: &str, wanted: impl Into<String>) -> Self {
        Self { setting: setting.into(), wanted: wanted.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.wanted)
    }
}

impl Config {
    /// Every problem at once, so that one start shows them all.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut range = |setting: &str, value: u32, range: RangeInclusive<u32>, unit: &str| {
            if !range.contains(&value) {
                let (from, to) = range.into_inner();
                problems.push(Problem::new(setting, format!("{from} to {to} {unit}, not {value}")));
            }
        };
        range("autosave_interval_seconds", self.autosave_interval_seconds, 5..=600, "seconds");
        range("snapshot_days", self.snapshot_days, 1..=3650, "days");
        range("reset_link_hours", self.reset_link_hours, 1..=168, "hours");
        range("abandon_hours", self.abandon_hours, 1..=8760, "hours");
        range("archive_days", self.archive_days, 1..=3650, "days");
        range("grace_days", self.grace_days, 1..=3650, "days");
        range("empty_guest_days", self.empty_guest_days, 1..=3650, "days");
        range("running_jobs", self.running_jobs, 1..=10_000, "jobs");
        range("running_jobs_per_account", self.running_jobs_per_account, 1..=10_000, "jobs");
        range("live_jobs_per_account", self.live_jobs_per_account, 1..=1_000_000, "jobs");
        range("job_file_hours", self.job_file_hours, 1..=8760, "hours");
        range("job_days", self.job_days, 1..=3650, "days");
        range("event_days", self.event_days, 1..=3650, "days");
        range("streams_per_account", self.streams_per_account, 1..=1_000_000, "streams");
        range("new_sessions_per_hour", self.new_sessions_per_hour, 1..=1_000_000, "an hour");
        range("api_calls_per_minute", self.api_calls_per_minute, 1..=1_000_000, "a minute");
        range("entries_per_minute", self.entries_per_minute, 1..=1_000_000, "a minute");
        range("shutdown_seconds", self.shutdown_seconds, 1..=600, "seconds");
        if self.preset == Preset::Production {
            for (setting, on) in
                [("dev_controls", self.dev_controls), ("insecure_cookie", self.insecure_cookie)]
            {
                if on {
                    problems.push(Problem::new(setting, "off, with the preset \"production\""));
                }
            }
        }
        if self.address_header.parse::<http::HeaderName>().is_err()
            && !self.address_header.is_empty()
        {
            problems.push(Problem::new("address_header", "the name of a header, or nothing"));
        }
        if !self.origin.is_empty() && !is_origin(&self.origin) {
            problems.push(Problem::new(
                "origin",
                "a scheme and a host as in https://notes.example.org, without a path",
            ));
        }
        let database = &self.database_url;
        if !["", "sqlite:", "postgres://", "postgresql://"].iter().any(|form| {
            if form.is_empty() { database.is_empty() } else { database.starts_with(form) }
        }) {
            // The value is not repeated: it may hold a password.
            problems.push(Problem::new("database_url", "sqlite:PATH or postgres://..."));
        }
        if !self.smtp_url.is_empty() && self.mail_from.is_empty() {
            problems.push(Problem::new("mail_from", "who mail comes from, where smtp_url is set"));
        }
        if self.data_dir.as_os_str().is_empty() {
            problems.push(Problem::new("data_dir", "a folder"));
        }
        if !self.clock_offset_file.as_os_str().is_empty() && !self.dev_controls {
            problems.push(Problem::new(
                "clock_offset_file",
                "only with dev_controls: a moved clock is for tests",
            ));
        }
        problems
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && matches!(uri.path(), "" | "/")
        && uri.query().is_none()
        && !text.contains('@')
}
