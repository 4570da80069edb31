//! Carrying out what the sync engine says.

use std::rc::Rc;

use holdfast_domain::Environment;
use holdfast_domain::Error;
use holdfast_domain::id::TabId;
use holdfast_domain::session::SessionState;
use holdfast_domain::sync::{
    ChangeOrigin, Effect, Event, JournalRecord, PeerMessage, RecordId, SaveStatus, TransportError,
};
use holdfast_domain::wire::{Position, SaveReply, SaveRequest};
use wasm_bindgen_futures::spawn_local;

use super::Live;
use super::checked::check_reply;
use crate::Notice;
use crate::browser::{Browser, sleep, spawn_now};
use crate::journal::{Settlement, StoreError, race};
use crate::shell::Shell;

/// The codes of [`Error::Gone`] and [`Error::Archived`], as a status has them.
const GONE: &str = "gone";
const ARCHIVED: &str = "archived";

/// After this long an answer is taken to never come; the request is repeated later, and the server
/// keeps what it got exactly once.
const ANSWER_MS: u32 = 30_000;

/// While fewer appends than this are under way...
const ASIDE: u32 = 64;
/// ...a change as large as what a person types or pastes is put aside as well: that costs a key microseconds.
const ASIDE_BYTES: usize = 64 * 1024;

