//! A master key as far as it wraps other keys, and how a server that knows one gets to know the next.

use holdfast_domain::{Environment, Error, Result};
use secrecy::{ExposeSecret, SecretBox};
use sqlx::AnyConnection;

use crate::MasterKey;
use crate::cipher::{FORMAT, Key, Place};
use crate::column::column;
use crate::database::failure;

/// It wraps; nothing else of the master key is needed while a server runs.
pub(crate) struct Master {
    pub(crate) id: String,
    bytes: SecretBox<[u8; 32]>,
    key: Key,
}

impl Master {
    pub(crate) fn of(master_key: &MasterKey) -> Self {
        let bytes = SecretBox::new(Box::new(master_key.derive("holdfast key wrapping")));
        Self::new(master_key.id(), bytes)
    }

    fn new(id: String, bytes: SecretBox<[u8; 32]>) -> Self {
        let key = Key::new(String::new(), bytes.expose_secret());
        Self { id, bytes, key }
    }

    /// A key as it stands in its row of `keys`.
    pub(crate) fn wrap(
        &self,
        environment: &dyn Environment,
        id: &str,
        bytes: &[u8; 32],
    ) -> Result<Vec<u8>> {
        self.key.seal(environment, Place { table: "keys", owner: &self.id, id }, bytes)
    }

    /// The key of such a row; `Damaged` where it is another's.
    pub(crate) fn unwrap(
        &self,
        format: i64,
        id: &str,
        wrapped: &[u8],
    ) -> Result<SecretBox<[u8; 32]>> {
        let place = Place { table: "keys", owner: &self.id, id };
        secret(self.key.open(format, place, wrapped)?)
    }

    /// What the next one wraps with, for those that know this one only.
    pub(crate) fn bridge(&self, environment: &dyn Environment, next: &Self) -> Result<Vec<u8>> {
        let place = Place { table: "rotations", owner: &self.id, id: &next.id };
        self.key.seal(environment, place, next.bytes.expose_secret())
    }
}

/// From one master key to the next, as it stands in `rotations`.
pub(crate) struct Bridge {
    pub(crate) master: String,
    pub(crate) previous: String,
    format: i64,
    wrapped: Vec<u8>,
}

impl Bridge {
    /// All that can still be gone.
    pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<Self>> {
        let rows = sqlx::query(
            "SELECT master, previous, format, wrapped FROM rotations WHERE wrapped IS NOT NULL",
        )
        .fetch_all(connection)
        .await
        .map_err(failure)?;
        let read = |row| {
            Ok(Self {
                master: column(row, "master")?,
                previous: column(row, "previous")?,
                format: column(row, "format")?,
                wrapped: column(row, "wrapped")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The next one.
    pub(super) fn open(&self, previous: &Master) -> Result<Master> {
        let place = Place { table: "rotations", owner: &previous.id, id: &self.master };
        let bytes = secret(previous.key.open(self.format, place, &self.wrapped)?)?;
        Ok(Master::new(self.master.clone(), bytes))
    }

    /// Begins one.
    pub(crate) async fn insert(
        environment: &dyn Environment,
        connection: &mut AnyConnection,
        previous: &Master,
        next: &Master,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO rotations (master, previous, format, wrapped, started_at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (master) DO UPDATE SET format = excluded.format, wrapped = excluded.wrapped",
        )
        .bind(next.id.clone())
        .bind(previous.id.clone())
        .bind(FORMAT)
        .bind(previous.bridge(environment, next)?)
        .bind(environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }
}

fn secret(bytes: Vec<u8>) -> Result<SecretBox<[u8; 32]>> {
    let bytes: Box<[u8; 32]> = bytes.into_boxed_slice().try_into().map_err(|_| Error::Damaged)?;
    Ok(SecretBox::new(bytes))
}
