//! Opening and closing the whole.

mod settle;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use holdfast_domain::id::IncarnationId;
use holdfast_domain::{Environment, Error, Result};
use sqlx::AnyConnection;

use crate::accounts::Passwords;
use crate::column::column;
use crate::creations::Creations;
use crate::database::{Database, failure};
use crate::documents::Documents;
use crate::events::Elsewhere;
use crate::jobs::Workers;
use crate::keyring::Keyring;
use crate::locations::Locations;
use crate::log::{Compactor, Heads, Writer};
use crate::store::{Damaged, Store};
use crate::{Location, MasterKey, OpenError, Settings};

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
    /// Places that people may work with.
    pub locations: Vec<Location>,
}

/// Everything the server does, behind one handle that is cheap to clone.
#[derive(Clone)]
pub struct Backend {
    pub(crate) store: Arc<Store>,
    pub(crate) writer: Arc<Writer>,
    pub(crate) compactor: Arc<Compactor>,
    pub(crate) elsewhere: Arc<Elsewhere>,
    pub(crate) workers: Arc<Workers>,
}

impl Backend {
    /// Opens the database, brings its tables up to date and starts the writer. Inside a Tokio
    /// runtime.
    ///
    /// # Errors
    /// [`OpenError`], in words for the operator.
    pub async fn open(options: Options) -> Result<Self, OpenError> {
        let Options { database_url, master_key, environment, settings, locations } = options;
        settle::check(&database_url, &master_key).await?;
        let database = Database::open(&database_url, &settings).await?;
        let damaged = Arc::<Damaged>::default();
        let keyring =
            Keyring::new(&master_key, database.dialect, environment.clone(), damaged.clone());
        let (incarnation, purposes) =
            settle::settle(&database, &keyring, &master_key, &*environment).await?;
        let node = environment.uuid();
        let store = Arc::new(Store {
            database,
            keyring,
            environment,
            heads: Heads::new(settings.cached_sessions),
            documents: Documents::new(settings.cache_bytes),
            creations: Creations::per_hour(settings.new_sessions_per_hour),
            settings,
            locations: Locations::new(locations),
            token_key: purposes.tokens,
            shared_key: purposes.shared,
            email_key: purposes.emails,
            audit_key: purposes.audit,
            passwords: Passwords::new()?,
            destroyed_key: purposes.destroyed,
            node,
            incarnation: RwLock::new(incarnation),
            restored: AtomicBool::new(false),
            damaged,
        });
        let compactor = Arc::new(Compactor::start(store.clone()));
        let writer = Arc::new(Writer::start(store.clone(), compactor.clone()));
        let every = store.database.dialect.look_elsewhere();
        let elsewhere = Arc::new(Elsewhere::start(Arc::downgrade(&store), every));
        Ok(Self { store, writer, compactor, elsewhere, workers: Arc::default() })
    }

    /// Finishes the saves that wait, then lets go of the database. Later calls are `Unavailable`.
    pub async fn close(&self) {
        self.end_watching();
        self.elsewhere.close();
        self.workers.close().await;
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

    /// Table and row of each of them.
    pub fn damaged(&self) -> Vec<(&'static str, String)> {
        self.store.damaged.all()
    }
}

/// The value of this name; `first` becomes it where there is none, which the second value says.
async fn kept(connection: &mut AnyConnection, name: &str, first: &str) -> Result<(String, bool)> {
    let done =
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(first)
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
    let value = meta(connection, name).await?.ok_or(Error::Internal)?;
    Ok((value, done.rows_affected() == 1))
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
