//! The keys of sessions, accounts and purposes: made once, wrapped by a master key, unwrapped when needed.
//!
//! While the master key changes, some rows are wrapped by the one and some by the other: each says by which.

mod master;
mod purpose;

use std::sync::{Arc, PoisonError, RwLock};

use holdfast_domain::{Environment, Error, Result};
use quick_cache::sync::Cache;
use secrecy::{ExposeSecret, SecretBox};
use sqlx::AnyConnection;

use crate::MasterKey;
use crate::backend::meta;
use crate::cipher::{FORMAT, Key};
use crate::column::column;
use crate::database::{Dialect, failure};
use crate::store::Damaged;
pub(crate) use master::{Bridge, Master};
pub(crate) use purpose::Purposes;

/// In `meta`: the master key that the database is opened with...
pub(crate) const MASTER_KEY: &str = "master_key";
/// ...and the one that wraps new keys: the next one while they change.
pub(crate) const WRAPPING_KEY: &str = "wrapping_key";

/// Unwrapped keys kept in memory.
const CACHED: usize = 20_000;

/// Makes, wraps, stores and finds keys.
pub(crate) struct Keyring {
    dialect: Dialect,
    environment: Arc<dyn Environment>,
    /// The one it was opened with, and those that came after it.
    masters: RwLock<Vec<Arc<Master>>>,
    keys: Cache<String, Arc<Key>>,
    damaged: Arc<Damaged>,
}

/// A key that is in no row yet.
#[derive(Clone)]
pub(crate) struct NewKey {
    pub(crate) key: Arc<Key>,
    bytes: Arc<SecretBox<[u8; 32]>>,
}

impl Keyring {
    pub(crate) fn new(
        master_key: &MasterKey,
        dialect: Dialect,
        environment: Arc<dyn Environment>,
        damaged: Arc<Damaged>,
    ) -> Self {
        Self {
            dialect,
            environment,
            masters: RwLock::new(vec![Arc::new(Master::of(master_key))]),
            keys: Cache::new(CACHED),
            damaged,
        }
    }

    /// A new random key, to be stored with [`Keyring::insert`] before anything sealed with it.
    pub(crate) fn create(&self) -> NewKey {
        let mut bytes = Box::new([0; 32]);
        self.environment.fill_random(&mut *bytes);
        let key = Arc::new(Key::new(self.environment.uuid().to_string(), &bytes));
        NewKey { key, bytes: Arc::new(SecretBox::new(bytes)) }
    }

    /// Stores a new key, in the transaction that first uses it.
    pub(crate) async fn insert(&self, connection: &mut AnyConnection, new: &NewKey) -> Result<()> {
        let master = self.wrapping(connection).await?;
        self.insert_row(connection, &master, &new.key.id, new.bytes.expose_secret()).await
    }

    async fn insert_row(
        &self,
        connection: &mut AnyConnection,
        master: &Master,
        id: &str,
        bytes: &[u8; 32],
    ) -> Result<()> {
        let wrapped = master.wrap(&*self.environment, id, bytes)?;
        sqlx::query(
            "INSERT INTO keys (id, master, format, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(master.id.clone())
        .bind(FORMAT)
        .bind(wrapped)
        .bind(self.environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// What wraps new keys. It is asked in the transaction that stores one, and stays so until that ends: whoever
    /// changes it waits, so that no key is stored under one that was left.
    async fn wrapping(&self, connection: &mut AnyConnection) -> Result<Arc<Master>> {
        let sql = format!("SELECT value FROM meta WHERE name = $1{}", self.dialect.hold());
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(WRAPPING_KEY)
            .fetch_one(&mut *connection)
            .await
            .map_err(failure)?;
        self.master(connection, &column::<String>(&row, "value")?).await
    }

    /// The key of this id. `Damaged` where it is not there or cannot be unwrapped.
    pub(crate) async fn get(&self, connection: &mut AnyConnection, id: &str) -> Result<Arc<Key>> {
        if let Some(key) = self.keys.get(id) {
            return Ok(key);
        }
        let bytes = self.unwrapped(connection, id).await?;
        let key = Arc::new(Key::new(id.into(), bytes.expose_secret()));
        self.keys.insert(id.into(), key.clone());
        Ok(key)
    }

    async fn unwrapped(
        &self,
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<SecretBox<[u8; 32]>> {
        let row = sqlx::query("SELECT master, format, wrapped FROM keys WHERE id = $1")
            .bind(id)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?
            // Not reported: what it belonged to may have been destroyed meanwhile.
            .ok_or(Error::Damaged)?;
        let master = self.master(connection, &column::<String>(&row, "master")?).await;
        let wrapped: Vec<u8> = column(&row, "wrapped")?;
        let format = column(&row, "format")?;
        let bytes = master.and_then(|master| master.unwrap(format, id, &wrapped));
        bytes.inspect_err(|error| {
            if *error == Error::Damaged {
                self.damaged.report("keys", id);
            }
        })
    }

    /// A master key by its id, learned from the database where it came after those that are known.
    pub(crate) async fn master(
        &self,
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Arc<Master>> {
        if let Some(master) = self.known(id) {
            return Ok(master);
        }
        self.follow(connection).await?;
        if let Some(master) = self.known(id) {
            return Ok(master);
        }
        // Whoever knows the newest one has left those that wrap nothing any more: this row was left behind damaged.
        match meta(connection, MASTER_KEY).await? {
            Some(newest) if self.known(&newest).is_some() => Err(Error::Damaged),
            _ => {
                let wanted = id;
                tracing::error!(wanted, "the master key was changed: start again with the new one");
                Err(Error::Unavailable)
            }
        }
    }

    /// Learns the master keys that came after those that are known. A server that does so from time to time goes
    /// on when the master key changes.
    pub(crate) async fn follow(&self, connection: &mut AnyConnection) -> Result<()> {
        let mut bridges = Bridge::all(connection).await?;
        bridges.retain(|bridge| self.known(&bridge.master).is_none());
        let next = |bridges: &[Bridge]| {
            bridges.iter().enumerate().find_map(|(at, bridge)| {
                self.known(&bridge.previous).map(|previous| (at, previous))
            })
        };
        while let Some((at, previous)) = next(&bridges) {
            let bridge = bridges.swap_remove(at);
            match bridge.open(&previous) {
                Ok(master) => self.learn(Arc::new(master)),
                Err(_) => self.damaged.report("rotations", &bridge.master),
            }
        }
        Ok(())
    }

    /// From now on this one unwraps too.
    pub(crate) fn learn(&self, master: Arc<Master>) {
        if self.known(&master.id).is_none() {
            self.masters.write().unwrap_or_else(PoisonError::into_inner).push(master);
        }
    }

    fn known(&self, id: &str) -> Option<Arc<Master>> {
        let masters = self.masters.read().unwrap_or_else(PoisonError::into_inner);
        masters.iter().find(|master| master.id == id).cloned()
    }

    /// Destroys a key, at the end of the transaction that removes what it sealed. Its bytes are written over
    /// first: SQLite leaves those of a removed row in the file until the room is used again.
    pub(crate) async fn destroy(&self, connection: &mut AnyConnection, id: &str) -> Result<()> {
        let sql = format!("SELECT wrapped FROM keys WHERE id = $1{}", self.dialect.lock());
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
        let Some(row) = row else { return Ok(()) };
        let wrapped: Vec<u8> = column(&row, "wrapped")?;
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
