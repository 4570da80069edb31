//! Who is asking: tokens, and the account behind one.

use holdfast_domain::Result;
use holdfast_domain::id::AccountId;

use crate::Backend;

/// What a browser keeps in its cookie: opaque, 128 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
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
    pub(crate) token_hash: String,
}

impl Backend {
    /// A token for a browser that has none. Nothing is written.
    pub fn issue_token(&self) -> Token {
        Token(String::new())
    }

    /// Who a token stands for.
    ///
    /// # Errors
    /// `NotSignedIn` for one that this server did not issue; `Unavailable`.
    pub async fn visitor(&self, _token: &str) -> Result<Visitor> {
        Err(holdfast_domain::Error::NotSignedIn)
    }
}
