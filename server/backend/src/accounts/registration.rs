//! A guest becomes somebody, and keeps everything (SEC-1).

use holdfast_domain::Result;
use holdfast_domain::account::{check_email, check_password};
use holdfast_domain::audit::AuditKind;

use super::row::AccountRow;
use crate::audit::Entry;
use crate::events::Topic;
use crate::{Backend, Token, Visitor};

impl Backend {
    /// Gives a guest's account an address and a password. The answer is the browser's new token; the one it
    /// had counts for nothing any more.
    ///
    /// # Errors
    /// `InvalidValue` of `email` or `password`, `Conflict` where the visitor is somebody already, `RateLimited`,
    /// `StorageFull`, `Unavailable`.
    pub async fn register(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
        device: &str,
    ) -> Result<Token> {
        let email = check_email(email)?;
        check_password("password", password)?;
        let hashed = self.store.passwords.hash(password).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.store.ensure_account(connection, visitor).await?;
        AccountRow::register(&self.store, connection, account, &email, &hashed).await?;
        // Whoever could have planted the guest's token has no part in the account.
        self.store.end_sign_ins(connection, account, None).await?;
        let row = AccountRow::get(connection, account).await?;
        let token = self.issue_token();
        self.store.new_sign_in(connection, &row, device, &token.hash()?).await?;
        let entry = Entry::of(account, AuditKind::Registered).detail(device);
        entry.write(&self.store, connection).await?;
        write.ring(Topic::Account(account));
        write.commit().await?;
        Ok(token)
    }
}
