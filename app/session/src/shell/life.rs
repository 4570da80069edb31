//! A session as a whole: taken a step on in its life by its person (SESS-1, SESS-3), or found archived or
//! deleted by another device. What waits here is never dropped for that: it goes on as a copy where the
//! person wants it.

use std::rc::Rc;

use holdfast_domain::id::SessionId;
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::{Error, Result};
use wasm_bindgen_futures::spawn_local;

use super::Shell;
use crate::recovery::{Known, Probe};
use crate::sessions::copy_of;

impl Shell {
    /// Takes a session a step on. What ends or closes it saves first what waits (CTX-5).
    pub(crate) async fn step(self: &Rc<Self>, id: SessionId, step: Step) -> Result<SessionState> {
        let open = self.live().filter(|live| live.id == id);
        let ends = matches!(step, Step::Complete | Step::Archive | Step::Delete);
        if let Some(live) = open.as_ref().filter(|_| ends) {
            live.saved().await;
        }
        let here_only = self.local(id).filter(|local| !local.on_server);
        let state = match (here_only, step) {
            // Nobody else knows of it.
            (Some(local), Step::Delete | Step::Undelete) => local.summary.state.after(step)?,
            _ => self.transport()?.step(id, step).await?,
        };
        self.note_state(id, state);
        if let Some(live) = open {
            if state == SessionState::Deleted {
                self.clone().find(Known::default()).await;
            } else {
                // What was refused before is taken now.
                live.save_now();
            }
        }
        self.refresh();
        Ok(state)
    }

    /// What the server said a session is.
    pub(crate) fn note_state(&self, id: SessionId, state: SessionState) {
        self.relist(id, |listed| listed.state = state);
        if state == SessionState::Deleted {
            self.listed.borrow_mut().retain(|listed| listed.id != id);
        }
        self.change_local(id, |session| session.summary.state = state);
        self.show_sessions();
    }

    /// The server said that a session was deleted: by another device, or by another tab. Where nothing of
    /// it waits here, the page goes on with the next choice and says so.
    pub(crate) fn see_gone(self: &Rc<Self>, id: SessionId) {
        if self.seeing_gone.replace(true) {
            return;
        }
        let shell = self.clone();
        spawn_local(async move {
            shell.clone().look_at_gone(id).await;
            shell.seeing_gone.set(false);
        });
    }

    async fn look_at_gone(self: Rc<Self>, id: SessionId) {
        let Ok(transport) = self.transport() else { return };
        let Err(Error::Gone { until_ms }) = transport.session(id).await else { return };
        self.note_state(id, SessionState::Deleted);
        let waits = self.journal.owing().await.contains(&id);
        if !waits && self.live().is_some_and(|live| live.id == id) {
            let probes = vec![(id, Probe::Gone { until_ms })];
            self.find(Known { asked: Some(id), probes, ..Known::default() }).await;
        }
    }

    /// Goes on with a copy of the open session, which has everything that this device has of it.
    pub(crate) async fn keep_copy(self: &Rc<Self>) -> Result<SessionId> {
        let id = self.live().ok_or(Error::Unavailable)?.id;
        self.go_on_as_copy(id).await?;
        Ok(copy_of(id))
    }
}
