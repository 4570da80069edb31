//! What a reply brought: into the journal, into the document, to the other tabs.

use super::Engine;
use crate::sync::progress::is_reached;
use crate::sync::{ChangeOrigin, Effect, PeerMessage, RecordId};
use crate::wire::{LogUpdate, Position};

/// What one reply acknowledged.
#[derive(Debug, Default)]
pub(super) struct Acknowledged {
    pub(super) ids: Vec<RecordId>,
    /// Updates the server has now and the journal perhaps not.
    pub(super) updates: Vec<LogUpdate>,
    /// Some of them are not among these: a sibling that speaks too was told first, and perhaps its journal
    /// did not take them.
    pub(super) overtaken: bool,
}

/// What was received from the beginning of a life of the database up to a position, and is stored
/// when that life is healed: before that no position in it may be stored.
#[derive(Debug)]
pub(super) struct Unsettled {
    at: Position,
    updates: Vec<LogUpdate>,
}

/// One settlement.
struct Settlement {
    acked: Vec<RecordId>,
    /// For the journal.
    received: Vec<LogUpdate>,
    since: Option<Position>,
    position: Option<Position>,
    /// For the other tabs, and from where on it is complete for them.
    told: Vec<LogUpdate>,
    told_since: Option<Position>,
}

impl Engine {
    /// Stores, applies and tells what a reply to a request with `have` brought. `was_healed`:
    /// everything had been given to this life of the database before.
    pub(super) fn settle(
        &mut self,
        acked: Acknowledged,
        news: Vec<LogUpdate>,
        have: Option<Position>,
        position: Position,
        was_healed: bool,
    ) {
        let since = have.filter(|have| have.incarnation == position.incarnation);
        let before = self.link.healed_position();
        let Acknowledged { ids: acked, updates: mut received, overtaken } = acked;
        received.extend(news.iter().cloned());
        let settlement = if overtaken {
            // What was in between is fetched again, before any position says that it is here.
            if !was_healed {
                self.link.unsettled = None;
                self.link.position = None;
            }
            let told = received.clone();
            Settlement { acked, received, since, position: None, told, told_since: since }
        } else if was_healed {
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
        mut received: Vec<LogUpdate>,
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
        told: Vec<LogUpdate>,
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

    fn emit_settlement(&mut self, settlement: Settlement, news: Vec<LogUpdate>, moved: bool) {
        let Settlement { acked, received, since, position, told, told_since } = settlement;
        let ids = acked.clone();
        let nothing = told.is_empty() && acked.is_empty() && !moved;
        if !acked.is_empty() || !received.is_empty() || moved {
            let received = received.into_iter().map(|of_log| of_log.update).collect();
            self.emit(Effect::Settle { acked, received, since, position });
        }
        self.apply_log(news);
        if nothing {
            return;
        }
        let (tab, at_ms) = (self.options.tab, self.now_ms);
        let (acked, received, since) = (ids, told, told_since);
        let settled = PeerMessage::Settled { tab, acked, received, since, position, at_ms };
        self.emit(Effect::Broadcast(settled));
    }

    /// Applies what the server has, by whomever it was made.
    pub(super) fn apply_log(&mut self, updates: Vec<LogUpdate>) {
        for LogUpdate { update, restored } in updates {
            let origin = if restored { ChangeOrigin::Restore } else { ChangeOrigin::OtherDevice };
            self.emit(Effect::Apply { update, origin });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        find_request, leader, news, position, reply, request, tab, tab_id,
    };
    use crate::sync::{ChangeOrigin, Effect, Event, PeerMessage, RecordBody, RecordId, Urgency};
    use crate::wire::LogUpdate;

    fn applied(effects: &[Effect]) -> Vec<(&[u8], ChangeOrigin)> {
        let of_apply = effects.iter().filter_map(|effect| match effect {
            Effect::Apply { update, origin } => Some((update.as_slice(), *origin)),
            _ => None,
        });
        of_apply.collect()
    }

    #[test]
    fn tab_6_no_position_says_that_the_journal_has_what_another_tab_was_to_put_there() {
        let mut leader = leader();
        let bodies = vec![RecordBody::Update(vec![7])];
        leader.handle(0, Event::Edited { bodies, urgency: Urgency::Routine });
        let sent = request(&leader.handle(0, Event::Save(Urgency::AtOnce)));
        assert_eq!(sent.items.len(), 1);

        // A sibling of another build sent it as well, and is answered first.
        let told = PeerMessage::Settled {
            tab: tab_id(2),
            acked: vec![RecordId { tab: tab_id(1), number: 1 }],
            received: Vec::new(),
            since: None,
            position: None,
            at_ms: 0,
        };
        leader.handle(0, Event::Peer(told));
        let effects = leader.handle(0, reply(&sent, news(2, &[])));
        let reached = effects.iter().filter_map(|effect| match effect {
            Effect::Settle { position, .. } => *position,
            _ => None,
        });
        assert_eq!(reached.count(), 0);
        // From where it was, it is fetched again.
        assert_eq!(find_request(&effects).and_then(|request| request.have), Some(position(1)));
    }

    #[test]
    fn ctx_5_what_is_journaled_after_the_server_had_it_does_not_wait_in_the_journal() {
        let mut writer = tab(2);
        let bodies = vec![RecordBody::Update(vec![7])];
        writer.handle(0, Event::Edited { bodies, urgency: Urgency::Routine });
        let ids = vec![RecordId { tab: tab_id(2), number: 1 }];
        let told = PeerMessage::Settled {
            tab: tab_id(1),
            acked: ids.clone(),
            received: Vec::new(),
            since: None,
            position: None,
            at_ms: 0,
        };
        writer.handle(0, Event::Peer(told));
        let effects = writer.handle(0, Event::Journaled(ids.clone()));
        let settled = effects.iter().find_map(|effect| match effect {
            Effect::Settle { acked, .. } => Some(acked.clone()),
            _ => None,
        });
        assert_eq!(settled, Some(ids));
    }

    #[test]
    fn ctx_9_a_restore_is_one_in_every_tab() {
        let mut leader = leader();
        let pull = request(&leader.handle(0, Event::Save(Urgency::AtOnce)));
        let updates = [
            LogUpdate::edited(vec![1]),
            LogUpdate { update: vec![2], restored: true },
            LogUpdate::edited(vec![3]),
        ];
        let effects = leader.handle(0, reply(&pull, news(4, &updates)));
        use ChangeOrigin::{OtherDevice, Restore};
        let expected: [(&[u8], _); 3] = [(&[1], OtherDevice), (&[2], Restore), (&[3], OtherDevice)];
        assert_eq!(applied(&effects), expected);

        let mut sibling = tab(2);
        let told = effects.iter().find_map(|effect| match effect {
            Effect::Broadcast(message @ PeerMessage::Settled { .. }) => Some(message.clone()),
            _ => None,
        });
        let effects = sibling.handle(0, Event::Peer(told.unwrap()));
        assert_eq!(applied(&effects), expected);
    }
}
