//! `holdfast migrate`: the database's tables.

use super::CommandError;
use crate::{Config, serve};

/// Brings them up to date; what is printed.
///
/// # Errors
/// [`CommandError`], in words for the operator.
pub fn migrate(config: &Config) -> Result<String, CommandError> {
    let migrated = serve::migrate(config)?;
    let to = migrated.to.unwrap_or(0);
    Ok(match migrated.from {
        Some(from) if from == to => format!("Nothing was to do: the tables are at {to}.\n"),
        Some(from) => format!("The tables were at {from} and are at {to} now.\n"),
        None => format!("There were no tables; they are at {to} now.\n"),
    })
}
