//! How often a server makes the disk keep what it was given: counted by `strace`, in a lap of its own
//! because that slows it down.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

use crate::process::Process;
use crate::saving::{Crowd, Saver};

/// The same program under `strace`, which writes its counts to `counts` when it ends.
pub fn counted(command: Command, counts: &Path) -> Command {
    let command = command.into_std();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(counts)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            traced.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    traced.stderr(Stdio::null());
    traced
}

/// Flushes for each save of a lap. Starting and stopping are in it too.
pub async fn per_save<T: Saver>(
    process: Process,
    mut crowd: Crowd<T>,
    each: usize,
    counts: &Path,
) -> anyhow::Result<f64> {
    let lap = crowd.lap(&process, each).await?;
    process.stop().await?;
    let text = std::fs::read_to_string(counts).context("what strace counted")?;
    // Columns: % time, seconds, usecs/call, calls, [errors,] syscall.
    let calls = text.lines().filter(|line| line.ends_with("sync"));
    let calls = calls.filter_map(|line| line.split_whitespace().nth(3)?.parse::<usize>().ok());
    Ok(calls.sum::<usize>() as f64 / lap.saves as f64)
}
