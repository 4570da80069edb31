//! `holdfast rotate-keys`: from one master key to the next, while servers run.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use holdfast_backend::{Backend, MasterKey, OpenError, Rotation, RotationError, Step};
use holdfast_domain::{Error, Result};

use super::{CommandError, with_backend};
use crate::{Config, ServeError};

/// Between two transactions, so that whoever saves gets a turn.
const PAUSE: Duration = Duration::from_millis(10);
/// Before it is tried again where the database does not answer, and how often that is done in a row.
const AGAIN: (Duration, u32) = (Duration::from_secs(1), 60);

/// Moves the database to the master key in the file `to`, which is made where it is missing. Killed anywhere, it
/// goes on when it is said again.
///
/// The files are the operator's: this one writes none but a new `to`, so whatever it ends by, both keys are there.
///
/// # Errors
/// [`CommandError`], in words for the operator.
pub fn rotate_keys(config: &Config, to: &Path) -> Result<String, CommandError> {
    let next = MasterKey::load(to).map_err(ServeError::from)?.map(|next| next.id());
    let done = with_backend(config, async |backend| {
        let next = next_key(backend, to).await?;
        match again(async || begin(backend, &next).await).await? {
            Ok(rotation) => finish(rotation, &next, to).await,
            // It was finished, and the key put in its place.
            Err(RotationError::InUse) => Ok(moved(&next.id(), to)),
            Err(refused) => Err(refused.into()),
        }
    });
    match done {
        // It was finished, and the key is still to be put in its place.
        Err(CommandError::Open(ServeError::Open(OpenError::MovedMasterKey { wanted, .. })))
            if next.as_ref() == Some(&wanted) =>
        {
            Ok(moved(&wanted, to))
        }
        done => done,
    }
}

/// The key in the file. None is made while the database is on its way to one: that is the one to be found.
async fn next_key(backend: &Backend, to: &Path) -> Result<MasterKey, CommandError> {
    if let Some(next) = MasterKey::load(to).map_err(ServeError::from)? {
        return Ok(next);
    }
    match backend.unfinished_rotation().await? {
        Some(wanted) => Err(RotationError::Unfinished(wanted).into()),
        None => Ok(MasterKey::load_or_create(to).map_err(ServeError::from)?.0),
    }
}

/// What is refused for good is not tried again.
async fn begin(backend: &Backend, next: &MasterKey) -> Result<Result<Rotation, RotationError>> {
    match backend.rotate_keys(next).await {
        Err(RotationError::Refused(error)) => Err(error),
        begun => Ok(begun),
    }
}

async fn finish(
    mut rotation: Rotation,
    next: &MasterKey,
    to: &Path,
) -> Result<String, CommandError> {
    tracing::info!(next = next.id(), "the database is being moved to another master key");
    while again(async || rotation.step().await).await? == Step::More {
        tracing::info!(keys = rotation.rewrapped(), "wrapped anew");
        tokio::time::sleep(PAUSE).await;
    }
    let mut said = moved(&next.id(), to);
    for id in rotation.damaged() {
        // Writing into a string does not fail.
        let _ = writeln!(
            said,
            "The row {id} of the table keys is damaged and was left as it is: only a copy of it can be \
             opened, with the key before."
        );
    }
    Ok(said)
}

/// Does it again while the database does not answer.
async fn again<T>(mut work: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let (pause, times) = AGAIN;
    for _ in 1..times {
        match work().await {
            Err(Error::Unavailable) => tokio::time::sleep(pause).await,
            done => return done,
        }
    }
    work().await
}

fn moved(id: &str, to: &Path) -> String {
    format!(
        "The database is under the master key {id}. Servers that run go on; the next start wants this key: put \
         {} in the place of master_key_file (or of HOLDFAST_MASTER_KEY). Keep the key before, elsewhere, as long \
         as there are copies of the database from before.\n",
        to.display()
    )
}
