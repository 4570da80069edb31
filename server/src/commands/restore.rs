//! `holdfast restore`: a copy becomes the database.

use std::path::PathBuf;

use clap::Args;
use holdfast_backend::{BringBack, SystemEnvironment, bring_back};

use super::CommandError;
use crate::{Config, ServeError, serve};

/// Which copy, and whether it may take the place of what is there.
#[derive(Debug, Args)]
pub struct RestoreCommand {
    /// A file that `holdfast backup` wrote
    file: PathBuf,
    /// Put a database that is there aside, under another name
    #[arg(long)]
    replace: bool,
}

impl RestoreCommand {
    /// Does it; what is printed.
    ///
    /// # Errors
    /// [`CommandError`], in words for the operator.
    pub fn run(self, config: &Config) -> Result<String, CommandError> {
        let master_key = serve::given_master_key(config).map_err(ServeError::from)?;
        let what = BringBack {
            file: &self.file,
            database_url: &config.database_url(),
            master_key: master_key.as_ref(),
            replace: self.replace,
        };
        let done = serve::in_runtime(config, async {
            Ok::<_, CommandError>(bring_back(what, &SystemEnvironment).await?)
        })?;
        let before = match done.before {
            Some(before) => format!("The database that was there is {} now.\n", before.display()),
            None => String::new(),
        };
        Ok(format!(
            "{before}{} is the database again and begins a new life, {}. Now start the server: what \
             devices have beyond the copy comes from them.\n",
            self.file.display(),
            done.incarnation,
        ))
    }
}
