//! Clients that save all the time and record what was acknowledged: the oracle of every fault of a server.
//!
//! Whatever happens to it, each acknowledged update is in the log exactly once, nothing is there that nobody
//! sent, and all replicas read the same.

mod client;
mod record;
mod saving;

use holdfast_domain::wire::{SaveOutcome, SaveReply};
use serde_json::Value;

use super::{Device, Guest};
use client::Client;
use record::Record;
pub(crate) use saving::Refusal;
use saving::Saving;

/// Updates in one request.
const SENT_AGAIN: usize = 200;

/// Several clients to a session, which share its guest.
pub(crate) struct Fleet {
    clients: Vec<Client>,
    /// One for each session, which is that of every so many clients.
    records: Vec<Record>,
}

impl Fleet {
    /// Nothing is saved yet.
    pub(crate) async fn visit(url: &str, clients: usize, sessions: usize) -> Self {
        let mut fleet = Self { clients: Vec::new(), records: Vec::new() };
        for number in 0..clients {
            let (guest, device) = match fleet.clients.get(number % sessions) {
                Some(first) => (first.guest.clone(), Device::of(first.device.session)),
                None => (Guest::visit(url).await, Device::new()),
            };
            if number < sessions {
                fleet.records.push(Record::new(device.session));
            }
            fleet.clients.push(Client::new(guest, device, format!("client{number}")));
        }
        fleet
    }

    /// The server came back elsewhere, or something stands before it now.
    pub(crate) fn at(&mut self, url: &str) {
        for client in &mut self.clients {
            client.guest = client.guest.at(url);
        }
    }

    /// The guest of the first session, and a device of it that has nothing.
    pub(crate) fn first(&self) -> (Guest, Device) {
        let Client { guest, device, .. } = &self.clients[0];
        (guest.clone(), Device::of(device.session))
    }

    /// Lets all of them save, until it is stopped.
    pub(crate) fn save(self) -> Saving {
        Saving::start(self.clients, self.records)
    }

    /// What was acknowledged is there, once; what was not may be there too, whole and once.
    pub(crate) async fn check(&mut self) {
        self.read(false).await;
    }

    /// As [`Self::check`]. Then whoever heard nothing sends again, and so do those whose acknowledgement was
    /// lost: all of it is there, once, and everybody reads the same.
    pub(crate) async fn finish(mut self) {
        self.check().await;
        self.give_again().await;
    }

    /// How much of what each client sent is acknowledged, for [`Self::check_what_was`].
    pub(crate) fn acknowledged(&self) -> Vec<usize> {
        self.clients.iter().map(|client| client.acknowledged).collect()
    }

    /// What was acknowledged at a time is there, once; what came later may be there or not.
    pub(crate) async fn check_what_was(&mut self, acknowledged: &[usize]) {
        let sessions = self.records.len();
        for (session, record) in self.records.iter_mut().enumerate() {
            record.read(&self.clients[session].guest).await;
            let clients = self.clients.iter().zip(acknowledged);
            for (client, acknowledged) in clients.skip(session).step_by(sessions) {
                for update in &client.updates[..*acknowledged] {
                    assert_eq!(record.times(update), 1, "how often it is there");
                }
            }
        }
    }

    /// Everybody sends all they have, to a server that may have less: all of it is there, once, and everybody
    /// reads the same.
    pub(crate) async fn give_again(mut self) {
        for client in &self.clients {
            for updates in client.updates.chunks(SENT_AGAIN) {
                let request = client.device.save(updates.iter().cloned());
                let reply = client.guest.save(&request).await.message::<SaveReply>();
                assert_eq!(reply.outcome, SaveOutcome::Acked);
            }
        }
        self.read(true).await;
        let sessions = self.records.len();
        let read: Vec<Value> = self.records.iter().map(Record::json).collect();
        for (number, client) in self.clients.iter_mut().enumerate() {
            for update in &self.records[number % sessions].log {
                client.device.context.apply(update).unwrap();
            }
            let read = &read[number % sessions];
            assert_eq!(client.device.context.to_json(), *read, "every replica reads the same");
            let newest = client.updates.len().checked_sub(1);
            assert_eq!(read[&client.key].as_u64(), newest.map(|value| value as u64));
        }
    }

    /// How many updates were sent and never acknowledged, so far.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.clients.iter().map(|client| client.updates.len() - client.acknowledged).sum()
    }

    async fn read(&mut self, all: bool) {
        let sessions = self.records.len();
        for (session, record) in self.records.iter_mut().enumerate() {
            let clients: Vec<&Client> =
                self.clients.iter().skip(session).step_by(sessions).collect();
            record.read(&clients[0].guest).await;
            record.check(&clients, all);
        }
    }
}
