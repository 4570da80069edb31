//! The first transaction of a change, or finding one that was begun.

use std::collections::BTreeSet;
use std::sync::Arc;

use holdfast_domain::Error;
use holdfast_domain::audit::AuditKind;
use sqlx::AnyConnection;

use super::{Rotation, RotationError};
use crate::audit::Entry;
use crate::backend::{meta, set_meta};
use crate::column::column;
use crate::database::failure;
use crate::keyring::{Bridge, MASTER_KEY, Master, WRAPPING_KEY};
use crate::{Backend, MasterKey};

impl Backend {
    /// Which master key the database is being moved to, where a change of it is not finished.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn unfinished_rotation(&self) -> Result<Option<String>, Error> {
        let mut connection = self.store.database.read().await?;
        let current = meta(&mut connection, MASTER_KEY).await?;
        let wrapping = meta(&mut connection, WRAPPING_KEY).await?;
        Ok(wrapping.filter(|wrapping| Some(wrapping) != current.as_ref()))
    }

    /// Begins to move the database to another master key, or goes on with it.
    ///
    /// # Errors
    /// [`RotationError`].
    pub async fn rotate_keys(&self, next: &MasterKey) -> Result<Rotation, RotationError> {
        let keyring = &self.store.keyring;
        let next = Arc::new(Master::of(next));
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let wrapping = self.lock_wrapping_key(connection).await?;
        let current = meta(connection, MASTER_KEY).await?.ok_or(Error::Internal)?;
        let previous = keyring.master(connection, &current).await?;
        let begun = wrapping != current;
        if begun && wrapping != next.id {
            return Err(RotationError::Unfinished(wrapping));
        }
        if next.id == current {
            return Err(RotationError::InUse);
        }
        if !begun && was_met(connection, &next.id).await? {
            return Err(RotationError::UsedBefore);
        }
        // Also where it was begun: a bridge that was damaged is whole again.
        Bridge::insert(&*self.store.environment, connection, &previous, &next).await?;
        if !begun {
            set_meta(connection, WRAPPING_KEY, &next.id).await?;
            let entry = Entry::of(None, AuditKind::KeyRotationStarted);
            entry.write(&self.store, connection).await?;
        }
        write.commit().await?;
        keyring.learn(next.clone());
        let (backend, after) = (self.clone(), String::new());
        Ok(Rotation { backend, previous, next, after, rewrapped: 0, damaged: BTreeSet::new() })
    }

    /// What wraps new keys. Whoever stores one under it has committed, and nobody else does until the transaction
    /// ends.
    pub(super) async fn lock_wrapping_key(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<String, Error> {
        let lock = self.store.database.dialect.lock();
        let sql = format!("SELECT value FROM meta WHERE name = $1{lock}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(WRAPPING_KEY)
            .fetch_one(connection)
            .await
            .map_err(failure)?;
        column(&row, "value")
    }
}

/// Whether the database was under this key.
async fn was_met(connection: &mut AnyConnection, id: &str) -> Result<bool, Error> {
    let row = sqlx::query("SELECT master FROM rotations WHERE master = $1 OR previous = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
    Ok(row.is_some())
}
