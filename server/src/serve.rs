//! `holdfast serve`: opens what it needs, answers until it is asked to stop, and ends in order.

mod clock;
mod connections;
mod listen;
mod log;
mod master_key;
mod sample;
mod shutdown;
mod start;
mod sweep;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use holdfast_backend::{Backend, Migrated, OpenError};
use holdfast_domain::id::IncarnationId;

use crate::config::MetricsFor;
use crate::http::Site;
use crate::{AppState, Config, StateError, metrics, router};
pub(crate) use master_key::given as given_master_key;
pub(crate) use start::cookies_lost;

/// Why the program does not serve, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// What to log cannot be understood.
    #[error("log: {0}")]
    Log(#[source] tracing_subscriber::filter::ParseError),
    /// The data folder cannot be made.
    #[error("the data folder {} cannot be made: {cause}", folder.display())]
    DataDir {
        /// The folder.
        folder: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Key or database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is nothing to show, or mail cannot be sent.
    #[error(transparent)]
    State(#[from] StateError),
    /// The address is taken, or not ours.
    #[error("cannot listen on {addr}: {cause}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// The runtime does not start, or the listener broke.
    #[error("the server cannot run: {0}")]
    Run(#[source] io::Error),
}

/// Serves until SIGTERM or SIGINT, then finishes what is being saved.
///
/// # Errors
/// [`ServeError`]. Where the address is taken or the page missing, nothing was touched; later there may be
/// a new data folder and key, and the database may have been brought up to date.
pub fn serve(config: &Config) -> Result<(), ServeError> {
    in_runtime(config, run(config.clone()))
}

/// Begins another life of the database, for one that was brought back from a copy: every device then
/// sends what the copy did not have (SYNC-6). While nobody serves it.
///
/// # Errors
/// [`ServeError`].
pub fn new_incarnation(config: &Config) -> Result<IncarnationId, ServeError> {
    with_backend(config, async |backend| {
        let begun = backend.new_incarnation().await;
        begun.map_err(|error| OpenError::Unreadable(error.to_string()).into())
    })
}

/// Brings the tables up to date without serving them.
pub(crate) fn migrate(config: &Config) -> Result<Migrated, ServeError> {
    in_runtime(config, start::migrate(config))
}

/// Does something with the backend without serving it.
pub(crate) fn with_backend<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Backend) -> Result<T, ServeError>,
) -> Result<T, ServeError> {
    in_runtime(config, async {
        let backend = start::open(config).await?;
        let done = work(&backend).await;
        backend.close().await;
        done
    })
}

/// Does something in a runtime of its own, and logs what happens.
pub(crate) fn in_runtime<T, E: From<ServeError>>(
    config: &Config,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    log::init(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::Run)?;
    let done = runtime.block_on(work);
    // What still runs then has been given its time.
    runtime.shutdown_background();
    done
}

async fn run(mut config: Config) -> Result<(), ServeError> {
    // First, so that a second start on the same address does not touch the database.
    let (listener, addr) = listen::bind(config.addr).await?;
    config.addr = addr;
    // Before the database too: a program without its page never serves, so it should not migrate anything.
    Site::find().map_err(StateError::from)?;
    if config.metrics != MetricsFor::Nobody {
        metrics::begin();
    }
    let backend = start::open(&config).await?;
    let state = AppState::new(backend.clone(), &config)?;
    start::warn_of_cookies(&config);
    if config.sample_location {
        sample::write(&config);
    }
    backend.start_working();
    let sweeping = tokio::spawn(sweep::keep_sweeping(backend.clone()));
    let counting = tokio::spawn(metrics::keep_up());
    let asked = shutdown::asked_to_stop()?;
    // Whoever started us waits for this line.
    let _ = writeln!(io::stdout(), "Holdfast is at {}", config.origin());

    let router = router(state.clone());
    shutdown::serve_until_asked(listener, router, asked, &state, &config).await;
    sweeping.abort();
    counting.abort();
    shutdown::close(&backend, &config).await;
    Ok(())
}
