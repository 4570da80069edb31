//! Exchanging a refresh token for the next pair. Each is exchanged once; given again it shows that somebody has a copy
//! of it, and ends its sign-in. But two requests of one client may be on their way at once, and the answer to one may
//! be lost: for a moment after the exchange the same token gives another pair.

use holdfast_domain::account::Tokens;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::{AccountId, SignInId};
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::access::ACCESS_SECONDS;
use super::known_by;
use crate::audit::Entry;
use crate::column::{column, id};
use crate::database::failure;
use crate::events::Topic;
use crate::{Backend, Visitor, hex};

/// How long after the exchange a token may be given again.
const GRACE_MS: i64 = 30_000;

/// Seconds for which a token can be exchanged: who does not come back for so long signs in again.
const REFRESH_SECONDS: u32 = 30 * 24 * 60 * 60;

/// In front of each, so that one that was published by mistake is recognised as what it is.
const PREFIX: &str = "hfr_";

fn hash(token: &str) -> Option<String> {
    let mut bytes = [0; 32];
    hex::decode(token.strip_prefix(PREFIX)?, &mut bytes)?;
    Some(hex::encode(&Sha256::digest(bytes)))
}

impl Backend {
    /// The next pair of tokens for a program.
    ///
    /// # Errors
    /// `NotSignedIn` for a token that is not ours, or over, or was exchanged before - which ends the sign-in - or whose
    /// sign-in has ended; `AccountDisabled`, `StorageFull`, `Unavailable`.
    pub async fn refresh_client(&self, refresh_token: &str) -> Result<Tokens> {
        let hash = hash(refresh_token).ok_or(Error::NotSignedIn)?;
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        // First, so that of two at once one sees the other's.
        sqlx::query("UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at IS NULL")
            .bind(now)
            .bind(hash.clone())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        let row = sqlx::query(
            "SELECT r.sign_in, r.expires_at, r.used_at, s.account FROM refresh_tokens r \
             JOIN sign_ins s ON s.id = r.sign_in WHERE r.hash = $1",
        )
        .bind(hash)
        .fetch_optional(&mut *connection)
        .await
        .map_err(failure)?
        .ok_or(Error::NotSignedIn)?;
        let sign_in: SignInId = id(&row, "sign_in")?;
        let known_by = known_by(sign_in);
        // Ended, disabled?
        self.store.account(connection, &Visitor::of_client(known_by.clone())).await?;
        let used_at: i64 = column(&row, "used_at")?;
        if now.saturating_sub(used_at) > GRACE_MS {
            let account: AccountId = id(&row, "account")?;
            self.store.end_sign_in(connection, &known_by).await?;
            let entry = Entry::of(account, AuditKind::TokenReused);
            entry.write(&self.store, connection).await?;
            write.ring(Topic::Account(account));
            write.commit().await?;
            return Err(Error::NotSignedIn);
        }
        if column::<i64>(&row, "expires_at")? <= now {
            return Err(Error::NotSignedIn);
        }
        let tokens = self.new_tokens(connection, sign_in).await?;
        write.commit().await?;
        Ok(tokens)
    }

    pub(super) async fn new_tokens(
        &self,
        connection: &mut AnyConnection,
        sign_in: SignInId,
    ) -> Result<Tokens> {
        let mut bytes = [0; 32];
        self.store.environment.fill_random(&mut bytes);
        let now = self.now_ms();
        sqlx::query(
            "INSERT INTO refresh_tokens (hash, sign_in, created_at, expires_at) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(hex::encode(&Sha256::digest(bytes)))
        .bind(sign_in.to_string())
        .bind(now)
        .bind(now.saturating_add(i64::from(REFRESH_SECONDS) * 1000))
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(Tokens {
            access_token: self.access_token(sign_in)?,
            token_type: "Bearer".into(),
            expires_in: ACCESS_SECONDS,
            refresh_token: format!("{PREFIX}{}", hex::encode(&bytes)),
            refresh_expires_in: REFRESH_SECONDS,
        })
    }
}
