//! What happens when something that was under way arrives.

use holdfast_domain::sync::{Event, StorageTier, TransportError};
use holdfast_domain::wire::{SaveRequest, open, seal};

use super::journal::Transaction;
use super::world::{Happening, Place, World};

impl World {
    pub(super) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event(place, event) => self.event(place, event),
            Happening::Message(place, message) => {
                let message = open(&seal(&message)).expect("a sealed message opens");
                self.event(place, Event::Peer(message));
            }
            Happening::Request(place, request) => self.arrive(place, &request),
            Happening::Reply(place, batch, result) => {
                let result = result.map(|reply| open(&seal(&reply)).expect("a sealed reply opens"));
                self.event(place, Event::Exchanged { batch, result });
            }
            Happening::Transaction(browser) => self.complete(browser),
            Happening::Lock(place) => self.lock(place),
            Happening::Difference(place, state_vector) => self.difference(place, &state_vector),
            Happening::Wake(place, at_ms) => self.wake(place, at_ms),
            Happening::Killed(place) => self.kill_tab(place),
        }
    }

    fn arrive(&mut self, place: Option<Place>, request: &SaveRequest) {
        let request: SaveRequest = open(&seal(request)).expect("a sealed request opens");
        let reply = self.server.handle(&request);
        self.counts.note(match &reply {
            Ok(reply) => match reply.outcome {
                holdfast_domain::wire::SaveOutcome::Acked => "acked",
                holdfast_domain::wire::SaveOutcome::MissingDependency => "missing dependency",
                holdfast_domain::wire::SaveOutcome::Refused { .. } => "item refused",
            },
            Err(TransportError::Unreachable) => "server down",
            Err(TransportError::UnexpectedAnswer) => "captive portal",
            Err(TransportError::Refused { error, .. }) => error.code(),
        });
        self.tell(|| {
            format!(
                "server: {} items of {place:?} -> {}, log {}",
                request.items.len(),
                match &reply {
                    Ok(reply) => format!(
                        "{:?} {:?} more {}",
                        reply.outcome, reply.news.position, reply.news.more
                    ),
                    Err(error) => format!("{error:?}"),
                },
                self.server.log.len()
            )
        });
        let Some(place) = place else { return };
        if self.is_lost() || self.browsers[place.browser].offline {
            self.counts.note("reply lost");
            let unreachable = Err(TransportError::Unreachable);
            self.after(10_000, Happening::Reply(place, request.batch, unreachable));
        } else {
            let delay_ms = self.chance.between(5, 400);
            self.after(delay_ms, Happening::Reply(place, request.batch, reply));
        }
    }

    /// Whether the network loses something.
    pub(super) fn is_lost(&mut self) -> bool {
        !self.calm && self.chance.in_thousand(self.lost)
    }

    fn complete(&mut self, browser: usize) {
        let journal = &mut self.browsers[browser].journal;
        let Some((tab, transaction)) = journal.queue.pop_front() else { return };
        let appends = matches!(transaction, Transaction::Append(_));
        let done = journal.complete(tab, transaction);
        if done.is_err() {
            self.counts.note("append failed");
        } else if !appends && self.browsers[browser].journal.fails {
            self.counts.note("settlement failed");
        }
        if appends {
            let event = done.map_or_else(Event::JournalFailed, Event::Journaled);
            self.event(Place { browser, tab }, event);
        }
    }

    fn lock(&mut self, place: Place) {
        let browser = &mut self.browsers[place.browser];
        if browser.lock != Some(place.tab) {
            return;
        }
        let pending = browser.journal.state().pending;
        let Some(tab) = self.tab(place) else { return };
        let waits = !tab.context.waiting().is_empty();
        self.event(place, Event::Leading { pending, waits });
    }

    fn difference(&mut self, place: Place, state_vector: &[u8]) {
        let browser = &mut self.browsers[place.browser];
        let Some(tab) = browser.tabs.get_mut(&place.tab) else { return };
        if browser.journal.tier != StorageTier::Memory {
            tab.context.apply_all(browser.journal.updates()).unwrap();
        }
        let update = tab.context.difference(state_vector).unwrap();
        let complete = tab.context.waiting().is_empty();
        self.event(place, Event::Difference { update, complete });
    }

    fn wake(&mut self, place: Place, at_ms: i64) {
        let Some(tab) = self.tab(place) else { return };
        // A later event may have set another time.
        if tab.wake_at_ms.take_if(|set_for| *set_for == at_ms).is_some() {
            self.event(place, Event::Tick);
        }
    }

    /// An event reaches a tab, if it is still there.
    pub(super) fn event(&mut self, place: Place, event: Event) {
        let now_ms = self.now_ms + self.browsers[place.browser].clock_ms;
        let Some(tab) = self.browsers[place.browser].tabs.get_mut(&place.tab) else { return };
        if tab.frozen {
            tab.backlog.push(event);
            return;
        }
        if self.verbose {
            println!(
                "{:>8} {} {} {event:?}",
                self.now_ms - super::world::START_MS,
                place.browser,
                place.tab
            );
        }
        let effects = tab.engine.handle(now_ms, event);
        if self.verbose {
            effects.iter().for_each(|effect| println!("             -> {effect:?}"));
        }
        self.carry_out(place, effects);
        self.check_truth(place);
        self.schedule_wake(place);
    }

    fn schedule_wake(&mut self, place: Place) {
        let clock_ms = self.browsers[place.browser].clock_ms;
        let now_ms = self.now_ms + clock_ms;
        let Some(tab) = self.tab(place) else { return };
        let Some(at_ms) = tab.engine.wake_at_ms() else { return };
        assert!(
            at_ms > now_ms || tab.frozen,
            "an engine that is due at once after an event runs hot: {at_ms} at {now_ms}"
        );
        if tab.wake_at_ms.replace(at_ms) != Some(at_ms) {
            self.after((at_ms - now_ms).max(0), Happening::Wake(place, at_ms));
        }
    }
}
