//! Passwords: hashed with argon2id, off the async threads, so many at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use holdfast_domain::account::check_password;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::{Error, Result};
use tokio::sync::Semaphore;

use super::row::AccountRow;
use crate::audit::Entry;
use crate::database::failure;
use crate::events::Topic;
use crate::{Backend, OpenError, Visitor};

/// Hashed at the same time: each takes 19 MiB and a core for a while. The parameters are argon2's own defaults,
/// which are those of the OWASP Password Storage Cheat Sheet (m = 19 MiB, t = 2, p = 1).
const AT_ONCE: usize = 2;
/// Those and the ones that wait for them; one more is told to come again.
const WAITING: usize = 100;
/// When to come again.
const RETRY_MS: u64 = 5_000;

/// Hashes and compares passwords.
pub(crate) struct Passwords {
    hashing: Arc<Semaphore>,
    waiting: Semaphore,
    /// Of a password that nobody knows: what is compared for an address that is nobody's (SEC-6).
    nobodys: String,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, OpenError> {
        let nobodys = hash("holdfast").map_err(|error| OpenError::Unreadable(error.to_string()))?;
        Ok(Self {
            hashing: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Semaphore::new(WAITING),
            nobodys,
        })
    }

    /// A PHC string with a salt of its own.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Whether it is this password. Without one it takes as long and says no.
    pub(super) async fn verify(&self, password: &str, hashed: Option<&str>) -> Result<bool> {
        let password = password.to_owned();
        let is_one = hashed.is_some();
        let hashed = hashed.unwrap_or(&self.nobodys).to_owned();
        let same = self.run(move || verify(&password, &hashed)).await?;
        Ok(same && is_one)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = Error::RateLimited { retry_after_ms: RETRY_MS };
        let _place = self.waiting.try_acquire().map_err(|_| busy)?;
        let turn = self.hashing.clone().acquire_owned().await.map_err(|_| Error::Internal)?;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| {
            tracing::error!("hashing a password panicked");
            Error::Internal
        })
    }
}

fn hash(password: &str) -> Result<String> {
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hashed| hashed.to_string()).map_err(|cause| {
        tracing::error!(%cause, "a password could not be hashed");
        Error::Internal
    })
}

fn verify(password: &str, hashed: &str) -> bool {
    PasswordHash::new(hashed)
        .is_ok_and(|hashed| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok())
}

impl Backend {
    /// Sets another password, and ends all other sign-ins of the account.
    ///
    /// # Errors
    /// `NotSignedIn`, `InvalidValue` of `current` or `password`, `RateLimited`, `StorageFull`, `Unavailable`.
    pub async fn change_password(
        &self,
        visitor: &Visitor,
        current: &str,
        password: &str,
    ) -> Result<()> {
        check_password("password", password)?;
        let row = self.confirm(visitor, "current", current).await?;
        let hashed = self.store.passwords.hash(password).await?;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        // It may have been changed from another device meanwhile, and this sign-in ended with it.
        self.own_account(connection, visitor).await?;
        self.store.set_password(connection, &row, &hashed).await?;
        let keep = visitor.token_hash()?;
        self.store.end_sign_ins(connection, row.id, Some(keep)).await?;
        Entry::of(row.id, AuditKind::PasswordChanged).write(&self.store, connection).await?;
        write.ring(Topic::Account(row.id));
        write.commit().await
    }

    /// Whether the visitor knows the account's password; wrong ones count as those of signing in do.
    pub(super) async fn confirm(
        &self,
        visitor: &Visitor,
        field: &str,
        password: &str,
    ) -> Result<AccountRow> {
        let mut connection = self.store.database.read().await?;
        let row = self.own_account(&mut connection, visitor).await?;
        let email = row.email(&self.store, &mut connection).await?;
        drop(connection);
        match self.check(&email, password).await {
            Ok(Some(_)) => Ok(row),
            Ok(None) | Err(Error::WrongCredentials) => Err(Error::InvalidValue {
                field: field.into(),
                reason: "This is not your password.".into(),
            }),
            Err(error) => Err(error),
        }
    }
}

impl crate::store::Store {
    pub(super) async fn set_password(
        &self,
        connection: &mut sqlx::AnyConnection,
        row: &AccountRow,
        hashed: &str,
    ) -> Result<()> {
        sqlx::query("UPDATE accounts SET password = $1 WHERE id = $2")
            .bind(hashed.to_owned())
            .bind(row.id.to_string())
            .execute(connection)
            .await
            .map_err(failure)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sec_6_a_password_is_hashed_with_argon2id_and_a_salt_of_its_own() {
        let passwords = Passwords::new().unwrap();
        let first = passwords.hash("correct horse").await.unwrap();
        let second = passwords.hash("correct horse").await.unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        assert!(passwords.verify("correct horse", Some(&first)).await.unwrap());
        assert!(!passwords.verify("correct hors", Some(&first)).await.unwrap());
        assert!(!passwords.verify("holdfast", None).await.unwrap());
        assert!(!passwords.verify("correct horse", Some("not a hash")).await.unwrap());
    }

    #[tokio::test]
    async fn sec_4_more_passwords_than_can_wait_are_told_to_come_again() {
        let passwords = Passwords::new().unwrap();
        let _all = passwords.waiting.try_acquire_many(100).unwrap();
        let refused = passwords.hash("correct horse").await;
        assert_eq!(refused, Err(Error::RateLimited { retry_after_ms: RETRY_MS }));
    }
}
