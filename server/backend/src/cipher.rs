//! Encryption of what is stored (SEC-5): XChaCha20-Poly1305, a random nonce in front of each value,
//! and as additional data the place where the value stands, so that no value can be moved.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use holdfast_domain::{Environment, Error, Result};

/// The format of everything sealed so far: nonce, ciphertext, tag; postcard or UTF-8 inside.
pub(crate) const FORMAT: i64 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Where a sealed value stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The table, and where it seals more than one column, the column.
    pub(crate) table: &'a str,
    /// The session or account.
    pub(crate) owner: &'a str,
    /// The row, by an id that is known before it is written.
    pub(crate) id: &'a str,
}

impl Place<'_> {
    fn additional_data(&self) -> Vec<u8> {
        [self.table, self.owner, self.id].join("\0").into_bytes()
    }
}

/// A session's or an account's key, ready for use.
pub(crate) struct Key {
    /// Its row in `keys`.
    pub(crate) id: String,
    cipher: XChaCha20Poly1305,
}

impl Key {
    pub(crate) fn new(id: String, bytes: &[u8; 32]) -> Self {
        Self { id, cipher: XChaCha20Poly1305::new(bytes.into()) }
    }

    /// Encrypts for one place.
    pub(crate) fn seal(
        &self,
        environment: &dyn Environment,
        place: Place<'_>,
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        environment.fill_random(&mut nonce);
        let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = sealed.get_mut(NONCE..).unwrap_or_default();
        let tag = self
            .cipher
            .encrypt_inout_detached(&XNonce::from(nonce), &place.additional_data(), body.into())
            // Only a message of 256 GB is refused.
            .map_err(|_| Error::Internal)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// Decrypts what stands at a place. `Damaged` where it was not sealed there with this key, or
    /// in a format of another build.
    pub(crate) fn open(&self, format: i64, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
        self.decrypt(format, place, sealed).ok_or(Error::Damaged)
    }

    fn decrypt(&self, format: i64, place: Place<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        if format != FORMAT {
            return None;
        }
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (body, tag) = rest.split_last_chunk::<TAG>()?;
        let mut plain = body.to_vec();
        self.cipher
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &place.additional_data(),
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .ok()?;
        Some(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEnvironment;

    #[test]
    fn sec_5_a_value_opens_only_where_it_was_sealed() {
        let key = Key::new("k".into(), &[7; 32]);
        let place = Place { table: "t", owner: "o", id: "1" };
        let sealed = key.seal(&SystemEnvironment, place, b"planted").unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"planted"));
        assert_eq!(key.open(FORMAT, place, &sealed).unwrap(), b"planted");
        for other in [
            Place { table: "u", ..place },
            Place { owner: "p", ..place },
            Place { id: "2", ..place },
        ] {
            assert_eq!(key.open(FORMAT, other, &sealed), Err(Error::Damaged));
        }
        let other_key = Key::new("k".into(), &[8; 32]);
        assert_eq!(other_key.open(FORMAT, place, &sealed), Err(Error::Damaged));
        assert_eq!(key.open(FORMAT + 1, place, &sealed), Err(Error::Damaged));
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(key.open(FORMAT, place, &flipped), Err(Error::Damaged), "byte {at}");
            assert_eq!(key.open(FORMAT, place, &sealed[..at]), Err(Error::Damaged));
        }
    }
}
