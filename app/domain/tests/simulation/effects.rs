//! Carries out what an engine asks for, as the browser's session layer does.

use holdfast_domain::sync::{Effect, Event, PeerMessage, TransportError};
use holdfast_domain::wire::SaveRequest;

use super::journal::{Failed, Step, Transaction};
use super::world::{Happening, Place, World};

impl World {
    pub(super) fn carry_out(&mut self, place: Place, effects: Vec<Effect>) {
        for effect in effects {
            // An answer of the document may have led to the tab's end.
            if self.tab(place).is_some() {
                self.carry_out_one(place, effect);
            }
        }
    }

    fn carry_out_one(&mut self, place: Place, effect: Effect) {
        match effect {
            Effect::Append(records) => self.write(place, Transaction::Append(records)),
            Effect::Settle { acked, received, since, position } => {
                self.counts.note("settled");
                self.check_acked(place.browser, &acked);
                let failed = Failed::default();
                let forget = Step::Forget(acked.clone());
                let advance = Step::Advance { since, position };
                for step in [Step::Save { acked, received }, forget, advance] {
                    self.write(place, Transaction::Settle(failed.clone(), step));
                }
                if !self.calm && self.chance.one_in(200) {
                    // Before the first step is complete: the others are never taken.
                    self.after(0, Happening::Killed(place));
                }
            }
            // As soon as what is under way before it has completed.
            Effect::ReadJournal => self.after(2, Happening::Lock(place)),
            Effect::Apply { update, .. } => {
                let tab = self.tab(place).unwrap();
                tab.context.apply(&update).expect("updates of the own kind apply");
                if tab.context.take_unblocked() {
                    self.counts.note("unblocked");
                    self.after(0, Happening::Event(place, Event::Unblocked));
                }
            }
            Effect::Broadcast(message) => self.broadcast(place, &message),
            Effect::SayHello { to } => {
                let found = self.tab(place).unwrap();
                let (tab, ungiven) = (place.tab, found.engine.is_ungiven());
                let state_vector = found.context.state_vector();
                self.broadcast(place, &PeerMessage::Hello { tab, to, state_vector, ungiven });
            }
            Effect::TellState { to, state_vector, position, records, ungiven } => {
                let (tab, context) = (place.tab, &self.tab(place).unwrap().context);
                let mut updates = vec![context.difference(&state_vector).unwrap()];
                updates.extend(context.waiting().iter().cloned());
                let state = PeerMessage::State { tab, to, updates, position, records, ungiven };
                self.broadcast(place, &state);
            }
            Effect::Exchange { request, keepalive } => {
                if keepalive {
                    self.counts.note("keepalive request");
                }
                self.send(place, request);
            }
            Effect::Difference { state_vector } => {
                self.counts.note("difference");
                // The journal is read before.
                self.after(2, Happening::Difference(place, state_vector));
            }
            Effect::TakeLead => {
                self.counts.note("lead taken");
                self.steal(place);
            }
            Effect::Show(status) => self.tab(place).unwrap().status = status,
            Effect::OfferCreateAgain => {
                self.counts.note("create again offered");
                let delay_ms = if self.calm { 500 } else { self.chance.between(500, 20_000) };
                let create = self.meta();
                self.after(delay_ms, Happening::Event(place, Event::CreateAgain { create }));
            }
            Effect::Describe { .. } | Effect::OfferReload => {}
        }
    }

    fn write(&mut self, place: Place, transaction: Transaction) {
        self.browsers[place.browser].journal.queue.push_back((place.tab, transaction));
        // The queue keeps the order; each time comes for the oldest.
        let delay_ms = if self.chance.one_in(20) { 40 } else { 1 };
        self.after(delay_ms, Happening::Transaction(place.browser));
    }

    fn broadcast(&mut self, from: Place, message: &PeerMessage) {
        let siblings: Vec<_> = self.browsers[from.browser].tabs.keys().copied().collect();
        for tab in siblings.into_iter().filter(|tab| *tab != from.tab) {
            let place = Place { browser: from.browser, tab };
            if self.is_lost() {
                self.counts.note("peer message lost");
                continue;
            }
            let copies = if !self.calm && self.chance.in_thousand(self.twice) { 2 } else { 1 };
            for copy in 0..copies {
                if copy > 0 {
                    self.counts.note("peer message twice");
                }
                let late = !self.calm && self.chance.one_in(10);
                let delay_ms = self.chance.between(1, if late { 400 } else { 4 });
                self.after(delay_ms, Happening::Message(place, message.clone()));
            }
        }
    }

    fn send(&mut self, place: Place, request: SaveRequest) {
        let unreachable = Happening::Reply(place, request.batch, Err(TransportError::Unreachable));
        if self.browsers[place.browser].offline {
            self.counts.note("request offline");
            self.after(20, unreachable);
        } else if self.is_lost() {
            self.counts.note("request lost");
            self.after(10_000, unreachable);
        } else {
            let delay_ms = self.chance.between(5, 300);
            if !self.calm && self.chance.in_thousand(self.twice) {
                self.counts.note("request twice");
                let late_ms = self.chance.between(5, 9_000);
                self.after(late_ms, Happening::Request(None, request.clone()));
            }
            self.after(delay_ms, Happening::Request(Some(place), request));
        }
    }

    fn steal(&mut self, place: Place) {
        let held = self.browsers[place.browser].lock.replace(place.tab);
        let delay_ms = self.chance.between(1, 20);
        self.after(delay_ms, Happening::Lock(place));
        if let Some(tab) = held.filter(|tab| *tab != place.tab) {
            let holder = Place { tab, ..place };
            self.after(delay_ms, Happening::Event(holder, Event::Following));
        }
    }
}
