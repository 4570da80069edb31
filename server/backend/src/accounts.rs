//! Accounts: registering, signing in and out, passwords, signed-in browsers, deletion, and what an operator does
//! (SEC-1, SEC-2, SEC-6).

mod bring;
mod deletion;
mod empty;
mod operator;
mod password;
mod registration;
mod reset;
mod row;
mod sign_in;
mod sign_ins;
mod throttle;
mod tokens;

use holdfast_domain::account::Account;
use holdfast_domain::{Error, Result};

use crate::{Backend, Visitor};
pub use operator::{User, UserState};
pub(crate) use password::Passwords;
pub use reset::{NewPassword, ResetLink};
use row::AccountRow;

impl Backend {
    /// Who asks; `None` for a guest. Notes that the sign-in is in use.
    ///
    /// # Errors
    /// `NotSignedIn` where the sign-in has ended, `AccountDisabled`, `OtherAccount`, `Unavailable`.
    pub async fn who(&self, visitor: &Visitor) -> Result<Option<Account>> {
        let mut connection = self.store.database.read().await?;
        let Some(id) = self.store.account(&mut connection, visitor).await? else { return Ok(None) };
        let row = AccountRow::get(&mut connection, id).await?;
        let account = match row.is_registered() {
            true => Some(Account { id, email: row.email(&self.store, &mut connection).await? }),
            false => None,
        };
        drop(connection);
        self.note_use(visitor).await;
        Ok(account)
    }

    /// The visitor's own account; a guest has none.
    async fn own_account(
        &self,
        connection: &mut sqlx::AnyConnection,
        visitor: &Visitor,
    ) -> Result<AccountRow> {
        let id = self.store.account(connection, visitor).await?.ok_or(Error::NotSignedIn)?;
        let row = AccountRow::get(connection, id).await?;
        if row.is_registered() { Ok(row) } else { Err(Error::NotSignedIn) }
    }
}
