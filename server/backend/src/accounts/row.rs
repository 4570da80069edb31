//! A row of `accounts`.

use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::cipher::{FORMAT, Place};
use crate::column::{column, id};
use crate::database::failure;
use crate::hex;
use crate::master_key::hmac;
use crate::store::Store;

const SELECT: &str = "SELECT id, key, format, email, password, registered_at, disabled_at, delete_at, \
     created_at FROM accounts";

/// What is shown for an address that can no longer be read.
const UNREADABLE: &str = "?";

/// An account as it is stored.
#[derive(Clone, Debug)]
pub(super) struct AccountRow {
    pub(super) id: AccountId,
    /// Id of its key.
    pub(super) key: String,
    format: i64,
    email: Option<Vec<u8>>,
    /// A PHC string.
    pub(super) password: Option<String>,
    registered_at: Option<i64>,
    pub(super) disabled_at: Option<i64>,
    /// When it is to be deleted.
    pub(super) delete_at: Option<i64>,
    pub(super) created_at: i64,
}

impl AccountRow {
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            id: id(row, "id")?,
            key: column(row, "key")?,
            format: column(row, "format")?,
            email: column(row, "email")?,
            password: column(row, "password")?,
            registered_at: column(row, "registered_at")?,
            disabled_at: column(row, "disabled_at")?,
            delete_at: column(row, "delete_at")?,
            created_at: column(row, "created_at")?,
        })
    }

    pub(super) async fn get(connection: &mut AnyConnection, account: AccountId) -> Result<Self> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(account.to_string())
            .fetch_one(connection)
            .await
            .map_err(failure)?;
        Self::read(&row)
    }

    /// The one with this address, in its one form.
    pub(super) async fn by_email(
        store: &Store,
        connection: &mut AnyConnection,
        email: &str,
    ) -> Result<Option<Self>> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE email_hash = $1")))
            .bind(email_hash(store, email))
            .fetch_optional(connection)
            .await
            .map_err(failure)?;
        row.as_ref().map(Self::read).transpose()
    }

    /// All that have an address, in the order in which they registered.
    pub(super) async fn registered(connection: &mut AnyConnection) -> Result<Vec<Self>> {
        let sql = format!("{SELECT} WHERE registered_at IS NOT NULL ORDER BY registered_at, id");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.map_err(failure)?;
        rows.iter().map(Self::read).collect()
    }

    pub(super) fn is_registered(&self) -> bool {
        self.registered_at.is_some()
    }

    /// The address; one that is damaged is shown as a question mark.
    pub(super) async fn email(
        &self,
        store: &Store,
        connection: &mut AnyConnection,
    ) -> Result<String> {
        let Some(sealed) = &self.email else { return Err(Error::Internal) };
        let key = match store.keyring.get(connection, &self.key).await {
            Ok(key) => key,
            Err(Error::Damaged) => return Ok(UNREADABLE.into()),
            Err(error) => return Err(error),
        };
        let owner = self.id.to_string();
        let plain = key.open(self.format, place(&owner), sealed).ok();
        Ok(plain.and_then(|plain| String::from_utf8(plain).ok()).unwrap_or_else(|| {
            store.damaged.report("accounts", &owner);
            UNREADABLE.into()
        }))
    }

    /// Gives the account an address and a password; `InvalidValue` where the address is somebody's.
    pub(super) async fn register(
        store: &Store,
        connection: &mut AnyConnection,
        account: AccountId,
        email: &str,
        password: &str,
    ) -> Result<()> {
        let there = Self::by_email(store, connection, email).await?;
        let row = Self::get(connection, account).await?;
        if there.is_some() {
            return Err(taken());
        }
        let key = store.keyring.get(connection, &row.key).await?;
        let owner = account.to_string();
        let sealed = key.seal(&*store.environment, place(&owner), email.as_bytes())?;
        let done = sqlx::query(
            "UPDATE accounts SET email_hash = $1, format = $2, email = $3, password = $4, \
             registered_at = $5 WHERE id = $6 AND registered_at IS NULL",
        )
        .bind(email_hash(store, email))
        .bind(FORMAT)
        .bind(sealed)
        .bind(password.to_owned())
        .bind(store.environment.now_ms())
        .bind(owner)
        .execute(connection)
        .await;
        match done {
            Ok(done) if done.rows_affected() == 1 => Ok(()),
            // Two tabs registered at once.
            Ok(_) => Err(Error::Conflict { reason: "You have registered already.".into() }),
            // Another node was quicker.
            Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => Err(taken()),
            Err(cause) => Err(failure(cause)),
        }
    }
}

fn taken() -> Error {
    Error::InvalidValue {
        field: "email".into(),
        reason: "There is an account with this address already. Sign in instead.".into(),
    }
}

fn place(account: &str) -> Place<'_> {
    Place { table: "accounts", owner: account, id: account }
}

/// Finds an address without saying it.
pub(super) fn email_hash(store: &Store, email: &str) -> String {
    hex::encode(&hmac(&store.email_key, email.as_bytes()))
}

impl Store {
    /// The address of an account; a guest has none.
    pub(crate) async fn email_of(
        &self,
        connection: &mut AnyConnection,
        account: Option<AccountId>,
    ) -> Result<Option<String>> {
        let Some(account) = account else { return Ok(None) };
        let row = AccountRow::get(connection, account).await?;
        match row.is_registered() {
            true => row.email(self, connection).await.map(Some),
            false => Ok(None),
        }
    }
}
