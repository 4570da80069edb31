//! A new password by a link that works once and for a while (SEC-1). Whoever has the link has the account: it goes
//! to the account's address, or is handed over by an operator.

use holdfast_domain::account::{check_email, check_password};
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::row::{AccountRow, email_hash};
use crate::audit::Entry;
use crate::column::{column, id};
use crate::database::failure;
use crate::events::Topic;
use crate::{Backend, Token, Visitor, hex};

/// Links that work at a time; the oldest one goes for a new one.
const AT_ONCE: i64 = 5;

/// A link that was made.
#[derive(Clone, Debug)]
pub struct ResetLink {
    /// What the link has to carry.
    pub token: SecretString,
    /// The address it belongs to.
    pub email: String,
    /// Until when it works, server milliseconds since the Unix epoch.
    pub expires_at_ms: i64,
}

/// What a link sets.
pub struct NewPassword<'a> {
    /// What the link carried.
    pub token: &'a str,
    /// The new password.
    pub password: &'a str,
    /// What the browser says it is.
    pub device: &'a str,
}

impl Backend {
    /// Makes a link for the account with this address; `None` where there is none.
    ///
    /// # Errors
    /// `InvalidValue` of `email`, `StorageFull`, `Unavailable`.
    pub async fn reset_link(&self, email: &str) -> Result<Option<ResetLink>> {
        let email = check_email(email)?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let row = AccountRow::by_email(&self.store, connection, &email).await?;
        let usable = |row: &AccountRow| row.disabled_at.is_none() && row.delete_at.is_none();
        let Some(row) = row.filter(usable) else { return Ok(None) };
        let mut bytes = [0; 32];
        self.store.environment.fill_random(&mut bytes);
        let token = hex::encode(&bytes);
        let now = self.now_ms();
        let hours = i64::from(self.store.settings.reset_link_hours);
        let expires_at_ms = now + hours * 60 * 60 * 1000;
        sqlx::query(
            "INSERT INTO password_resets (token_hash, account, created_at, expires_at) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(hash(&token))
        .bind(row.id.to_string())
        .bind(now)
        .bind(expires_at_ms)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        drop_oldest(connection, row.id).await?;
        Entry::of(row.id, AuditKind::ResetAsked).write(&self.store, connection).await?;
        write.commit().await?;
        Ok(Some(ResetLink { token: token.into(), email, expires_at_ms }))
    }

    /// Sets a new password by a link, ends every sign-in of the account and signs this browser in; the answer is
    /// its new token.
    ///
    /// # Errors
    /// `LinkExpired`, `InvalidValue` of `password`, `AccountDisabled`, `RateLimited`, `StorageFull`,
    /// `Unavailable`. The link still works after every error.
    pub async fn reset_password(&self, visitor: &Visitor, new: NewPassword<'_>) -> Result<Token> {
        check_password("password", new.password)?;
        let mut connection = self.store.database.read().await?;
        let account = self.find_link(&mut connection, new.token).await?;
        drop(connection);
        let hashed = self.store.passwords.hash(new.password).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        self.use_link(connection, new.token).await?;
        let row = AccountRow::get(connection, account).await?;
        if row.disabled_at.is_some() {
            return Err(Error::AccountDisabled);
        }
        // Who wants to keep it signs in with the password it has.
        if row.delete_at.is_some() {
            return Err(Error::LinkExpired);
        }
        self.store.set_password(connection, &row, &hashed).await?;
        self.store.end_sign_ins(connection, row.id, None).await?;
        let email = row.email(&self.store, connection).await?;
        self.store.forget_failures(connection, &email_hash(&self.store, &email)).await?;
        let token = self.issue_token();
        self.store.new_sign_in(connection, &row, new.device, &token.hash()?).await?;
        if self.store.account(connection, visitor).await == Ok(Some(row.id)) {
            self.store.end_sign_in(connection, visitor.token_hash()?).await?;
        }
        let entry = Entry::of(row.id, AuditKind::PasswordReset).detail(new.device);
        entry.write(&self.store, connection).await?;
        write.ring(Topic::Account(row.id));
        write.commit().await?;
        Ok(token)
    }

    async fn find_link(&self, connection: &mut AnyConnection, token: &str) -> Result<AccountId> {
        let row = sqlx::query(
            "SELECT account FROM password_resets \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(hash(token))
        .bind(self.now_ms())
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
        row.map_or(Err(Error::LinkExpired), |row| id(&row, "account"))
    }

    /// Once: who is second finds it used.
    async fn use_link(&self, connection: &mut AnyConnection, token: &str) -> Result<()> {
        let done = sqlx::query(
            "UPDATE password_resets SET used_at = $1 \
             WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1",
        )
        .bind(self.now_ms())
        .bind(hash(token))
        .execute(connection)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(Error::LinkExpired) }
    }
}

impl ResetLink {
    /// The path and query of the page that sets the new password. A fragment would stay with the browser, but a
    /// page without JavaScript could not read it.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/reset?token={}", self.token.expose_secret())
    }
}

async fn drop_oldest(connection: &mut AnyConnection, account: AccountId) -> Result<()> {
    let rows = sqlx::query(
        "SELECT token_hash FROM password_resets WHERE account = $1 AND used_at IS NULL \
         ORDER BY created_at DESC LIMIT 100",
    )
    .bind(account.to_string())
    .fetch_all(&mut *connection)
    .await
    .map_err(failure)?;
    for row in rows.iter().skip(usize::try_from(AT_ONCE).unwrap_or(0)) {
        sqlx::query("DELETE FROM password_resets WHERE token_hash = $1")
            .bind(column::<String>(row, "token_hash")?)
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
    }
    Ok(())
}

fn hash(token: &str) -> String {
    hex::encode(&Sha256::digest(token))
}
