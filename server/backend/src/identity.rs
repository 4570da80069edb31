//! Who is asking: tokens, and the account behind one.
//!
//! A token is 32 random bytes and their HMAC by a key of the database. So a visit needs
//! no row: a token of ours without one is a guest who has written nothing yet. The first write makes
//! the account and keeps the token's SHA-256, never the token.

mod known;

use std::net::IpAddr;

use holdfast_domain::account::PageOf;
use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};

use crate::master_key::hmac;
use crate::{Backend, hex};
pub(crate) use known::{Accounts, NewSignIn};

/// What a browser keeps in its cookie: opaque, 128 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What its sign-in is known by.
    pub(crate) fn hash(&self) -> Result<String> {
        let mut bytes = [0; 64];
        hex::decode(&self.0, &mut bytes).ok_or(Error::Internal)?;
        Ok(hex::encode(&Sha256::digest(bytes)))
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
pub struct Visitor {
    who: Who,
    page: Option<PageOf>,
    from: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    /// Somebody with a token of ours: its SHA-256.
    Token(String),
    /// A program with a sign-in of its own: what that is known by.
    Client(String),
    /// The server itself, for an account.
    Account(AccountId),
}

impl Visitor {
    /// For what the server does by itself.
    pub(crate) fn of_account(account: AccountId) -> Self {
        Self { who: Who::Account(account), page: None, from: None }
    }

    /// A program, by the name that its sign-in has in place of a token's hash.
    pub(crate) fn of_client(sign_in: String) -> Self {
        Self { who: Who::Client(sign_in), page: None, from: None }
    }

    /// The same, asking from a page that was opened for somebody: whatever is asked for somebody else is refused.
    #[must_use]
    pub fn on_page_of(self, page: PageOf) -> Self {
        Self { page: Some(page), ..self }
    }

    /// The same, asking from an address, by which new guests are counted.
    #[must_use]
    pub fn from_address(self, from: Option<IpAddr>) -> Self {
        Self { from, ..self }
    }

    /// What its sign-in is known by; `NotSignedIn` for the server itself, which has none.
    pub(crate) fn token_hash(&self) -> Result<&str> {
        match &self.who {
            Who::Token(hash) | Who::Client(hash) => Ok(hash),
            Who::Account(_) => Err(Error::NotSignedIn),
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
        let who = Who::Token(hex::encode(&Sha256::digest(bytes)));
        Ok(Visitor { who, page: None, from: None })
    }
}
