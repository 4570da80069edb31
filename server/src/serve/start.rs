//! What has to be there before anything is answered.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use holdfast_backend::{Backend, Location, Migrated, Options, Settings};

use super::clock::Clock;
use super::{ServeError, master_key, sample};
use crate::Config;
use crate::http::is_loopback;

/// Data folder, master key, database.
pub(super) async fn open(config: &Config) -> Result<Backend, ServeError> {
    make_folder(&config.data_dir)?;
    let options = Options {
        database_url: config.database_url(),
        master_key: master_key::find(config).await?,
        environment: Arc::new(Clock::new(config)),
        settings: settings(config),
        locations: locations(config),
    };
    Ok(Backend::open(options).await?)
}

/// Data folder and tables only.
pub(super) async fn migrate(config: &Config) -> Result<Migrated, ServeError> {
    make_folder(&config.data_dir)?;
    Ok(holdfast_backend::migrate(&config.database_url(), &settings(config)).await?)
}

fn settings(config: &Config) -> Settings {
    Settings {
        snapshot_days: config.snapshot_days,
        abandon_hours: config.abandon_hours,
        archive_days: config.archive_days,
        grace_days: config.grace_days,
        empty_guest_days: config.empty_guest_days,
        running_jobs: number(config.running_jobs),
        running_jobs_per_account: number(config.running_jobs_per_account),
        live_jobs_per_account: number(config.live_jobs_per_account),
        job_file_hours: config.job_file_hours,
        job_days: config.job_days,
        event_days: config.event_days,
        watchers_per_account: number(config.streams_per_account),
        new_sessions_per_hour: config.new_sessions_per_hour,
        reset_link_hours: config.reset_link_hours,
        ..Settings::default()
    }
}

fn number(setting: u32) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}

/// Those that the operator says, and the one to try it with.
fn locations(config: &Config) -> Vec<Location> {
    let said = config.locations.iter().map(|location| Location {
        name: location.name.clone(),
        folder: location.folder.clone(),
        writable: location.writable,
        accounts: location.accounts.clone(),
    });
    let sample = config.sample_location.then(|| sample::location(config));
    said.chain(sample).collect()
}

/// Made for its owner only; one that is there is left as it is.
fn make_folder(folder: &Path) -> Result<(), ServeError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|cause| ServeError::DataDir { folder: folder.to_owned(), cause })
}

/// Whether browsers keep no secure cookie of the address that people open.
pub(crate) fn cookies_lost(config: &Config) -> bool {
    let origin = config.origin();
    let host = origin.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    let network = !config.addr.ip().is_loopback() && config.origin.is_empty();
    let elsewhere = !host.is_some_and(|host| is_loopback(&host));
    origin.starts_with("http://") && (network || elsewhere)
}

/// Says where browsers would not keep the cookie, or would send it for all to read.
pub(super) fn warn_of_cookies(config: &Config) {
    if config.insecure_cookie {
        tracing::warn!(
            "insecure_cookie is on: whoever listens on the network can read the cookies and act as \
             their owners"
        );
    } else if cookies_lost(config) {
        tracing::warn!(
            origin = config.origin(),
            "browsers keep no secure cookie of a plain HTTP address in the network: serve it by \
             HTTPS, or set insecure_cookie and accept who may listen"
        );
    }
}
