//! The log: on standard error, as text or one JSON object a line.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use super::ServeError;
use crate::Config;
use crate::config::LogFormat;

/// Starts it, once for the program.
pub(super) fn init(config: &Config) -> Result<(), ServeError> {
    let filter = EnvFilter::try_new(&config.log).map_err(ServeError::Log)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    // An error is a logger that is there already: whoever embeds us has set their own.
    let _ = match config.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    // A panic's own words may quote what a person wrote.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a defect ended a task");
    }));
    Ok(())
}
