//! Rows of `shared_values`.

use std::sync::Arc;

use holdfast_domain::id::AccountId;
use holdfast_domain::limits::{SHARED_BYTES, SHARED_VALUES};
use holdfast_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AnyConnection;

use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::failure;
use crate::hex;
use crate::master_key::hmac;
use crate::sessions::SessionRow;
use crate::store::Store;

const TABLE: &str = "shared_values";

/// A shared key and its value; `null` where it was removed. JSON when stored (format 1).
#[derive(Serialize, Deserialize)]
pub(super) struct SharedValue {
    pub(super) key: String,
    pub(super) value: Value,
}

/// What a session lacks.
pub(super) struct Lacking {
    /// Merge patches, in the order of sharing.
    pub(super) patches: Vec<Value>,
    /// With them the session has everything up to this number.
    pub(super) upto: i64,
}

impl SharedValue {
    /// Keeps the value in place of an earlier one with the same key.
    pub(super) async fn insert(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<()> {
        let plain = serde_json::to_vec(self).map_err(|_| Error::Internal)?;
        let owner = account.to_string();
        let row = sqlx::query(
            "UPDATE accounts SET shared_seq = shared_seq + 1 WHERE id = $1 \
             RETURNING shared_seq, key",
        )
        .bind(owner.clone())
        .fetch_one(&mut *connection)
        .await
        .map_err(failure)?;
        let seq: i64 = column(&row, "shared_seq")?;
        let key_id: String = column(&row, "key")?;
        let key = store.keyring.get(connection, &key_id).await?;
        let id = self.id(store, &owner);
        // The account's row is locked by now: nobody else adds one meanwhile.
        self.check_room(connection, &owner, &id, plain.len()).await?;
        let place = Place { table: TABLE, owner: &owner, id: &id };
        let value = key.seal(&*store.environment, place, &plain)?;
        sqlx::query(
            "INSERT INTO shared_values (account, id, seq, key, format, value, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (account, id) DO UPDATE SET seq = excluded.seq, key = excluded.key, \
             format = excluded.format, value = excluded.value, updated_at = excluded.updated_at",
        )
        .bind(owner)
        .bind(id)
        .bind(seq)
        .bind(key_id)
        .bind(FORMAT)
        .bind(value)
        .bind(store.environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// Whether there is room for so many bytes beside the account's other values.
    async fn check_room(
        &self,
        connection: &mut AnyConnection,
        owner: &str,
        id: &str,
        bytes: usize,
    ) -> Result<()> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS number, COALESCE(SUM(LENGTH(value)), 0) AS bytes \
             FROM shared_values WHERE account = $1 AND id <> $2",
        )
        .bind(owner)
        .bind(id)
        .fetch_one(connection)
        .await
        .map_err(failure)?;
        let others = |name| Ok(usize::try_from(column::<i64>(&row, name)?).unwrap_or(0));
        let number = others("number")? + 1;
        if number > SHARED_VALUES {
            return Err(Error::limit("shared values", SHARED_VALUES, number));
        }
        let bytes = others("bytes")? + bytes;
        // Taking a value away makes room.
        if bytes > SHARED_BYTES && !self.value.is_null() {
            return Err(Error::limit("bytes of shared values", SHARED_BYTES, bytes));
        }
        Ok(())
    }

    /// The same for the same key of the same account, and says nothing about it.
    fn id(&self, store: &Store, account: &str) -> String {
        hex::encode(&hmac(&store.shared_key, [account, &self.key].join("\0").as_bytes()))
    }

    /// The values that were shared after the session got its last.
    pub(super) async fn since(
        store: &Store,
        connection: &mut AnyConnection,
        session: &SessionRow,
    ) -> Result<Lacking> {
        let owner = session.account.to_string();
        let rows = sqlx::query(
            "SELECT id, seq, key, format, value FROM shared_values \
             WHERE account = $1 AND seq > $2 AND seq <= $3 ORDER BY seq",
        )
        .bind(owner.clone())
        .bind(session.shared_seq)
        .bind(session.account_shared_seq)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure)?;
        let mut patches = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: String = column(row, "id")?;
            let key: Arc<Key> =
                store.keyring.get(connection, &column::<String>(row, "key")?).await?;
            let sealed: Vec<u8> = column(row, "value")?;
            let place = Place { table: TABLE, owner: &owner, id: &id };
            let plain = key.open(column(row, "format")?, place, &sealed).ok();
            match plain.and_then(|plain| serde_json::from_slice::<Self>(&plain).ok()) {
                Some(shared) => patches.push(shared.patch()),
                None => store.set_aside(session.id, TABLE, &id),
            }
        }
        Ok(Lacking { patches, upto: session.account_shared_seq })
    }
}
