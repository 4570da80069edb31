//! `holdfast audit`: the log of what happened to accounts and sessions.

use clap::Subcommand;
use holdfast_backend::AuditHead;

use super::{CommandError, with_backend};
use crate::Config;

/// What is done with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that no entry was changed, added or taken out, and print the end of the log
    ///
    /// Write that end down elsewhere: with it the next proof also shows whether newer entries were cut off.
    Verify {
        /// An end that was printed before, as `SEQ:HASH`; it has to be in the log
        #[arg(long, value_name = "SEQ:HASH")]
        since: Option<String>,
    },
}

impl AuditCommand {
    /// Does it; what is printed.
    ///
    /// # Errors
    /// [`CommandError`], in words for the operator.
    pub fn run(self, config: &Config) -> Result<String, CommandError> {
        let Self::Verify { since } = self;
        let known = since.as_deref().map(parse).transpose()?;
        with_backend(config, async |backend| {
            let end = backend.verify_audit(known.as_ref()).await?;
            Ok(format!("The log holds: {} entries. Its end is {}:{}\n", end.seq, end.seq, end.hash))
        })
    }
}

fn parse(text: &str) -> Result<AuditHead, CommandError> {
    let wrong = || CommandError::Given("--since: an end as it was printed, SEQ:HASH, is wanted.");
    let (seq, hash) = text.split_once(':').ok_or_else(wrong)?;
    Ok(AuditHead { seq: seq.parse().map_err(|_| wrong())?, hash: hash.to_owned() })
}
