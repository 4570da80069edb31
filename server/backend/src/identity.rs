//! Who is asking: tokens, and the account behind one.
//!
//! A token is 32 random bytes and their HMAC by a key derived from the master key. So a visit needs
//! no row: a token of ours without one is a guest who has written nothing yet. The first write makes
//! the account and keeps the token's SHA-256, never the token.

use std::collections::{BTreeSet, HashMap};

use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::column::{column, id};
use crate::database::{any_of, failure};
use crate::master_key::hmac;
use crate::store::Store;
use crate::{Backend, hex};

/// What a browser keeps in its cookie: opaque, 128 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    /// Without the token: it signs in whoever reads it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// Who is asking. Which account that is, and whether there is one yet, is looked up where something is done
/// for them, so that a sign-in that has ended counts for nothing at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor(Who);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    /// Somebody with a token of ours: its SHA-256.
    Token(String),
    /// The server itself, for an account.
    Account(AccountId),
}

impl Visitor {
    /// For what the server does by itself.
    pub(crate) fn of_account(account: AccountId) -> Self {
        Self(Who::Account(account))
    }
}

/// The accounts of several visitors.
#[derive(Default)]
pub(crate) struct Accounts(HashMap<String, AccountId>);

impl Accounts {
    /// `None`: somebody who has written nothing yet.
    pub(crate) fn get(&self, visitor: &Visitor) -> Option<AccountId> {
        match &visitor.0 {
            Who::Account(account) => Some(*account),
            Who::Token(hash) => self.0.get(hash).copied(),
        }
    }

    /// Takes note of an account that was made just now.
    pub(crate) fn put(&mut self, visitor: &Visitor, account: AccountId) {
        if let Who::Token(hash) = &visitor.0 {
            self.0.insert(hash.clone(), account);
        }
    }
}

impl Backend {
    /// A token for a browser that has none. Nothing is written.
    pub fn issue_token(&self) -> Token {
        let mut token = [0; 64];
        let (random, mac) = token.split_at_mut(32);
        self.store.environment.fill_random(random);
        mac.copy_from_slice(&hmac(&self.store.token_key, random));
        Token(hex::encode(&token))
    }

    /// Who a token stands for. Nothing is read.
    ///
    /// # Errors
    /// `NotSignedIn` for one that this server did not issue.
    pub fn visitor(&self, token: &str) -> Result<Visitor> {
        let mut bytes = [0; 64];
        hex::decode(token, &mut bytes).ok_or(Error::NotSignedIn)?;
        let (random, mac) = bytes.split_at(32);
        // Compared by their hashes, so that the time it takes says nothing about the right one.
        if Sha256::digest(mac) != Sha256::digest(hmac(&self.store.token_key, random)) {
            return Err(Error::NotSignedIn);
        }
        Ok(Visitor(Who::Token(hex::encode(&Sha256::digest(bytes)))))
    }
}

impl Store {
    /// The visitor's account, where there is one.
    pub(crate) async fn account(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
    ) -> Result<Option<AccountId>> {
        Ok(self.accounts(connection, [visitor]).await?.get(visitor))
    }

    /// The accounts of all these visitors, by one statement.
    pub(crate) async fn accounts(
        &self,
        connection: &mut AnyConnection,
        visitors: impl IntoIterator<Item = &Visitor>,
    ) -> Result<Accounts> {
        let hashes = visitors.into_iter().filter_map(|visitor| match &visitor.0 {
            Who::Token(hash) => Some(hash.as_str()),
            Who::Account(_) => None,
        });
        let hashes: BTreeSet<&str> = hashes.collect();
        let mut accounts = Accounts::default();
        if hashes.is_empty() {
            return Ok(accounts);
        }
        let (places, hashes) = any_of(hashes);
        let sql =
            format!("SELECT token_hash, account FROM sign_ins WHERE token_hash IN ({places})");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for hash in hashes {
            query = query.bind(hash);
        }
        for row in &query.fetch_all(connection).await.map_err(failure)? {
            accounts.0.insert(column(row, "token_hash")?, id(row, "account")?);
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
        let Who::Token(token_hash) = &visitor.0 else { return Err(Error::Internal) };
        let account = AccountId::generate(&*self.environment);
        let key = self.keyring.create()?;
        self.keyring.insert(connection, &key).await?;
        let now = self.environment.now_ms();
        sqlx::query(
            "INSERT INTO accounts (id, key, shared_seq, created_at) VALUES ($1, $2, 0, $3)",
        )
        .bind(account.to_string())
        .bind(key.key.id.clone())
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        let signed_in_now = sqlx::query(
            "INSERT INTO sign_ins (token_hash, account, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (token_hash) DO NOTHING",
        )
        .bind(token_hash.clone())
        .bind(account.to_string())
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        if signed_in_now.rows_affected() == 1 {
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
}
