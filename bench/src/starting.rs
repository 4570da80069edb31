//! From the start to the first answer, and what an idle program keeps in memory.

use std::path::Path;
use std::time::Duration;

use crate::guest::Guest;
use crate::process::{Process, holdfast, yardstick};
use crate::samples::Samples;

/// Milliseconds and megabytes, of Holdfast and of the yardstick.
#[derive(Default)]
pub struct Starts {
    pub started: [Samples; 2],
    pub idle: [Samples; 2],
}

/// Starts both in turn, on databases that are there already.
pub async fn measure(program: &Path, data: &Path, times: usize) -> anyhow::Result<Starts> {
    let mut starts = Starts::default();
    for _ in 0..times {
        let process = Process::start(holdfast(program, data)).await?;
        // Somebody opens the page, once.
        Guest::visit(&process.address).await?;
        starts.add(0, process).await?;
        starts.add(1, Process::start(yardstick(data)?).await?).await?;
    }
    Ok(starts)
}

impl Starts {
    async fn add(&mut self, which: usize, process: Process) -> anyhow::Result<()> {
        self.started[which].add(process.started_in);
        tokio::time::sleep(Duration::from_millis(500)).await;
        self.idle[which].push(process.resident()? as f64 / 1e6);
        process.stop().await
    }
}
