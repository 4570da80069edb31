//! The log of one session, read from outside.

use std::collections::HashMap;

use holdfast_domain::Context;
use holdfast_domain::id::SessionId;
use holdfast_domain::wire::{Position, SaveReply};
use serde_json::Value;

use super::client::Client;
use crate::harness::{Device, Guest};

pub(super) struct Record {
    device: Device,
    /// Every update, in the log's order.
    pub(super) log: Vec<Vec<u8>>,
    times: HashMap<Vec<u8>, usize>,
}

impl Record {
    pub(super) fn new(session: SessionId) -> Self {
        Self { device: Device::of(session), log: Vec::new(), times: HashMap::new() }
    }

    /// Reads all of it anew, row by row: what was there before may be gone.
    pub(super) async fn read(&mut self, guest: &Guest) {
        self.log.clear();
        self.times.clear();
        let first = guest.save(&self.device.pull(None)).await;
        // Nobody's first save arrived.
        if first.status == 404 {
            return;
        }
        // To somebody who has nothing the server gives a base in the place of many rows.
        let position = first.message::<SaveReply>().news.position;
        let mut have = Position { seq: 0, ..position };
        loop {
            let answer = guest.save(&self.device.pull(Some(have))).await;
            let news = answer.message::<SaveReply>().news;
            for of_log in news.updates {
                *self.times.entry(of_log.update.clone()).or_default() += 1;
                self.log.push(of_log.update);
            }
            have = news.position;
            if !news.more {
                return;
            }
        }
    }

    pub(super) fn times(&self, update: &[u8]) -> usize {
        self.times.get(update).copied().unwrap_or(0)
    }

    /// What the updates come to.
    pub(super) fn json(&self) -> Value {
        let mut context = Context::new(1);
        for update in &self.log {
            context.apply(update).unwrap();
        }
        context.to_json()
    }

    /// Compares it with what `clients`, all that write into the session, know. `all`: whatever they sent was
    /// acknowledged in the end.
    pub(super) fn check(&self, clients: &[&Client], all: bool) {
        let mut expected = 0;
        for client in clients {
            let there = if all { client.updates.len() } else { client.acknowledged };
            for update in &client.updates[..there] {
                assert_eq!(self.times(update), 1, "how often an acknowledged update is there");
            }
            for update in &client.updates[there..] {
                let times = self.times(update);
                assert!(times <= 1, "an update is there {times} times");
                expected += times;
            }
            expected += there;
        }
        assert_eq!(self.log.len(), expected, "nothing else is in the log");
    }
}
