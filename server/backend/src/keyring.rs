//! The keys of sessions and accounts: made once, wrapped by the master key, unwrapped when needed.

use std::sync::Arc;

use holdfast_domain::{Environment, Error, Result};
use quick_cache::sync::Cache;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::MasterKey;
use crate::cipher::{FORMAT, Key, Place};
use crate::database::{any_of, failure};

/// Unwrapped keys kept in memory.
const CACHED: usize = 20_000;

/// Makes, wraps, stores and finds keys.
pub(crate) struct Keyring {
    master: String,
    wrapping: Key,
    environment: Arc<dyn Environment>,
    keys: Cache<String, Arc<Key>>,
}

/// A key that is in no row yet.
#[derive(Clone)]
pub(crate) struct NewKey {
    pub(crate) key: Arc<Key>,
    wrapped: Vec<u8>,
}

impl Keyring {
    pub(crate) fn new(master_key: &MasterKey, environment: Arc<dyn Environment>) -> Self {
        Self {
            master: master_key.id(),
            wrapping: Key::new(String::new(), &master_key.derive("holdfast key wrapping")),
            environment,
            keys: Cache::new(CACHED),
        }
    }

    fn place<'a>(&'a self, id: &'a str) -> Place<'a> {
        Place { table: "keys", owner: &self.master, id }
    }

    /// A new random key, to be stored with [`Keyring::insert`] before anything sealed with it.
    pub(crate) fn create(&self) -> Result<NewKey> {
        let id = self.environment.uuid().to_string();
        let mut bytes = [0; 32];
        self.environment.fill_random(&mut bytes);
        let wrapped = self.wrapping.seal(&*self.environment, self.place(&id), &bytes)?;
        Ok(NewKey { key: Arc::new(Key::new(id, &bytes)), wrapped })
    }

    /// Stores a new key, in the transaction that first uses it.
    pub(crate) async fn insert(&self, connection: &mut AnyConnection, new: &NewKey) -> Result<()> {
        sqlx::query(
            "INSERT INTO keys (id, master, format, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.key.id.clone())
        .bind(self.master.clone())
        .bind(FORMAT)
        .bind(new.wrapped.clone())
        .bind(self.environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// The key of this id. `Damaged` where it is not there or cannot be unwrapped.
    pub(crate) async fn get(&self, connection: &mut AnyConnection, id: &str) -> Result<Arc<Key>> {
        if let Some(key) = self.keys.get(id) {
            return Ok(key);
        }
        let row = sqlx::query("SELECT format, wrapped FROM keys WHERE id = $1")
            .bind(id)
            .fetch_optional(connection)
            .await
            .map_err(failure)?
            .ok_or(Error::Damaged)?;
        self.unwrap(id, &row)
    }

    /// Reads many keys by one statement, for whoever gets each of them next. One that cannot be unwrapped is left out.
    pub(crate) async fn load<'a>(
        &self,
        connection: &mut AnyConnection,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        let unknown: Vec<&str> =
            ids.into_iter().filter(|id| self.keys.get(*id).is_none()).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let (places, unknown) = any_of(unknown);
        let sql = format!("SELECT id, format, wrapped FROM keys WHERE id IN ({places})");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in unknown {
            query = query.bind(id);
        }
        for row in query.fetch_all(connection).await.map_err(failure)? {
            let id: String = row.try_get("id").map_err(failure)?;
            // Whoever gets it says what is wrong.
            let _ = self.unwrap(&id, &row);
        }
        Ok(())
    }

    fn unwrap(&self, id: &str, row: &AnyRow) -> Result<Arc<Key>> {
        let format: i64 = row.try_get("format").map_err(failure)?;
        let wrapped: Vec<u8> = row.try_get("wrapped").map_err(failure)?;
        let bytes = self.wrapping.open(format, self.place(id), &wrapped)?;
        let bytes = bytes.as_slice().try_into().map_err(|_| Error::Damaged)?;
        let key = Arc::new(Key::new(id.into(), bytes));
        self.keys.insert(id.into(), key.clone());
        Ok(key)
    }

    /// Destroys a key, at the end of the transaction that removes what it sealed. Its bytes are written over
    /// first: SQLite leaves those of a removed row in the file until the room is used again.
    pub(crate) async fn destroy(&self, connection: &mut AnyConnection, id: &str) -> Result<()> {
        let row = sqlx::query("SELECT wrapped FROM keys WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
        let Some(row) = row else { return Ok(()) };
        let wrapped: Vec<u8> = row.try_get("wrapped").map_err(failure)?;
        sqlx::query("UPDATE keys SET wrapped = $1 WHERE id = $2")
            .bind(vec![0_u8; wrapped.len()])
            .bind(id)
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        sqlx::query("DELETE FROM keys WHERE id = $1")
            .bind(id)
            .execute(connection)
            .await
            .map_err(failure)?;
        Ok(())
    }

    /// Forgets a key that was destroyed.
    pub(crate) fn forget(&self, id: &str) {
        self.keys.remove(id);
    }
}
