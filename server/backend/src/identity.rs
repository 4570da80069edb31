//! Who is asking: tokens, and the account behind one.
//!
//! A token is 32 random bytes and their HMAC by a key derived from the master key. So a visit needs
//! no row: a token of ours without one is a guest who has written nothing yet. The first write makes
//! the account and keeps the token's SHA-256, never the token.

use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use crate::column::id;
use crate::database::failure;
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

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// An account that has written something.
    Known(AccountId),
    /// Somebody with a token of ours who has written nothing yet: no row exists of them.
    New(NewGuest),
}

/// A guest whose account is written with their first write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGuest {
    token_hash: String,
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

    /// Who a token stands for.
    ///
    /// # Errors
    /// `NotSignedIn` for one that this server did not issue; `Unavailable`.
    pub async fn visitor(&self, token: &str) -> Result<Visitor> {
        let mut bytes = [0; 64];
        hex::decode(token, &mut bytes).ok_or(Error::NotSignedIn)?;
        let (random, mac) = bytes.split_at(32);
        // Compared by their hashes, so that the time it takes says nothing about the right one.
        if Sha256::digest(mac) != Sha256::digest(hmac(&self.store.token_key, random)) {
            return Err(Error::NotSignedIn);
        }
        let token_hash = hex::encode(&Sha256::digest(bytes));
        let mut connection = self.store.database.read().await?;
        Ok(match signed_in(&mut connection, &token_hash).await? {
            Some(account) => Visitor::Known(account),
            None => Visitor::New(NewGuest { token_hash }),
        })
    }
}

async fn signed_in(connection: &mut AnyConnection, token_hash: &str) -> Result<Option<AccountId>> {
    let row = sqlx::query("SELECT account FROM sign_ins WHERE token_hash = $1")
        .bind(token_hash)
        .fetch_optional(connection)
        .await
        .map_err(failure)?;
    row.map(|row| id(&row, "account")).transpose()
}

impl Store {
    /// The visitor's account, where there is one by now.
    pub(crate) async fn account(
        &self,
        connection: &mut AnyConnection,
        visitor: &Visitor,
    ) -> Result<Option<AccountId>> {
        match visitor {
            Visitor::Known(account) => Ok(Some(*account)),
            Visitor::New(guest) => signed_in(connection, &guest.token_hash).await,
        }
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
        let Visitor::New(guest) = visitor else { return Err(Error::Internal) };
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
        .bind(guest.token_hash.clone())
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
