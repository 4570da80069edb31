//! The accounts behind visitors, and how a visitor gets one.

use std::collections::{BTreeSet, HashMap};

use holdfast_domain::account::PageOf;
use holdfast_domain::id::{AccountId, SignInId};
use holdfast_domain::{Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{Visitor, Who};
use crate::column::{column, id};
use crate::creations::By;
use crate::database::{any_of, failure};
use crate::store::Store;

/// The sign-in of a token that is in the database.
#[derive(Clone, Copy)]
struct Known {
    account: AccountId,
    registered: bool,
    ended: bool,
    disabled: bool,
}

impl Known {
    fn read(row: &AnyRow) -> Result<Self> {
        let is_set = |name: &str| Ok(column::<Option<i64>>(row, name)?.is_some());
        Ok(Self {
            account: id(row, "account")?,
            registered: is_set("registered_at")?,
            // An account that goes has no sign-ins any more.
            ended: is_set("ended_at")? || is_set("delete_at")?,
            disabled: is_set("disabled_at")?,
        })
    }

    fn page(self) -> PageOf {
        self.registered.then_some(self.account).into()
    }
}

/// The accounts of several visitors.
#[derive(Default)]
pub(crate) struct Accounts(HashMap<String, Known>);

impl Accounts {
    /// `None`: somebody who has written nothing yet.
    ///
    /// # Errors
    /// `NotSignedIn` for a sign-in that has ended, or from the page of an account where the browser has none;
    /// `AccountDisabled`; `OtherAccount` from the page of somebody else.
    pub(crate) fn get(&self, visitor: &Visitor) -> Result<Option<AccountId>> {
        let known = match &visitor.who {
            Who::Account(account) => return Ok(Some(*account)),
            Who::Token(hash) => self.0.get(hash),
            // A program is nobody's guest.
            Who::Client(hash) => Some(self.0.get(hash).ok_or(Error::NotSignedIn)?),
        };
        if known.is_some_and(|known| known.ended) {
            return Err(Error::NotSignedIn);
        }
        let here = known.map_or(PageOf::Guest, |known| known.page());
        match (visitor.page, here) {
            (Some(page), here) if page == here => {}
            (None, _) => {}
            (Some(_), PageOf::Guest) => return Err(Error::NotSignedIn),
            (Some(_), PageOf::Account(_)) => return Err(Error::OtherAccount),
        }
        if known.is_some_and(|known| known.disabled) {
            return Err(Error::AccountDisabled);
        }
        Ok(known.map(|known| known.account))
    }

    /// Takes note of a guest's account that was made just now.
    pub(crate) fn put(&mut self, visitor: &Visitor, account: AccountId) {
        if let Who::Token(hash) = &visitor.who {
            let known = Known { account, registered: false, ended: false, disabled: false };
            self.0.entry(hash.clone()).or_insert(known);
        }
    }
}

/// A sign-in that is about to be written.
pub(crate) struct NewSignIn<'a> {
    pub(crate) token_hash: &'a str,
    pub(crate) id: SignInId,
    pub(crate) account: AccountId,
    /// Encrypted.
    pub(crate) device: Option<Vec<u8>>,
}

impl NewSignIn<'_> {
    /// Whether it is there now and was not before.
    pub(crate) async fn insert(self, connection: &mut AnyConnection, now: i64) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO sign_ins (token_hash, id, account, format, device, created_at, used_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (token_hash) DO NOTHING",
        )
        .bind(self.token_hash.to_owned())
        .bind(self.id.to_string())
        .bind(self.account.to_string())
        .bind(crate::cipher::FORMAT)
        .bind(self.device)
        .bind(now)
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(done.rows_affected() == 1)
    }
}

impl Store {
    /// The visitor's account, where there is one.
    ///
    /// # Errors
    /// As [`Accounts::get`]; `Unavailable`.
    pub(crate) async fn account(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
    ) -> Result<Option<AccountId>> {
        self.accounts(connection, [visitor]).await?.get(visitor)
    }

    /// The accounts of all these visitors, by one statement.
    pub(crate) async fn accounts(
        &self,
        connection: &mut AnyConnection,
        visitors: impl IntoIterator<Item = &Visitor>,
    ) -> Result<Accounts> {
        let hashes = visitors.into_iter().filter_map(|visitor| match &visitor.who {
            Who::Token(hash) | Who::Client(hash) => Some(hash.as_str()),
            Who::Account(_) => None,
        });
        let hashes: BTreeSet<&str> = hashes.collect();
        let mut accounts = Accounts::default();
        if hashes.is_empty() {
            return Ok(accounts);
        }
        let (places, hashes) = any_of(hashes);
        let sql = format!(
            "SELECT s.token_hash, s.account, s.ended_at, a.registered_at, a.disabled_at, a.delete_at \
             FROM sign_ins s JOIN accounts a ON a.id = s.account WHERE s.token_hash IN ({places})"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for hash in hashes {
            query = query.bind(hash);
        }
        for row in &query.fetch_all(connection).await.map_err(failure)? {
            accounts.0.insert(column(row, "token_hash")?, Known::read(row)?);
        }
        Ok(accounts)
    }

    /// The visitor's account, written now where there is none. Inside a transaction.
    pub(crate) async fn ensure_account(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
    ) -> Result<AccountId> {
        if let Some(account) = self.account(connection, visitor).await? {
            return Ok(account);
        }
        let token_hash = visitor.token_hash()?;
        visitor.from.map_or(Ok(()), |from| self.creations.count(&By::Address(from)))?;
        let account = self.create_account(connection).await?;
        let id = SignInId::generate(&*self.environment);
        let new = NewSignIn { token_hash, id, account, device: None };
        if new.insert(connection, self.environment.now_ms()).await? {
            return Ok(account);
        }
        // Another node wrote the same guest in between; that account is the one.
        sqlx::query("DELETE FROM accounts WHERE id = $1")
            .bind(account.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        self.account(connection, visitor).await?.ok_or(Error::Unavailable)
    }

    /// An account of nobody yet, with a key of its own.
    pub(crate) async fn create_account(&self, connection: &mut AnyConnection) -> Result<AccountId> {
        let account = AccountId::generate(&*self.environment);
        let key = self.keyring.create();
        self.keyring.insert(connection, &key).await?;
        sqlx::query(
            "INSERT INTO accounts (id, key, shared_seq, created_at) VALUES ($1, $2, 0, $3)",
        )
        .bind(account.to_string())
        .bind(key.key.id.clone())
        .bind(self.environment.now_ms())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(account)
    }
}
