//! A plain string becomes a text in which two tabs can type, even if both do it apart.

use yrs::block::ClientID;
use yrs::updates::decoder::Decode;
use yrs::{Doc, OffsetKind, Options, Text, Transact, Update};

use super::schema::text_name;
use super::write::{Origin, Step};
use super::{Context, Path};
use crate::limits::UPDATE_BYTES;
use crate::scan::cursor::CLIENT_END;
use crate::scan::{MAP, split};
use crate::{Error, Result};

impl Context {
    /// Puts `content` into the text at `path` as an update that every replica makes alike: its client
    /// id comes from path and content, its clock starts at 0. So the content is there once, however
    /// many did it. Nothing is done (and no update returned) where that client id has written before:
    /// then this string was converted earlier and the caller writes it as its own.
    pub(super) fn seed(&mut self, path: &Path, content: &str) -> Result<Vec<Vec<u8>>> {
        let client = seed_client(path, content);
        if content.is_empty() || self.coverage.has_client(client) {
            return Ok(Vec::new());
        }
        // Characters left over from an earlier text were not seen: they do not come back now.
        let mut updates = Vec::new();
        if self.has_characters(path) {
            updates = self.commit(vec![Step::Clear(path.clone())], Origin::System)?;
        }
        let update = seed_update(client, path, content);
        let decoded = Update::decode_v1(&update);
        let decoded = decoded.map_err(|_| Error::malformed("update of a new text"))?;
        self.open_text(path);
        let mut txn = self.doc.transact_mut_with(Origin::System.name());
        txn.apply_update(decoded).map_err(|_| Error::malformed("update of a new text"))?;
        drop(txn);
        self.settle(false);
        self.bytes += update.len();
        updates.extend(split(&update, UPDATE_BYTES)?);
        Ok(updates)
    }
}

fn seed_update(client: u64, path: &Path, content: &str) -> Vec<u8> {
    let mut options = Options::with_guid_and_client_id(MAP.into(), ClientID::new(client));
    options.offset_kind = OffsetKind::Utf16;
    let doc = Doc::with_options(options);
    let text = doc.get_or_insert_text(text_name(path));
    let mut txn = doc.transact_mut();
    text.insert(&mut txn, 0, content);
    txn.encode_update_v1()
}

/// FNV-1a over path, a zero and content, then mixed (splitmix64) and cut to 53 bits. Part of the
/// document's format: another result in another build would double what both convert.
fn seed_client(path: &Path, content: &str) -> u64 {
    let bytes = path.as_str().bytes().chain([0]).chain(content.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) & (CLIENT_END - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctx_1_the_client_id_of_a_converted_string_never_changes() {
        let path: Path = "/notes".parse().unwrap();
        assert_eq!(seed_client(&path, "hello"), 7_217_650_100_552_708);
    }
}
