//! Fifty clients that save small changes as fast as they are acknowledged.

use std::time::Instant;

use bytes::Bytes;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::edits::Author;
use crate::guest::Guest;
use crate::process::Process;

pub const CLIENTS: usize = 50;
/// Characters of one change; its update is a little more.
const CHARACTERS: usize = 280;

/// What one lap came to.
pub struct Lap {
    pub saves: usize,
    pub per_second: f64,
    /// Microseconds of the server's processor time for one save.
    pub cpu_us: f64,
}

/// Someone who sends what it is given and waits for the acknowledgement.
pub trait Saver: Send + Sized + 'static {
    fn save(&mut self, update: Vec<u8>) -> impl Future<Output = anyhow::Result<()>> + Send;
}

impl Saver for Guest {
    async fn save(&mut self, update: Vec<u8>) -> anyhow::Result<()> {
        Self::save(self, update).await
    }
}

/// A client of the yardstick.
pub struct Appender {
    connection: Connection,
    path: String,
}

impl Appender {
    pub async fn new(address: &str, session: &str) -> anyhow::Result<Self> {
        Ok(Self { connection: Connection::open(address).await?, path: format!("/{session}") })
    }

    /// Everything that was appended; how many bytes.
    pub async fn open(&mut self) -> anyhow::Result<usize> {
        Ok(self.connection.get(&self.path, &[]).await?.1.len())
    }
}

impl Saver for Appender {
    async fn save(&mut self, update: Vec<u8>) -> anyhow::Result<()> {
        self.connection.post(&self.path, &[], Bytes::from(update)).await.map(drop)
    }
}

/// Clients with somebody who writes for each.
pub struct Crowd<T>(Vec<(T, Author)>);

impl Crowd<Guest> {
    pub async fn of_holdfast(process: &Process) -> anyhow::Result<Self> {
        let mut crowd = Vec::new();
        for _ in 0..CLIENTS {
            crowd.push((Guest::visit(&process.address).await?, Author::new()));
        }
        Ok(Self(crowd))
    }
}

impl Crowd<Appender> {
    pub async fn of_yardstick(process: &Process) -> anyhow::Result<Self> {
        let mut crowd = Vec::new();
        for client in 0..CLIENTS {
            let appender = Appender::new(&process.address, &client.to_string()).await?;
            crowd.push((appender, Author::new()));
        }
        Ok(Self(crowd))
    }
}

impl<T: Saver> Crowd<T> {
    /// Each saves so often, all at the same time.
    pub async fn lap(&mut self, process: &Process, each: usize) -> anyhow::Result<Lap> {
        let mut ready = Vec::new();
        for (saver, mut author) in self.0.drain(..) {
            let updates = (0..each).map(|_| author.write(CHARACTERS));
            let updates = updates.collect::<anyhow::Result<Vec<_>>>()?;
            ready.push((saver, author, updates));
        }
        let (cpu, begun) = (process.cpu()?, Instant::now());
        let mut saving = JoinSet::new();
        for (mut saver, author, updates) in ready {
            saving.spawn(async move {
                for update in updates {
                    saver.save(update).await?;
                }
                anyhow::Ok((saver, author))
            });
        }
        while let Some(saved) = saving.join_next().await {
            self.0.push(saved??);
        }
        let (seconds, cpu) = (begun.elapsed().as_secs_f64(), process.cpu()? - cpu);
        let saves = CLIENTS * each;
        let lap = |amount: f64| amount / saves as f64;
        Ok(Lap { saves, per_second: saves as f64 / seconds, cpu_us: lap(cpu * 1e6) })
    }
}
