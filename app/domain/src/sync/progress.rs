//! How far a stored document has the server's log.

use crate::wire::Position;

/// The position to store with an [`Effect::Settle`](super::Effect::Settle), given the one that is
/// stored. It moves only where nothing between the two is missing, so a settlement that a store
/// refused leaves the position behind it for good, and the next opening fetches what it brought.
pub fn settled_position(
    stored: Option<Position>,
    since: Option<Position>,
    position: Option<Position>,
) -> Option<Position> {
    let Some(position) = position else { return stored };
    match stored {
        Some(stored) if stored.incarnation == position.incarnation => {
            let joined = since.is_none_or(|since| is_reached(stored, since));
            let ahead = joined && position.seq > stored.seq;
            Some(if ahead { position } else { stored })
        }
        stored => {
            if since.is_none() {
                Some(position)
            } else {
                stored
            }
        }
    }
}

/// Whether a document at `at` has everything that one at `wanted` has.
pub(super) fn is_reached(at: Position, wanted: Position) -> bool {
    at.incarnation == wanted.incarnation && at.seq >= wanted.seq
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(life: u128, seq: i64) -> Option<Position> {
        Some(Position { incarnation: Uuid::from_u128(life).into(), seq })
    }

    #[test]
    fn sync_6_the_stored_position_never_skips_what_was_not_stored() {
        assert_eq!(settled_position(at(1, 5), at(1, 5), at(1, 8)), at(1, 8));
        assert_eq!(settled_position(at(1, 5), at(1, 3), at(1, 8)), at(1, 8));
        assert_eq!(settled_position(at(1, 5), at(1, 6), at(1, 8)), at(1, 5));
        assert_eq!(settled_position(at(1, 9), at(1, 6), at(1, 8)), at(1, 9));
        assert_eq!(settled_position(None, at(1, 6), at(1, 8)), None);
        assert_eq!(settled_position(None, None, at(1, 8)), at(1, 8));
        assert_eq!(settled_position(at(1, 5), None, None), at(1, 5));
        assert_eq!(settled_position(at(1, 5), at(2, 6), at(2, 8)), at(1, 5));
        assert_eq!(settled_position(at(1, 5), None, at(2, 2)), at(2, 2));
    }
}
