//! Tokens of API clients (SEC-2): a JWT for some minutes, which names a sign-in that is looked up with everything that
//! is done, so that ending it counts at once; and a token to exchange for the next pair.

mod access;
mod refresh;

use holdfast_domain::account::{Tokens, check_email, check_password};
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::SignInId;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use super::row::AccountRow;
use crate::audit::Entry;
use crate::{Backend, Visitor};

/// What a program's sign-in is known by, where a browser's is known by the hash of its token.
fn known_by(sign_in: SignInId) -> String {
    format!("client:{sign_in}")
}

impl Backend {
    /// Signs a program in. `device` is what it says it is.
    ///
    /// # Errors
    /// As [`Backend::sign_in`].
    pub async fn sign_in_client(
        &self,
        email: &str,
        password: &str,
        device: &str,
    ) -> Result<Tokens> {
        let row = self.let_in(email, password, false).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let tokens = self.new_client(connection, &row, device).await?;
        let entry = Entry::of(row.id, AuditKind::SignedIn).detail(device);
        entry.write(&self.store, connection).await?;
        write.commit().await?;
        Ok(tokens)
    }

    /// Makes an account for a program, and signs it in.
    ///
    /// # Errors
    /// `InvalidValue` of `email` or `password`, `RateLimited`, `StorageFull`, `Unavailable`.
    pub async fn register_client(
        &self,
        email: &str,
        password: &str,
        device: &str,
    ) -> Result<Tokens> {
        let email = check_email(email)?;
        check_password("password", password)?;
        let hashed = self.store.passwords.hash(password).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.store.create_account(connection).await?;
        AccountRow::register(&self.store, connection, account, &email, &hashed).await?;
        let row = AccountRow::get(connection, account).await?;
        let tokens = self.new_client(connection, &row, device).await?;
        let entry = Entry::of(account, AuditKind::Registered).detail(device);
        entry.write(&self.store, connection).await?;
        write.commit().await?;
        Ok(tokens)
    }

    /// Who a program is, by its access token. Nothing is read.
    ///
    /// # Errors
    /// `NotSignedIn` for a token that is not ours, or over.
    pub fn client(&self, access_token: &str) -> Result<Visitor> {
        let sign_in = self.read_access_token(access_token).ok_or(Error::NotSignedIn)?;
        Ok(Visitor::of_client(known_by(sign_in)))
    }

    async fn new_client(
        &self,
        connection: &mut AnyConnection,
        row: &AccountRow,
        device: &str,
    ) -> Result<Tokens> {
        let sign_in = SignInId::generate(&*self.store.environment);
        let known_by = known_by(sign_in);
        self.store.new_sign_in_as(connection, row, device, sign_in, &known_by).await?;
        self.new_tokens(connection, sign_in).await
    }
}
