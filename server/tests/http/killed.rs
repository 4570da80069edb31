//! The server is killed while fifty clients save: what it acknowledged is in the log, once (SYNC-1).

use std::collections::BTreeMap;

use holdfast_domain::Context;
use holdfast_domain::wire::{SaveOutcome, SaveReply};
use serde_json::json;
use tokio::sync::mpsc;

use crate::harness::{Database, Device, Guest, Kind, Program};

const CLIENTS: usize = 50;
const SESSIONS: usize = 10;
/// How often the server is killed, each time after so many acknowledgements.
const LIVES: usize = 3;
const ACKS_PER_LIFE: usize = 200;

/// One tab. Five share a session, and its guest.
struct Client {
    guest: Guest,
    device: Device,
    key: String,
    /// In order; the last may be unacknowledged.
    updates: Vec<Vec<u8>>,
    acknowledged: usize,
}

impl Client {
    /// Types and saves until the server is gone.
    async fn save_until_killed(mut self, acks: mpsc::UnboundedSender<()>) -> Self {
        loop {
            if self.acknowledged == self.updates.len() {
                let value = self.updates.len();
                let update = self.device.edit(&json!({ self.key.as_str(): value }));
                self.updates.push(update);
            }
            let request = self.device.save(self.updates[self.acknowledged..].iter().cloned());
            let Some(answer) = self.guest.try_save(&request).await else { return self };
            assert_eq!(answer.message::<SaveReply>().outcome, SaveOutcome::Acked);
            self.acknowledged = self.updates.len();
            // Nobody counts any more once the server is being killed.
            let _ = acks.send(());
        }
    }
}

/// What each session has to have: its clients' updates.
async fn check(clients: &[Client], all: bool) {
    for (session, first) in clients.iter().take(SESSIONS).enumerate() {
        let log = first.device.log(&first.guest).await;
        let mut times: BTreeMap<&[u8], usize> = BTreeMap::new();
        for update in &log {
            *times.entry(update).or_default() += 1;
        }
        let mut read = Context::new(1);
        for update in &log {
            read.apply(update).unwrap();
        }
        let read = read.to_json();
        let mut expected = 0;
        for client in clients.iter().skip(session).step_by(SESSIONS) {
            let there = if all { client.updates.len() } else { client.acknowledged };
            for update in &client.updates[..there] {
                assert_eq!(times.get(update.as_slice()), Some(&1), "an acknowledged update");
            }
            // One that was not acknowledged may be there too, whole and once.
            for update in &client.updates[there..] {
                let times = times.get(update.as_slice()).copied().unwrap_or(0);
                assert!(times <= 1, "an update is there {times} times");
                expected += times;
            }
            expected += there;
            // Nothing where it was killed before this one had its first acknowledgement.
            let written = read[&client.key].as_u64().map_or(0, |value| value + 1);
            assert!(written >= client.acknowledged as u64, "the newest value is read");
        }
        assert_eq!(log.len(), expected, "nothing else is in the log");
    }
}

async fn nothing_acknowledged_is_lost(kind: Kind) {
    let database = Database::create(kind).await;
    let mut program = Program::start(&database).await;
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        // The same guest and session as the one ten before.
        let (guest, device) = match clients.get(number % SESSIONS) {
            Some(Client { guest, device, .. }) => (guest.clone(), Device::of(device.session)),
            None => (Guest::visit(&program.url).await, Device::new()),
        };
        let key = format!("client{number}");
        clients.push(Client { guest, device, key, updates: Vec::new(), acknowledged: 0 });
    }

    for _ in 0..LIVES {
        let (acks, mut acked) = mpsc::unbounded_channel();
        let saving: Vec<_> = clients
            .into_iter()
            .map(|client| tokio::spawn(client.save_until_killed(acks.clone())))
            .collect();
        for _ in 0..ACKS_PER_LIFE {
            acked.recv().await.unwrap();
        }
        program.kill().await;
        clients = Vec::new();
        for client in saving {
            clients.push(client.await.unwrap());
        }
        program = Program::start(&database).await;
        for client in &mut clients {
            client.guest = client.guest.at(&program.url);
        }
        check(&clients, false).await;
    }

    let unacknowledged = clients.iter().filter(|one| one.acknowledged < one.updates.len()).count();
    assert!(unacknowledged > 0, "the server was killed in the middle");
    // A client that heard nothing sends again, and so does one whose acknowledgement was lost.
    for client in &clients {
        let request = client.device.save(client.updates.iter().cloned());
        let reply = client.guest.save(&request).await.message::<SaveReply>();
        assert_eq!(reply.outcome, SaveOutcome::Acked);
    }
    check(&clients, true).await;
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_killed_server_has_what_it_acknowledged_exactly_once_on_sqlite() {
    nothing_acknowledged_is_lost(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_a_killed_server_has_what_it_acknowledged_exactly_once_on_postgres() {
    nothing_acknowledged_is_lost(Kind::Postgres).await;
}
