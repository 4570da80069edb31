//! What a reply brought: into the journal, into the document, to the other tabs.

use super::Engine;
use crate::sync::progress::is_reached;
use crate::sync::{ChangeOrigin, Effect, PeerMessage, RecordId};
use crate::wire::Position;

/// What one reply acknowledged.
#[derive(Debug, Default)]
pub(super) struct Acknowledged {
    pub(super) ids: Vec<RecordId>,
    /// Updates the server has now and the journal perhaps not.
    pub(super) updates: Vec<Vec<u8>>,
}

/// What was received from the beginning of a life of the database up to a position, and is stored
/// when that life is healed: before that no position in it may be stored.
#[derive(Debug)]
pub(super) struct Unsettled {
    at: Position,
    updates: Vec<Vec<u8>>,
}

/// One settlement.
struct Settlement {
    acked: Vec<RecordId>,
    /// For the journal.
    received: Vec<Vec<u8>>,
    since: Option<Position>,
    position: Option<Position>,
    /// For the other tabs, and from where on it is complete for them.
    told: Vec<Vec<u8>>,
    told_since: Option<Position>,
}

impl Engine {
    /// Stores, applies and tells what a reply to a request with `have` brought. `was_healed`:
    /// everything had been given to this life of the database before.
    pub(super) fn settle(
        &mut self,
        acked: Acknowledged,
        news: Vec<Vec<u8>>,
        have: Option<Position>,
        position: Position,
        was_healed: bool,
    ) {
        let since = have.filter(|have| have.incarnation == position.incarnation);
        let before = self.link.healed_position();
        let mut received = acked.updates;
        received.extend(news.iter().cloned());
        let acked = acked.ids;
        let settlement = if was_healed {
            self.link.advance(position);
            let (told, told_since) = (received.clone(), since);
            let position = Some(position);
            Settlement { acked, received, since, position, told, told_since }
        } else {
            self.keep_unsettled(received, since, position);
            let told = news.clone();
            self.settle_kept(acked, told, position)
        };
        let moved = settlement.position.is_some() && settlement.position != before;
        self.emit_settlement(settlement, news, moved);
    }

    /// Keeps what belongs to a life that is not healed. Where something between was missed, it is
    /// fetched from the beginning again.
    fn keep_unsettled(
        &mut self,
        mut received: Vec<Vec<u8>>,
        since: Option<Position>,
        position: Position,
    ) {
        let kept = self.link.unsettled.take();
        let mut updates = match (since, kept) {
            (None, _) => Vec::new(),
            (Some(since), Some(kept)) if is_reached(kept.at, since) => kept.updates,
            _ => {
                self.link.position = None;
                return;
            }
        };
        updates.append(&mut received);
        self.link.unsettled = Some(Unsettled { at: position, updates });
        self.link.position = Some(position);
    }

    /// Stores what was kept, if its life is healed now.
    fn settle_kept(
        &mut self,
        acked: Vec<RecordId>,
        told: Vec<Vec<u8>>,
        position: Position,
    ) -> Settlement {
        let healed = self.link.healed == Some(position.incarnation);
        let kept = if healed { self.link.unsettled.take() } else { None };
        let at = kept.as_ref().map(|kept| kept.at);
        let received = kept.map(|kept| kept.updates).unwrap_or_default();
        // Who was not here for every part of it asks for the whole.
        Settlement { acked, received, since: None, position: at, told, told_since: at }
    }

    /// The life of the database at `position` was healed without giving anything.
    pub(super) fn settle_healed(&mut self, position: Position) {
        let settlement = self.settle_kept(Vec::new(), Vec::new(), position);
        let moved = settlement.position.is_some();
        self.emit_settlement(settlement, Vec::new(), moved);
    }

    fn emit_settlement(&mut self, settlement: Settlement, news: Vec<Vec<u8>>, moved: bool) {
        let Settlement { acked, received, since, position, told, told_since } = settlement;
        let ids = acked.clone();
        let nothing = told.is_empty() && acked.is_empty() && !moved;
        if !acked.is_empty() || !received.is_empty() || moved {
            self.emit(Effect::Settle { acked, received, since, position });
        }
        for update in news {
            self.emit(Effect::Apply { update, origin: ChangeOrigin::OtherDevice });
        }
        if nothing {
            return;
        }
        let (tab, at_ms) = (self.options.tab, self.now_ms);
        let (acked, received, since) = (ids, told, told_since);
        let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
        self.emit(Effect::Broadcast(settled));
    }
}
