//! BLAKE3 of a content that is read piece by piece, over several lives of a server: what is known of the pieces so far can
//! be stored, as a hasher cannot.

use blake3::Hasher;
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root,
};
use serde::{Deserialize, Serialize};

/// Bytes of each piece but the last: a subtree of BLAKE3's tree.
pub(super) const PIECE: u64 = 16 << 20;

/// The hash of the pieces so far. After each of them comes at least one byte more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ContentHash {
    pieces: u64,
    /// Of larger and larger subtrees, the last ones first to be merged.
    subtrees: Vec<ChainingValue>,
}

impl ContentHash {
    /// Where the next piece begins.
    pub(super) fn bytes(&self) -> u64 {
        self.pieces * PIECE
    }

    /// For the bytes of the next piece.
    pub(super) fn piece(&self) -> Hasher {
        let mut hasher = Hasher::new();
        hasher.set_input_offset(self.bytes());
        hasher
    }

    /// Takes a whole piece in, after which there is more.
    pub(super) fn push(&mut self, piece: &Hasher) {
        self.merge();
        self.subtrees.push(piece.finalize_non_root());
        self.pieces += 1;
    }

    /// With the last piece, which is not empty unless it is the only one.
    pub(super) fn finish(mut self, last: &Hasher) -> blake3::Hash {
        self.merge();
        let Some(first) = self.subtrees.first().copied() else { return last.finalize() };
        let mut right = last.finalize_non_root();
        for left in self.subtrees.iter().skip(1).rev() {
            right = merge_subtrees_non_root(left, &right, Mode::Hash);
        }
        merge_subtrees_root(&first, &right, Mode::Hash)
    }

    /// Brings together what is whole, now that there is more: as many subtrees remain as the count has ones.
    fn merge(&mut self) {
        while self.subtrees.len() > self.pieces.count_ones() as usize {
            let (Some(right), Some(left)) = (self.subtrees.pop(), self.subtrees.pop()) else {
                return;
            };
            self.subtrees.push(merge_subtrees_non_root(&left, &right, Mode::Hash));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_7_the_hash_of_a_content_in_pieces_is_its_hash() {
        let piece = usize::try_from(PIECE).unwrap();
        let mut content = vec![0_u8; 9 * piece + 5];
        for (at, byte) in content.iter_mut().enumerate() {
            *byte = u8::try_from((at * at / 7) % 251).unwrap();
        }
        for length in
            [0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 9, 8 * piece, 9 * piece + 5]
        {
            let content = &content[..length];
            let mut hash = ContentHash::default();
            let mut rest = content;
            while rest.len() > piece {
                let (now, later) = rest.split_at(piece);
                hash.push(hash.piece().update(now));
                // As it is after a restart.
                hash = serde_json::from_str(&serde_json::to_string(&hash).unwrap()).unwrap();
                rest = later;
            }
            let last = hash.piece().update(rest).clone();
            assert_eq!(hash.finish(&last), blake3::hash(content), "{length} bytes");
        }
    }
}
