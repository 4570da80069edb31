//! The access token: a JWT (RFC 7519) that only this server reads. It says whose sign-in it is and until when; what
//! that sign-in may do is in the database.

use holdfast_domain::id::SignInId;
use holdfast_domain::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::Backend;
use crate::master_key::hmac;

/// Seconds for which one works.
pub(super) const ACCESS_SECONDS: u32 = 15 * 60;

/// Who it is for; a token of ours for something else would not be taken here.
const AUDIENCE: &str = "holdfast-api";

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The sign-in.
    sid: SignInId,
    aud: String,
    /// Seconds since the Unix epoch.
    iat: i64,
    exp: i64,
}

impl Backend {
    pub(super) fn access_token(&self, sign_in: SignInId) -> Result<String> {
        let now = self.now_ms() / 1000;
        let claims = Claims {
            sid: sign_in,
            aud: AUDIENCE.into(),
            iat: now,
            exp: now + i64::from(ACCESS_SECONDS),
        };
        let key = EncodingKey::from_secret(&self.access_key());
        encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|_| Error::Internal)
    }

    /// `None`: not ours, or over.
    pub(super) fn read_access_token(&self, token: &str) -> Option<SignInId> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        // By the server's clock, which can be set, and which made `exp`.
        validation.validate_exp = false;
        let key = DecodingKey::from_secret(&self.access_key());
        let Claims { sid, iat, exp, .. } = decode(token, &key, &validation).ok()?.claims;
        let now = self.now_ms() / 1000;
        // One that was made in the future is of a clock that was wrong: some seconds are two nodes.
        (now < exp && iat <= now + 60).then_some(sid)
    }

    /// Of its own: what signs cookies signs nothing else.
    fn access_key(&self) -> [u8; 32] {
        hmac(&self.store.token_key, b"access tokens")
    }
}