impl Live {
    pub(super) fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Append(records) => self.append(records),
            Effect::Settle { acked, received, since, position } => {
                self.settle(acked, received, since, position);
            }
            Effect::ReadJournal => self.read_for_leading(),
            Effect::Apply { update, origin } => self.apply(&update, origin),
            Effect::Broadcast(message) => self.say(&message),
            Effect::Exchange { request, keepalive } => self.exchange(request, keepalive),
            Effect::Difference { state_vector } => self.give_difference(state_vector),
            Effect::SayHello { to } => self.say_hello(to),
            Effect::TellState { to, state_vector, position, records, ungiven } => {
                self.tell_state(to, &state_vector, position, records, ungiven);
            }
            Effect::TakeLead => self.take_lead(),
            Effect::Show(status) => self.show_status(status),
            Effect::OfferCreateAgain => {
                if let Some(shell) = self.shell.upgrade() {
                    shell.offer_create_again(self.id);
                }
            }
            Effect::Describe { name, state } => {
                if let Some(shell) = self.shell.upgrade() {
                    shell.describe(self.id, name, state);
                }
            }
            Effect::OfferReload => {
                if crate::shell::may_offer_reload() {
                    self.notify(Notice::ReloadOffered);
                }
            }
        }
    }

    /// Issued in this task: the transaction is on its way when the input event ends (CTX-2).
    fn append(self: &Rc<Self>, records: Vec<JournalRecord>) {
        let Some(shell) = self.shell.upgrade() else { return };
        let new_snapshot = self.note_snapshots(&records);
        let (live, journal) = (self.clone(), shell.journal.clone());
        let bytes = |record: &JournalRecord| record.update().map_or(0, <[u8]>::len);
        let is_small = records.iter().map(bytes).sum::<usize>() <= ASIDE_BYTES;
        // A page that is killed takes along what the browser has not come to: another transaction stands before
        // it, or the browser looks first how much room there is.
        let aside = is_small && self.appending.get() < ASIDE;
        if aside {
            journal.put_aside(self.id, &records);
        }
        self.appending.set(self.appending.get() + 1);
        spawn_now(async move {
            let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
            let appended = journal.append(live.id, &records).await;
            live.appending.set(live.appending.get().saturating_sub(1));
            match appended {
                Ok(()) => {
                    live.note_journaled(&ids);
                    live.feed(Event::Journaled(ids.clone()));
                    if aside {
                        journal.take_back(live.id, &ids);
                    }
                    crate::shell::ask_to_persist();
                }
                Err(_) => live.feed(Event::JournalFailed(ids)),
            }
            live.tell_tier();
        });
        if new_snapshot {
            self.with_shown(|shell| shell.show_snapshots());
        }
    }

    fn settle(
        self: &Rc<Self>,
        acked: Vec<RecordId>,
        received: Vec<Vec<u8>>,
        since: Option<Position>,
        position: Option<Position>,
    ) {
        let Some(shell) = self.shell.upgrade() else { return };
        self.settlements.set(self.settlements.get() + 1);
        let name = format!("{}.s{}", self.tab, self.settlements.get());
        self.forget_acked(&acked);
        let settlement = Settlement { name, acked, received, since, position };
        self.settling.borrow_mut().push_back(settlement);
        if self.is_settling.replace(true) {
            return;
        }
        let (live, journal) = (self.clone(), shell.journal.clone());
        spawn_now(async move {
            // In their order: a position is kept only where the one before it is.
            let next = || live.settling.borrow_mut().pop_front();
            while let Some(settlement) = next() {
                journal.settle(live.id, settlement).await;
                live.tell_tier();
            }
            live.is_settling.set(false);
        });
    }

    /// The server has these: snapshots among them are in its list when it is read again.
    pub(super) fn forget_acked(&self, acked: &[RecordId]) {
        let mut journaled = self.journaled.borrow_mut();
        for id in acked {
            journaled.remove(id);
        }
        drop(journaled);
        let taken = {
            let mut snapshots = self.snapshots.borrow_mut();
            let taken = snapshots.extract_if(.., |(id, _)| acked.contains(id));
            let mut here = self.taken.borrow_mut();
            let before = here.len();
            here.extend(taken.map(|(_, request)| request));
            here.len() > before
        };
        if taken {
            self.with_shown(Shell::refresh_snapshots);
        }
    }

    fn apply(self: &Rc<Self>, update: &[u8], origin: ChangeOrigin) {
        let applied = self.context.borrow_mut().apply(update);
        if self.context.borrow_mut().take_unblocked() {
            self.feed(Event::Unblocked);
        }
        match applied {
            Ok(changes) if changes.paths.is_empty() => {}
            Ok(changes) => self.changed(origin, &changes),
            Err(_) => self.notify(Notice::Damaged { records: 1 }),
        }
    }

    fn exchange(self: &Rc<Self>, request: SaveRequest, keepalive: bool) {
        let number = self.exchanges.get() + 1;
        self.exchanges.set(number);
        let batch = request.batch;
        let transport = self.shell.upgrade().and_then(|shell| shell.transport().ok());
        let Some(transport) = transport else {
            let result = Err(TransportError::Unreachable);
            self.feed(Event::Exchanged { batch, result });
            return;
        };
        let answer = if keepalive {
            transport.exchange_leaving(&request)
        } else {
            transport.exchange(request)
        };
        self.in_flight.set(true);
        let live = self.clone();
        spawn_local(async move {
            let answer = race(answer, sleep(ANSWER_MS)).await;
            let answer = answer.unwrap_or(Err(TransportError::Unreachable));
            let result = answer.and_then(checked);
            if live.exchanges.get() == number {
                live.in_flight.set(false);
            }
            live.feed(Event::Exchanged { batch, result });
        });
    }

    /// Whether an exchange with the server is under way.
    pub(super) fn exchanging(&self) -> bool {
        self.in_flight.get()
    }

    /// All that this browser has beyond a state vector: what other tabs did and this one missed is in the
    /// journal.
    fn give_difference(self: &Rc<Self>, state_vector: Vec<u8>) {
        let live = self.clone();
        spawn_local(async move {
            live.read_again().await;
            let update = live.difference(&state_vector);
            let complete = !live.waits();
            live.feed(Event::Difference { update, complete });
        });
    }

    pub(super) fn difference(&self, state_vector: &[u8]) -> Vec<u8> {
        let context = self.context.borrow();
        context.difference(state_vector).unwrap_or_else(|_| context.encode())
    }

    fn tell_state(
        &self,
        to: TabId,
        state_vector: &[u8],
        position: Option<Position>,
        records: Vec<JournalRecord>,
        ungiven: bool,
    ) {
        let (tab, mut updates) = (self.tab, vec![self.difference(state_vector)]);
        updates.extend(self.context.borrow().waiting().iter().cloned());
        self.say(&PeerMessage::State { tab, to, updates, position, records, ungiven });
    }

    fn show_status(&self, status: SaveStatus) {
        let Some(shell) = self.shell.upgrade() else { return };
        let status = match status {
            // The engine only knows that the store refused it.
            SaveStatus::NotSaved { waiting, code, .. }
                if code == "storage_refused" && shell.journal.is_full() =>
            {
                SaveStatus::NotSaved {
                    waiting,
                    reason: FULL.into(),
                    code: Error::StorageFull.code().into(),
                }
            }
            status => status,
        };
        let is_back = match status {
            SaveStatus::Offline { .. } => {
                self.offline.set(true);
                false
            }
            SaveStatus::Saved { .. } | SaveStatus::OnDevice { .. } => self.offline.replace(false),
            // While a key goes into the journal nothing is said of the server.
            SaveStatus::Saving { .. } | SaveStatus::NotSaved { .. } => false,
        };
        let is_gone = matches!(&status, SaveStatus::NotSaved { code, .. } if code == GONE);
        if matches!(&status, SaveStatus::NotSaved { code, .. } if code == ARCHIVED) {
            // A refusal brings no news of the session: another device put it away.
            shell.note_state(self.id, SessionState::Archived);
        }
        self.status.replace(Some(status));
        shell.show_status();
        if is_gone && shell.shows(self) {
            shell.see_gone(self.id);
        }
        if is_back && shell.shows(self) {
            shell.send_owing();
        }
    }

    /// What the indicator says of this session; `None` before its journal is read.
    pub(crate) fn status(&self) -> Option<SaveStatus> {
        self.status.borrow().clone()
    }

    /// What this tab's clock says, for whoever needs it here.
    pub(super) fn now_ms(&self) -> i64 {
        Browser.now_ms()
    }
}

/// A reply with something in it that this build cannot take in is refused whole: nothing says how much
/// else of it is true, and the next one may be sound.
fn checked(reply: SaveReply) -> Result<SaveReply, TransportError> {
    let refused = |error| TransportError::Refused { error, retry_after_ms: None };
    check_reply(&reply).map_err(refused)?;
    Ok(reply)
}

/// What is there was kept, so only the newest changes are at stake.
const FULL: &str = "Not saved on this device: its storage for this site is full. The newest changes are only in this window until the server has them; everything before is safe.";

/// A store's refusal in the words of the domain.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StorageFull,
            StoreError::Silent | StoreError::Broken => Self::Unavailable,
        }
    }
}
