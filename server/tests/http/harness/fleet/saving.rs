//! A fleet at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;

use super::Fleet;
use super::client::Client;
use super::record::Record;
use crate::harness::Answer;

/// How long nobody may hear anything. A server that waits for a database answers within seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a save was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) retry_after: String,
}

impl Refusal {
    pub(super) fn of(answer: &Answer) -> Self {
        let (status, code) = answer.refusal();
        Self { status, code, retry_after: answer.header("retry-after").into() }
    }
}

/// What a client heard.
pub(super) enum Told {
    Acknowledged,
    Refused(Refusal),
    Nothing,
}

/// A client's side.
#[derive(Clone)]
pub(super) struct Line {
    tell: UnboundedSender<Told>,
    stop: Arc<AtomicBool>,
}

impl Line {
    pub(super) fn tell(&self, told: Told) {
        // Nobody listens any more once it is being stopped.
        let _ = self.tell.send(told);
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

pub(crate) struct Saving {
    clients: Vec<JoinHandle<Client>>,
    records: Vec<Record>,
    told: UnboundedReceiver<Told>,
    stop: Arc<AtomicBool>,
    /// Every refusal that was heard so far.
    pub(crate) refusals: Vec<Refusal>,
    /// How often there was no answer, so far.
    pub(crate) unanswered: usize,
}

impl Saving {
    pub(super) fn start(clients: Vec<Client>, records: Vec<Record>) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let stop = Arc::<AtomicBool>::default();
        let line = Line { tell, stop: stop.clone() };
        let save = |client: Client| tokio::spawn(client.save_until_stopped(line.clone()));
        let clients = clients.into_iter().map(save).collect();
        Self { clients, records, told, stop, refusals: Vec::new(), unanswered: 0 }
    }

    /// Waits for so many acknowledgements from now on.
    pub(crate) async fn acknowledged(&mut self, count: usize) {
        self.forget();
        let mut heard = 0;
        while heard < count {
            heard += usize::from(self.hear().await);
        }
    }

    /// Waits for so many refusals from now on; how many acknowledgements came between them.
    pub(crate) async fn refused(&mut self, count: usize) -> usize {
        self.forget();
        let (before, mut acknowledged) = (self.refusals.len(), 0);
        while self.refusals.len() < before + count {
            acknowledged += usize::from(self.hear().await);
        }
        acknowledged
    }

    /// Waits until somebody gets no answer.
    pub(crate) async fn unanswered(&mut self, count: usize) {
        while self.unanswered < count {
            self.hear().await;
        }
    }

    /// Lets everybody end what is begun.
    pub(crate) async fn stop(mut self) -> Fleet {
        self.stop.store(true, Ordering::Relaxed);
        let mut clients = Vec::new();
        for client in self.clients.drain(..) {
            clients.push(client.await.unwrap());
        }
        Fleet { clients, records: self.records }
    }

    /// What was said before is no answer to what happens now.
    fn forget(&mut self) {
        while let Ok(told) = self.told.try_recv() {
            self.note(told);
        }
    }

    /// Whether it was an acknowledgement.
    async fn hear(&mut self) -> bool {
        // A client that panicked says why by itself.
        let told = tokio::time::timeout(PATIENCE, self.told.recv()).await;
        let told = told.expect("no client heard anything for two minutes").unwrap();
        self.note(told)
    }

    fn note(&mut self, told: Told) -> bool {
        match told {
            Told::Acknowledged => return true,
            Told::Refused(refusal) => self.refusals.push(refusal),
            Told::Nothing => self.unanswered += 1,
        }
        false
    }
}
