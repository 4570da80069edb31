//! Values an account shares into all of its own active sessions (SYNC-4).
//!
//! Each sharing has a number in its account; a session knows up to which number it has them. So
//! sharing is durable at once, and a session that was not there, not active or could not be written
//! gets what it lacks when it is next saved or opened.

mod stored;

use holdfast_domain::audit::AuditKind;
use holdfast_domain::context::Path;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::limits::{KEY_BYTES, UPDATE_BYTES};
use holdfast_domain::{Context, Error, Result};
use serde_json::{Map, Value};

use crate::audit::Entry;
use crate::edit::Edited;
use crate::sessions::SessionRow;
use crate::{Backend, Visitor};
use stored::SharedValue;

impl Backend {
    /// Writes a value under a key of the root object into all of the visitor's own active sessions,
    /// keeps it for sessions created or reopened later, and says into how many it was written.
    /// `null` removes it everywhere.
    ///
    /// # Errors
    /// `InvalidValue` (key), `LimitExceeded`, `StorageFull`, `Unavailable`.
    pub async fn share(&self, visitor: &Visitor, key: &str, value: Value) -> Result<u32> {
        let shared = checked(key, value)?;
        let mut write = self.store.database.write().await?;
        let account = self.store.ensure_account(write.connection()?, visitor).await?;
        shared.insert(&self.store, write.connection()?, account).await?;
        let entry = Entry::of(account, AuditKind::ValueShared);
        entry.write(&self.store, write.connection()?).await?;
        write.commit().await?;

        let mut connection = self.store.database.read().await?;
        let rows = SessionRow::of_account(&mut connection, account).await?;
        drop(connection);
        let mut written = 0;
        for row in rows.into_iter().filter(SessionRow::lacks_shared) {
            match self.apply_shared(account, row.id).await {
                Ok(()) => written += 1,
                // It gets the value when it is next opened.
                Err(error) => tracing::warn!(
                    session = %row.id,
                    code = error.code(),
                    "a shared value could not be written now"
                ),
            }
        }
        Ok(written)
    }

    /// Writes into a session what it lacks of the account's shared values.
    pub(crate) async fn apply_shared(&self, account: AccountId, session: SessionId) -> Result<()> {
        let visitor = Visitor::of_account(account);
        let mut connection = self.store.database.read().await?;
        let row = self.store.owned(&mut connection, &visitor, session).await?;
        let values = SharedValue::since(&self.store, &mut connection, &row).await?;
        drop(connection);
        let (patches, upto) = (values.patches, values.upto);
        let change = move |context: &mut Context| {
            let mut updates = Vec::new();
            for patch in &patches {
                updates.extend(context.patch(patch)?);
            }
            Ok(Edited { updates: Some(updates), value: () })
        };
        self.edit(&visitor, session, change, |job, ()| {
            job.shared_seq = Some(upto);
            Ok(())
        })
        .await
    }
}

/// Refuses now what no session would take later.
fn checked(key: &str, value: Value) -> Result<SharedValue> {
    if key.is_empty() {
        return Err(Error::InvalidValue {
            field: "key".into(),
            reason: format!("A key has 1 to {KEY_BYTES} bytes."),
        });
    }
    Path::from_keys([key])?;
    let shared = SharedValue { key: key.into(), value };
    // The limits of one value are the document's: a scratch one says whether it takes it.
    Context::new(0).patch(&shared.patch())?;
    let bytes = serde_json::to_vec(&shared.value).map_or(0, |json| json.len());
    if bytes > UPDATE_BYTES {
        return Err(Error::limit("shared value bytes", UPDATE_BYTES, bytes));
    }
    Ok(shared)
}

impl SharedValue {
    /// As a merge patch: an object merges into one that is there.
    pub(super) fn patch(&self) -> Value {
        Value::Object(Map::from_iter([(self.key.clone(), self.value.clone())]))
    }
}
