//! What an operator does with accounts, by the command line.

use holdfast_domain::account::{check_email, check_password};
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};

use super::row::AccountRow;
use crate::Backend;
use crate::audit::Entry;
use crate::database::failure;
use crate::events::Topic;

/// An account in an operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The account.
    pub id: AccountId,
    /// Its address.
    pub email: String,
    /// When it began, as a guest perhaps; server milliseconds since the Unix epoch.
    pub created_at_ms: i64,
    /// Whether it can be used.
    pub state: UserState,
}

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// It can.
    Active,
    /// An operator keeps it from being used.
    Disabled,
    /// It is deleted at this time, server milliseconds since the Unix epoch.
    Deleting(i64),
}

impl Backend {
    /// Everybody with an address, in the order in which they registered.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn users(&self) -> Result<Vec<User>> {
        let mut connection = self.store.database.read().await?;
        let rows = AccountRow::registered(&mut connection).await?;
        let mut users = Vec::with_capacity(rows.len());
        for row in rows {
            users.push(User {
                id: row.id,
                email: row.email(&self.store, &mut connection).await?,
                created_at_ms: row.created_at,
                state: match (row.disabled_at, row.delete_at) {
                    (Some(_), _) => UserState::Disabled,
                    (None, Some(at_ms)) => UserState::Deleting(at_ms),
                    (None, None) => UserState::Active,
                },
            });
        }
        Ok(users)
    }

    /// Makes an account.
    ///
    /// # Errors
    /// `InvalidValue` of `email` or `password`, `StorageFull`, `Unavailable`.
    pub async fn create_user(&self, email: &str, password: &str) -> Result<AccountId> {
        let email = check_email(email)?;
        check_password("password", password)?;
        let hashed = self.store.passwords.hash(password).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.store.create_account(connection).await?;
        AccountRow::register(&self.store, connection, account, &email, &hashed).await?;
        Entry::of(account, AuditKind::Registered).write(&self.store, connection).await?;
        write.commit().await?;
        Ok(account)
    }

    /// Keeps an account from being used, and ends its sign-ins; or lets it be used again.
    ///
    /// # Errors
    /// `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn disable_user(&self, email: &str, disabled: bool) -> Result<()> {
        let email = check_email(email)?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let row = AccountRow::by_email(&self.store, connection, &email).await?;
        let row = row.ok_or(Error::NotFound)?;
        if row.disabled_at.is_some() == disabled {
            return Ok(());
        }
        sqlx::query("UPDATE accounts SET disabled_at = $1 WHERE id = $2")
            .bind(disabled.then(|| self.now_ms()))
            .bind(row.id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        let kind = match disabled {
            true => AuditKind::AccountDisabled,
            false => AuditKind::AccountEnabled,
        };
        Entry::of(row.id, kind).write(&self.store, connection).await?;
        write.ring(Topic::Account(row.id));
        write.commit().await
    }
}
