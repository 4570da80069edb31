//! A program that is measured: started, asked what it took, killed.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running server. It is killed when it is dropped.
pub struct Process {
    pub address: String,
    /// From its start until it answered for the first time.
    pub started_in: Duration,
    child: Child,
    /// The process itself, where it runs under another one.
    pid: u32,
}

/// Clock ticks in a second, as `/proc` counts: the same on every Linux.
const TICKS: f64 = 100.0;

impl Process {
    /// Starts it and waits until `/healthz` answers.
    pub async fn start(mut command: Command) -> anyhow::Result<Self> {
        let address = free_address()?;
        command.env("HOLDFAST_ADDR", &address).stderr(Stdio::null());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {command:?}"))?;
        let mut said = BufReader::new(child.stdout.take().context("its output")?).lines();
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
        while !answers(&address).await {
            if let Some(status) = child.try_wait()? {
                bail!("{command:?} ended with {status}");
            }
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        let started_in = begun.elapsed();
        let child_pid = child.id().context("it has ended")?;
        let pid = only_child_of(child_pid).unwrap_or(child_pid);
        Ok(Self { address, started_in, child, pid })
    }

    /// Seconds of processor time so far, of all its threads.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name in parentheses may have spaces; after it come the state and 10 more, then user and system.
        let (_, fields) = stat.rsplit_once(')').context("the name in /proc/…/stat")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || fields.next().and_then(|ticks| ticks.parse::<f64>().ok());
        let (user, system) = (ticks().context("user time")?, ticks().context("system time")?);
        Ok((user + system) / TICKS)
    }

    /// Bytes of memory that are resident.
    pub fn resident(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).context("VmRSS")?;
        Ok(kib.trim().parse::<u64>()? * 1024)
    }

    /// Waits until it has done what it does in the background: half a second with next to no processor time.
    pub async fn quiet(&self) -> anyhow::Result<()> {
        loop {
            let before = self.cpu()?;
            tokio::time::sleep(Duration::from_millis(500)).await;
            if self.cpu()? - before < 0.02 {
                return Ok(());
            }
        }
    }

    /// Asks it to end and waits for it.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let stopped = Command::new("kill").arg(self.pid.to_string()).status().await?;
        anyhow::ensure!(stopped.success(), "it could not be stopped");
        self.child.wait().await?;
        Ok(())
    }
}

/// A program that runs Holdfast on a database of its own.
pub fn holdfast(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("serve").current_dir(data).env("HOLDFAST_DATA_DIR", data);
    command
}

/// A program that runs the yardstick on a database of its own.
pub fn yardstick(data: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("yardstick").arg(data.join("yardstick.db"));
    Ok(command)
}

/// A port that was free a moment ago.
fn free_address() -> anyhow::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

async fn answers(address: &str) -> bool {
    let Ok(mut connection) = crate::connection::Connection::open(address).await else {
        return false;
    };
    connection.get("/healthz", &[]).await.is_ok()
}

/// What runs under a tracer.
fn only_child_of(pid: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}
