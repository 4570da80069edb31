//! What an operator can set: defaults, then a TOML file, then the environment, checked as a whole
//! before anything starts (OPS-1).
//!
//! Every setting has one name: `data_dir` in the file is `HOLDFAST_DATA_DIR` in the environment.
//! `DATABASE_URL` is understood too, because everybody's tools set it.

mod check;
mod example;
mod preset;
mod sources;

pub use check::Problem;
pub use example::example;
pub use preset::Preset;
pub use sources::Unreadable;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A folder of this machine that people may work with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// Whether it may be written to.
    #[serde(default)]
    pub writable: bool,
    /// The addresses of those who may use it; empty: everybody.
    #[serde(default)]
    pub accounts: Vec<String>,
}

/// The settings, read and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Which defaults there are for what is not said.
    pub preset: Preset,
    /// Where to listen, address and port.
    pub addr: SocketAddr,
    /// The address people open, scheme and host; empty: `http://` and `addr`.
    pub origin: String,
    /// Where everything is kept that is not in the database: made where it is missing.
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://...`; empty: `holdfast.db` in `data_dir`.
    pub database_url: String,
    /// The file with the master key; empty: `master.key` in `data_dir`.
    pub master_key_file: PathBuf,
    /// What is logged, as in `info,holdfast_backend=debug`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How often a page saves what the server has not acknowledged, 5 to 600 seconds.
    pub autosave_interval_seconds: u32,
    /// How long a snapshot is kept unless it is pinned, 1 to 3650 days.
    pub snapshot_days: u32,
    /// Hours for which a link to set a new password works, 1 to 168.
    pub reset_link_hours: u32,
    /// The mail server, as in `smtps://user:password@mail.example.org`; empty: no mail is sent.
    pub smtp_url: String,
    /// Who mail comes from, as in `Holdfast <holdfast@example.org>`.
    pub mail_from: String,
    /// After how many hours without a person a session is abandoned, 1 to 8760.
    pub abandon_hours: u32,
    /// After how many days an abandoned session is archived, 1 to 3650.
    pub archive_days: u32,
    /// For how many days a deleted session can be brought back, and a deleted account be kept, 1 to 3650.
    pub grace_days: u32,
    /// After how many days a guest who has nothing, and whom nobody used since, is forgotten, 1 to 3650.
    pub empty_guest_days: u32,
    /// For how many hours each file that a scan found can be read when the scan has ended, 1 to 8760.
    pub job_file_hours: u32,
    /// After how many days a job that has ended is removed, 1 to 3650.
    pub job_days: u32,
    /// For how many days it can be read again what happened in a session, 1 to 3650.
    pub event_days: u32,
    /// How many streams of events one account may have open at the same time, 1 to 1000000.
    pub streams_per_account: u32,
    /// Places that people may scan, copy from and copy to.
    pub locations: Vec<Location>,
    /// Whether there is one with a few files to try it with, in `data_dir`.
    pub sample_location: bool,
    /// How many jobs this server works on at the same time, 1 to 10000.
    pub running_jobs: u32,
    /// How many jobs of one account all servers together work on at the same time, 1 to 10000.
    pub running_jobs_per_account: u32,
    /// How many jobs of one account may be live - waiting, running or paused -, 1 to 1000000.
    pub live_jobs_per_account: u32,
    /// How many sessions one account, and how many guests one address, may make in an hour, 1 to 1000000.
    pub new_sessions_per_hour: u32,
    /// Who may read what is counted, at `/metrics`.
    pub metrics: MetricsFor,
    /// How often one address, and one sign-in, may call the HTTP API, 1 to 1000000 times a minute.
    pub api_calls_per_minute: u32,
    /// How often one address may try to sign in, register or set a password, 1 to 1000000 times a minute.
    pub entries_per_minute: u32,
    /// The header in which a proxy says where a request comes from, as in `x-forwarded-for`; empty: there is none.
    pub address_header: String,
    /// How long a shutdown may take to finish what is being saved, 1 to 600 seconds.
    pub shutdown_seconds: u32,
    /// Cookies over plain HTTP on other than loopback addresses: whoever listens can read them.
    pub insecure_cookie: bool,
    /// Controls for developers: move the clock.
    pub dev_controls: bool,
    /// With `dev_controls`: a file with milliseconds by which the server's clock is moved.
    pub clock_offset_file: PathBuf,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may read what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricsFor {
    /// Nobody, and nothing is counted.
    Nobody,
    /// Programs on this machine.
    #[default]
    Loopback,
    /// Whoever reaches it: where a proxy in front decides.
    Everybody,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            preset: Preset::None,
            addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            origin: String::new(),
            data_dir: "data".into(),
            database_url: String::new(),
            master_key_file: PathBuf::new(),
            log: "info".into(),
            log_format: LogFormat::Text,
            autosave_interval_seconds: 30,
            snapshot_days: 30,
            reset_link_hours: 2,
            smtp_url: String::new(),
            mail_from: String::new(),
            abandon_hours: 24,
            archive_days: 7,
            grace_days: 7,
            empty_guest_days: 30,
            locations: Vec::new(),
            sample_location: true,
            running_jobs: 8,
            running_jobs_per_account: 4,
            live_jobs_per_account: 1_000,
            job_file_hours: 24,
            job_days: 30,
            event_days: 30,
            streams_per_account: 100,
            new_sessions_per_hour: 1_000,
            metrics: MetricsFor::Loopback,
            api_calls_per_minute: 600,
            entries_per_minute: 60,
            address_header: String::new(),
            shutdown_seconds: 20,
            insecure_cookie: false,
            dev_controls: false,
            clock_offset_file: PathBuf::new(),
        }
    }
}

impl Config {
    /// The address people open.
    pub fn origin(&self) -> String {
        match self.origin.as_str() {
            "" => {
                // "Everywhere" is no place to go to; this machine is there for sure.
                let mut addr = self.addr;
                if addr.ip().is_unspecified() {
                    addr.set_ip(Ipv4Addr::LOCALHOST.into());
                }
                format!("http://{addr}")
            }
            origin => origin.trim_end_matches('/').into(),
        }
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        match self.database_url.as_str() {
            "" => format!("sqlite:{}", self.data_dir.join("holdfast.db").display()),
            url => url.into(),
        }
    }

    /// Where the master key is.
    pub fn master_key_file(&self) -> PathBuf {
        match self.master_key_file.as_os_str().is_empty() {
            true => self.data_dir.join("master.key"),
            false => self.master_key_file.clone(),
        }
    }
}
