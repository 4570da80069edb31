//! Opening and closing the whole.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use holdfast_domain::id::IncarnationId;
use holdfast_domain::{Environment, Error, Result};
use sqlx::AnyConnection;

use crate::accounts::Passwords;
use crate::column::column;
use crate::database::{Database, failure};
use crate::documents::Documents;
use crate::keyring::Keyring;
use crate::log::{Compactor, Heads, Writer};
use crate::store::{Damaged, Store};
use crate::{MasterKey, OpenError, Settings};

/// What a backend is opened with.
pub struct Options {
    /// `sqlite:PATH` (made where there is none) or `postgres://...`.
    pub database_url: String,
    /// See [`MasterKey::load_or_create`].
    pub master_key: MasterKey,
    /// The clock and the random bytes.
    pub environment: Arc<dyn Environment>,
    /// Periods and sizes.
    pub settings: Settings,
}

/// Everything the server does, behind one handle that is cheap to clone.
#[derive(Clone)]
pub struct Backend {
    pub(crate) store: Arc<Store>,
    pub(crate) writer: Arc<Writer>,
    pub(crate) compactor: Arc<Compactor>,
}

impl Backend {
    /// Opens the database, brings its tables up to date and starts the writer. Inside a Tokio
    /// runtime.
    ///
    /// # Errors
    /// [`OpenError`], in words for the operator.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let Options { database_url, master_key, environment, settings } = options;
        let database = Database::open(&database_url, &settings).await?;
        let keyring = Keyring::new(&master_key, environment.clone());
        let incarnation = settle(&database, &master_key, &*environment).await?;
        let node = environment.uuid();
        let store = Arc::new(Store {
            database,
            keyring,
            environment,
            heads: Heads::new(settings.cached_sessions),
            documents: Documents::new(settings.cache_bytes),
            settings,
            token_key: master_key.derive("holdfast tokens"),
            shared_key: master_key.derive("holdfast shared keys"),
            email_key: master_key.derive("holdfast email addresses"),
            audit_key: master_key.derive("holdfast audit log"),
            passwords: Passwords::new()?,
            destroyed_key: master_key.derive("holdfast destroyed sessions"),
            node,
            incarnation: RwLock::new(incarnation),
            restored: AtomicBool::new(false),
            damaged: Damaged::default(),
        });
        let compactor = Arc::new(Compactor::start(store.clone()));
        let writer = Arc::new(Writer::start(store.clone(), compactor.clone()));
        Ok(Self { store, writer, compactor })
    }

    /// Finishes the saves that wait, then lets go of the database. Later calls are `Unavailable`.
    pub async fn close(&self) {
        self.writer.close().await;
        self.compactor.close().await;
        self.store.database.close().await;
    }

    /// Whether the database answers and the writer runs.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn healthy(&self) -> Result<()> {
        let mut connection = self.store.database.read().await?;
        let there = meta(&mut connection, "incarnation").await?.is_some();
        if there && self.writer.runs() && self.store.database.writes() {
            Ok(())
        } else {
            Err(Error::Unavailable)
        }
    }

    /// This life of the database.
    pub fn incarnation(&self) -> IncarnationId {
        self.store.incarnation()
    }

    /// Begins another life of the database; to be called once after it was brought back from a
    /// backup, before anybody saves. Clients then send what the backup did not have.
    ///
    /// # Errors
    /// `Unavailable`, `StorageFull`.
    pub async fn new_incarnation(&self) -> Result<IncarnationId> {
        let incarnation = IncarnationId::generate(&*self.store.environment);
        let mut write = self.store.database.write().await?;
        set_meta(write.connection()?, "incarnation", &incarnation.to_string()).await?;
        write.commit().await?;
        *self.store.incarnation.write().unwrap_or_else(PoisonError::into_inner) = incarnation;
        self.store.heads.clear();
        self.store.documents.clear();
        Ok(incarnation)
    }

    /// Now, by the server's clock.
    pub fn now_ms(&self) -> i64 {
        self.store.environment.now_ms()
    }

    /// How many stored parts were found damaged and set aside since the start.
    pub fn damaged_parts(&self) -> u64 {
        self.store.damaged.count()
    }
}

/// Checks the master key against the database, or makes the database this key's, and reads or
/// begins its life.
async fn settle(
    database: &Database,
    master_key: &MasterKey,
    environment: &dyn Environment,
) -> Result<IncarnationId, OpenError> {
    let unreadable = |error: Error| OpenError::Unreadable(error.to_string());
    let given = master_key.id();
    // Nothing is written where both are there: a full disk can be read.
    let mut connection = database.read().await.map_err(unreadable)?;
    let key = meta(&mut connection, "master_key").await.map_err(unreadable)?;
    let incarnation = meta(&mut connection, "incarnation").await.map_err(unreadable)?;
    drop(connection);
    if let (Some(key), Some(incarnation)) = (key, incarnation)
        && key == given
    {
        return incarnation.parse().map_err(unreadable);
    }
    let mut write = database.write().await.map_err(unreadable)?;
    let connection = write.connection().map_err(unreadable)?;
    // Another first start on the same database may have been quicker: what it wrote counts.
    let wanted = kept(connection, "master_key", &given).await.map_err(unreadable)?;
    if wanted != given {
        return Err(OpenError::WrongMasterKey { wanted, given });
    }
    let new = IncarnationId::generate(environment).to_string();
    let incarnation = kept(connection, "incarnation", &new).await.map_err(unreadable)?;
    let incarnation = incarnation.parse().map_err(unreadable)?;
    write.commit().await.map_err(unreadable)?;
    Ok(incarnation)
}

/// The value of this name; `first` becomes it where there is none.
async fn kept(connection: &mut AnyConnection, name: &str, first: &str) -> Result<String> {
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(first)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
    meta(connection, name).await?.ok_or(Error::Internal)
}

pub(crate) async fn meta(connection: &mut AnyConnection, name: &str) -> Result<Option<String>> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
    row.map(|row| column(&row, "value")).transpose()
}

pub(crate) async fn set_meta(
    connection: &mut AnyConnection,
    name: &str,
    value: &str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await
    .map_err(failure)?;
    Ok(())
}
