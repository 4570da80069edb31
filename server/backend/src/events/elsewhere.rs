//! What other processes on the same database write rings no bell here: it is asked for, as long as somebody watches.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use tokio::task::JoinHandle;

use super::Topic;
use super::read::Mark;
use crate::store::Store;

/// Sessions asked for by one statement.
const AT_ONCE: usize = 500;

/// The task that asks.
pub(crate) struct Elsewhere(Mutex<Option<JoinHandle<()>>>);

impl Elsewhere {
    pub(crate) fn start(store: Weak<Store>, every: Duration) -> Self {
        Self(Mutex::new(Some(tokio::spawn(keep_asking(store, every)))))
    }

    pub(crate) fn close(&self) {
        if let Some(task) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn keep_asking(store: Weak<Store>, every: Duration) {
    let mut known = HashMap::new();
    loop {
        tokio::time::sleep(every).await;
        let Some(store) = store.upgrade() else { return };
        // A database that does not answer is asked again; who watches learns of it by their own reading.
        let _ = ask(&store, &mut known).await;
    }
}

async fn ask(store: &Store, known: &mut HashMap<SessionId, (i64, i64)>) -> Result<()> {
    let watched = store.database.doorbell.sessions();
    known.retain(|session, _| watched.contains(session));
    for some in watched.chunks(AT_ONCE) {
        let mut connection = store.database.read().await?;
        for mark in Mark::of(&mut connection, some.iter().copied()).await? {
            let at = (mark.seq, mark.context);
            // Nothing is known of a new one: it has just been read by whoever watches it.
            if known.insert(mark.session, at).is_none_or(|before| before != at) {
                store.database.doorbell.ring(Topic::Session(mark.session));
            }
        }
    }
    Ok(())
}
