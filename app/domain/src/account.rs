//! Accounts: who somebody is, where they are signed in, and what an address and a password have to be.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, SignInId};
use crate::limits::{EMAIL_CHARS, PASSWORD_CHARS};
use crate::{Error, Result};

/// Somebody with an address and a password; guests are nobody yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Theirs for good.
    pub id: AccountId,
    /// The address they sign in with.
    pub email: String,
}

/// One signed-in browser. Times are server milliseconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Names it, and signs nobody in.
    pub id: SignInId,
    /// What the browser said it is when it signed in.
    pub device: String,
    /// When it signed in.
    pub created_at_ms: i64,
    /// When it was last used, to some minutes.
    pub used_at_ms: i64,
    /// It is the one that asks.
    pub current: bool,
}

/// Whose page asks. A browser has one cookie, and pages of before it was changed may be open still: what they
/// keep must not come to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageOf {
    /// Of whoever is nobody yet.
    Guest,
    /// Of this account.
    Account(AccountId),
}

impl PageOf {
    /// As a header's value: an id or `guest`.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "guest" => Ok(Self::Guest),
            id => id.parse().map(Self::Account),
        }
    }
}

impl From<Option<AccountId>> for PageOf {
    fn from(account: Option<AccountId>) -> Self {
        account.map_or(Self::Guest, Self::Account)
    }
}

impl std::fmt::Display for PageOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Guest => f.write_str("guest"),
            Self::Account(id) => id.fmt(f),
        }
    }
}

/// What an API client signs with: RFC 6749, 5.1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// A JWT, sent as `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds for which `access_token` works.
    pub expires_in: u32,
    /// Exchanged for the next pair, once.
    pub refresh_token: String,
    /// Seconds for which `refresh_token` works.
    pub refresh_expires_in: u32,
}

impl std::fmt::Debug for Tokens {
    /// Without the tokens: they sign in whoever reads them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// What a guest's work becomes when they sign in to an account that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestWork {
    /// It stays with this browser's guest.
    #[default]
    Leave,
    /// It becomes the account's.
    Bring,
}

/// An address in the one form in which it is compared: trimmed and in lower case. Whether it exists only a mail
/// can tell, so little is asked of it.
///
/// # Errors
/// `InvalidValue` of the field `email`.
pub fn check_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let (name, host) = email.rsplit_once('@').unwrap_or_default();
    let fits = !name.is_empty()
        && !host.is_empty()
        && email.chars().count() <= EMAIL_CHARS
        && !email.chars().any(|char| char.is_whitespace() || char.is_control());
    if !fits {
        return Err(Error::InvalidValue {
            field: "email".into(),
            reason: "This is not an email address, as in name@example.org.".into(),
        });
    }
    Ok(email)
}

/// Whether a password is long enough to be one, and short enough to be hashed. What it is made of is the person's
/// affair (NIST SP 800-63B-4, 3.1.1.2).
///
/// # Errors
/// `InvalidValue` of the field `field`.
pub fn check_password(field: &str, password: &str) -> Result<()> {
    if !PASSWORD_CHARS.contains(&password.chars().count()) {
        let (least, most) = (PASSWORD_CHARS.start(), PASSWORD_CHARS.end());
        return Err(Error::InvalidValue {
            field: field.into(),
            reason: format!("A password has {least} to {most} characters."),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_6_an_address_has_one_form() {
        assert_eq!(check_email("  Ada@Example.ORG ").unwrap(), "ada@example.org");
        for wrong in ["", "ada", "@example.org", "ada@", "a da@example.org", "ada@exam\nple.org"] {
            assert!(check_email(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_email(&format!("{}@example.org", "a".repeat(300))).is_err());
    }

    #[test]
    fn sec_6_a_password_is_long_and_not_endless() {
        assert!(check_password("password", "long enough").is_ok());
        assert!(check_password("password", "ÄÖÜäöüß€@").is_ok());
        assert!(check_password("password", "short").is_err());
        assert!(check_password("password", &"x".repeat(300)).is_err());
    }

    #[test]
    fn tab_7_whose_page_it_is_can_be_said_in_a_header() {
        let id: AccountId = "019a0000-0000-7000-8000-000000000001".parse().unwrap();
        for page in [PageOf::Guest, PageOf::Account(id)] {
            assert_eq!(PageOf::parse(&page.to_string()).unwrap(), page);
        }
        assert!(PageOf::parse("nobody").is_err());
    }
}
