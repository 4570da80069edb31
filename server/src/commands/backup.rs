//! `holdfast backup`: a copy of the database in one file.

use std::path::PathBuf;

use clap::Args;
use holdfast_backend::{SystemEnvironment, back_up};

use super::CommandError;
use crate::{Config, serve};

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct BackupCommand {
    /// The file to be written; it must not be there yet
    file: PathBuf,
}

impl BackupCommand {
    /// Does it; what is printed.
    ///
    /// # Errors
    /// [`CommandError`], in words for the operator.
    pub fn run(self, config: &Config) -> Result<String, CommandError> {
        let url = config.database_url();
        let done = serve::in_runtime(config, async {
            Ok::<_, CommandError>(back_up(&url, &SystemEnvironment, &self.file).await?)
        })?;
        Ok(format!(
            "{}: {} bytes, written and read back.\n\
             The master key is not in it. Keep {} (key {}) too, in another place: without it nothing in \
             the copy can be read, and whoever has both reads everything.\n",
            self.file.display(),
            done.bytes,
            config.master_key_file().display(),
            done.master_key,
        ))
    }
}
