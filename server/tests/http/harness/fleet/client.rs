//! One tab that is typed into and saves.

use std::time::Duration;

use holdfast_domain::wire::{Position, SaveOutcome, SaveReply, SaveRequest};
use serde_json::json;

use super::saving::{Line, Refusal, Told};
use crate::harness::{Device, Guest};

/// What a client waits before it tries again.
const AGAIN: Duration = Duration::from_millis(20);

pub(super) struct Client {
    pub(super) guest: Guest,
    pub(super) device: Device,
    pub(super) key: String,
    /// In order; the last may be unacknowledged.
    pub(super) updates: Vec<Vec<u8>>,
    pub(super) acknowledged: usize,
    /// How far it has the log, so that no answer brings all of it.
    have: Option<Position>,
}

impl Client {
    pub(super) fn new(guest: Guest, device: Device, key: String) -> Self {
        Self { guest, device, key, updates: Vec::new(), acknowledged: 0, have: None }
    }

    /// Types and saves, tries again where it was refused or not answered, until it is told to stop.
    pub(super) async fn save_until_stopped(mut self, line: Line) -> Self {
        while !line.stopped() {
            if self.acknowledged == self.updates.len() {
                let value = self.updates.len();
                let update = self.device.edit(&json!({ self.key.as_str(): value }));
                self.updates.push(update);
            }
            let unheard = self.updates[self.acknowledged..].iter().cloned();
            let request = SaveRequest { have: self.have, ..self.device.save(unheard) };
            match self.guest.try_save(&request).await {
                Some(answer) if answer.status == 200 => {
                    let reply = answer.message::<SaveReply>();
                    assert_eq!(reply.outcome, SaveOutcome::Acked);
                    self.have = Some(reply.news.position);
                    self.acknowledged = self.updates.len();
                    line.tell(Told::Acknowledged);
                    continue;
                }
                Some(answer) => line.tell(Told::Refused(Refusal::of(&answer))),
                None => line.tell(Told::Nothing),
            }
            tokio::time::sleep(AGAIN).await;
        }
        self
    }
}
