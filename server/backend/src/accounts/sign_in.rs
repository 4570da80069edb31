//! Signing in with an address and a password, and signing out.

use holdfast_domain::account::{GuestWork, check_email};
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::{AccountId, SignInId};
use holdfast_domain::limits::DEVICE_CHARS;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use super::row::{AccountRow, email_hash};
use super::sign_ins;
use crate::audit::Entry;
use crate::database::failure;
use crate::events::Topic;
use crate::identity::NewSignIn;
use crate::store::Store;
use crate::{Backend, Token, Visitor};

impl Backend {
    /// Signs a browser in; the answer is its new token. The one it had counts for nothing any more. `device` is
    /// what it says it is. With `keep` an account that is to be deleted stays.
    ///
    /// # Errors
    /// `WrongCredentials`, the same and as late for an unknown address and a wrong password; `RateLimited`,
    /// `AccountDisabled`, `AccountDeleting`, `StorageFull`, `Unavailable`.
    pub async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
        guest_work: GuestWork,
        device: &str,
        keep: bool,
    ) -> Result<Token> {
        let row = self.let_in(email, password, keep).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        if row.delete_at.is_some() {
            self.store.keep_account(connection, row.id).await?;
        }
        // A sign-in that has ended has nothing to bring.
        let before = self.store.account(connection, visitor).await.unwrap_or_default();
        let token = self.issue_token();
        self.store.new_sign_in(connection, &row, device, &token.hash()?).await?;
        if let Some(guest) = before.filter(|before| *before != row.id) {
            let is_guest = !AccountRow::get(connection, guest).await?.is_registered();
            if is_guest && guest_work == GuestWork::Bring {
                self.store.bring(connection, guest, row.id).await?;
            }
        }
        // The one before is left to the guest where that has work that was not brought along: it comes back to
        // it when the browser signs out.
        if before == Some(row.id) || guest_work == GuestWork::Bring {
            self.store.end_sign_in(connection, visitor.token_hash()?).await?;
        }
        let entry = Entry::of(row.id, AuditKind::SignedIn).detail(device);
        entry.write(&self.store, connection).await?;
        if let Some(before) = before {
            write.ring(Topic::Account(before));
        }
        write.commit().await?;
        if guest_work == GuestWork::Bring {
            // Whose the sessions' client ids are was in memory.
            self.store.heads.clear();
        }
        Ok(token)
    }

    /// Ends the visitor's sign-in; the answer is a token for whoever uses the browser next. A guest's stays:
    /// nobody could ever sign in to it again.
    ///
    /// # Errors
    /// `NotSignedIn`, `StorageFull`, `Unavailable`.
    pub async fn sign_out(&self, visitor: &Visitor) -> Result<Token> {
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let row = self.own_account(connection, visitor).await?;
        self.store.end_sign_in(connection, visitor.token_hash()?).await?;
        Entry::of(row.id, AuditKind::SignedOut).write(&self.store, connection).await?;
        write.ring(Topic::Account(row.id));
        write.commit().await?;
        Ok(self.issue_token())
    }

    /// The account with this address and this password, if it may be used.
    pub(super) async fn let_in(
        &self,
        email: &str,
        password: &str,
        keep: bool,
    ) -> Result<AccountRow> {
        let row = self.check(email, password).await?.ok_or(Error::WrongCredentials)?;
        match row.delete_at {
            _ if row.disabled_at.is_some() => Err(Error::AccountDisabled),
            // It is only still there because nobody has swept yet.
            Some(at_ms) if at_ms <= self.now_ms() => Err(Error::WrongCredentials),
            Some(at_ms) if !keep => Err(Error::AccountDeleting { at_ms }),
            _ => Ok(row),
        }
    }

    /// The account with this address and this password; `None`: there is none. Takes as long either way.
    pub(super) async fn check(&self, email: &str, password: &str) -> Result<Option<AccountRow>> {
        // An address of no form is nobody's.
        let email = check_email(email).unwrap_or_default();
        let hashed_email = email_hash(&self.store, &email);
        let mut write = self.store.database.write().await?;
        self.store.take_try(write.connection()?, &hashed_email).await?;
        let row = AccountRow::by_email(&self.store, write.connection()?, &email).await?;
        write.commit().await?;

        let hashed = row.as_ref().and_then(|row| row.password.as_deref());
        let right = self.store.passwords.verify(password, hashed).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        if right {
            self.store.forget_failures(connection, &hashed_email).await?;
        } else {
            let whose = row.as_ref().map(|row| row.id);
            Entry::of(whose, AuditKind::SignInFailed).write(&self.store, connection).await?;
        }
        write.commit().await?;
        Ok(row.filter(|_| right))
    }
}

impl Store {
    /// Writes a sign-in, by what it will be known by.
    pub(super) async fn new_sign_in(
        &self,
        connection: &mut AnyConnection,
        row: &AccountRow,
        device: &str,
        token_hash: &str,
    ) -> Result<SignInId> {
        let id = SignInId::generate(&*self.environment);
        self.new_sign_in_as(connection, row, device, id, token_hash).await?;
        Ok(id)
    }

    /// The same, under an id that is known before.
    pub(super) async fn new_sign_in_as(
        &self,
        connection: &mut AnyConnection,
        row: &AccountRow,
        device: &str,
        id: SignInId,
        token_hash: &str,
    ) -> Result<()> {
        let key = self.keyring.get(connection, &row.key).await?;
        let (owner, name) = (row.id.to_string(), id.to_string());
        let device: String = device.chars().take(DEVICE_CHARS).collect();
        let sealed =
            key.seal(&*self.environment, sign_ins::place(&owner, &name), device.as_bytes())?;
        let new = NewSignIn { token_hash, id, account: row.id, device: Some(sealed) };
        match new.insert(connection, self.environment.now_ms()).await? {
            true => Ok(()),
            false => Err(Error::Internal),
        }
    }

    /// Ends one sign-in.
    pub(super) async fn end_sign_in(
        &self,
        connection: &mut AnyConnection,
        token_hash: &str,
    ) -> Result<()> {
        sqlx::query("UPDATE sign_ins SET ended_at = $1 WHERE token_hash = $2 AND ended_at IS NULL")
            .bind(self.environment.now_ms())
            .bind(token_hash.to_owned())
            .execute(connection)
            .await
            .map_err(failure)?;
        Ok(())
    }

    /// Ends all sign-ins of an account but the one to keep; how many.
    pub(super) async fn end_sign_ins(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        keep: Option<&str>,
    ) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE sign_ins SET ended_at = $1 \
             WHERE account = $2 AND token_hash <> $3 AND ended_at IS NULL",
        )
        .bind(self.environment.now_ms())
        .bind(account.to_string())
        .bind(keep.unwrap_or_default().to_owned())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(done.rows_affected())
    }
}
