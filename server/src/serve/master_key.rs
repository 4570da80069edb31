//! Where the master key comes from: its file, or the environment.

use std::env::{self, VarError};

use holdfast_backend::{Backend, MasterKey, OpenError};

use crate::Config;

/// 64 hexadecimal digits. Not one of the settings, which are shown and logged.
const VARIABLE: &str = "HOLDFAST_MASTER_KEY";

/// The key that is given, by the environment or in its file; `None`: there is none.
pub(crate) fn given(config: &Config) -> Result<Option<MasterKey>, OpenError> {
    let file = config.master_key_file();
    let given = match env::var(VARIABLE) {
        Ok(text) => Some(MasterKey::from_hex(&text)?),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => return Err(OpenError::MasterKeyForm),
    };
    match (given, MasterKey::load(&file)?) {
        (Some(given), Some(in_file)) if given.id() != in_file.id() => {
            let (environment, in_file) = (given.id(), in_file.id());
            Err(OpenError::TwoMasterKeys { environment, in_file, file })
        }
        (given, in_file) => Ok(given.or(in_file)),
    }
}

/// The key that is given; a new one where there is none and nothing is encrypted yet.
pub(super) async fn find(config: &Config) -> Result<MasterKey, OpenError> {
    if let Some(key) = given(config)? {
        return Ok(key);
    }
    let file = config.master_key_file();
    if let Some(wanted) = Backend::wanted_master_key(&config.database_url()).await? {
        return Err(OpenError::LostMasterKey { wanted, file });
    }
    let (key, made_now) = MasterKey::load_or_create(&file)?;
    if made_now {
        tracing::warn!(
            file = %file.display(),
            "a new master key was made: keep a copy of this file elsewhere, apart from the database; \
             without it nothing that people save can ever be read again"
        );
    }
    Ok(key)
}
