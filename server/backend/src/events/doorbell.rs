//! Wakes whoever waits for something to happen in a session. It says that there is something to read, never what.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use holdfast_domain::id::{AccountId, JobId, SessionId};
use tokio::sync::Notify;

/// What somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// Something in a session.
    Session(SessionId),
    /// Who an account is: a sign-in that ends, for example.
    Account(AccountId),
    /// That there is a job to begin.
    Jobs,
    /// What is wanted of a job.
    Job(JobId),
}

type Waiting = HashMap<Topic, Vec<Arc<Notify>>>;

/// All who wait in this process.
#[derive(Default)]
pub(crate) struct Doorbell {
    waiting: Mutex<Waiting>,
    closed: AtomicBool,
}

impl Doorbell {
    /// Wakes whoever waits for this.
    pub(crate) fn ring(&self, topic: Topic) {
        let waiting = self.waiting();
        waiting.get(&topic).into_iter().flatten().for_each(|waiter| waiter.notify_one());
    }

    /// Wakes everybody, for good.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.waiting().values().flatten().for_each(|waiter| waiter.notify_one());
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The sessions that somebody waits for.
    pub(crate) fn sessions(&self) -> Vec<SessionId> {
        let waiting = self.waiting();
        let sessions = waiting.keys().filter_map(|topic| match topic {
            Topic::Session(session) => Some(*session),
            Topic::Account(_) | Topic::Jobs | Topic::Job(_) => None,
        });
        sessions.collect()
    }

    /// How many wait for this.
    pub(crate) fn count(&self, topic: Topic) -> usize {
        self.waiting().get(&topic).map_or(0, Vec::len)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody at the door, until it is dropped.
pub(crate) struct Waiter {
    doorbell: Arc<Doorbell>,
    topics: Vec<Topic>,
    woken: Arc<Notify>,
}

impl Waiter {
    /// What rings from now on is not missed.
    pub(crate) fn new(doorbell: Arc<Doorbell>, topics: Vec<Topic>) -> Self {
        let woken = Arc::new(Notify::new());
        let mut waiting = doorbell.waiting();
        for topic in &topics {
            waiting.entry(*topic).or_default().push(woken.clone());
        }
        drop(waiting);
        Self { doorbell, topics, woken }
    }

    /// Waits until it rings; at once, if it did since the last time.
    pub(crate) async fn rung(&self) {
        if !self.doorbell.is_closed() {
            self.woken.notified().await;
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut waiting = self.doorbell.waiting();
        for topic in &self.topics {
            let Some(waiters) = waiting.get_mut(topic) else { continue };
            waiters.retain(|waiter| !Arc::ptr_eq(waiter, &self.woken));
            if waiters.is_empty() {
                waiting.remove(topic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_domain::Environment;

    use super::*;
    use crate::SystemEnvironment;

    #[tokio::test]
    async fn job_3_a_ring_is_not_missed_and_nobody_is_kept_who_left() {
        let doorbell = Arc::<Doorbell>::default();
        let (session, other) = (SystemEnvironment.uuid().into(), SystemEnvironment.uuid().into());
        let waiter = Waiter::new(doorbell.clone(), vec![Topic::Session(session)]);
        doorbell.ring(Topic::Session(session));
        doorbell.ring(Topic::Session(session));
        waiter.rung().await;
        doorbell.ring(Topic::Session(other));
        let rung = tokio::time::timeout(std::time::Duration::from_millis(20), waiter.rung());
        assert!(rung.await.is_err(), "both rings were one, and the other is not its");
        assert_eq!(doorbell.sessions(), [session]);
        doorbell.close();
        waiter.rung().await;
        drop(waiter);
        assert_eq!(doorbell.sessions(), []);
    }
}
