//! The real binary: started, killed, stopped.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Database;

pub(crate) struct Program {
    pub(crate) url: String,
    child: Child,
    log: UnboundedReceiver<String>,
}

/// How long a line of the log is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

const BINARY: &str = env!("CARGO_BIN_EXE_holdfast");

/// On a free port, with nothing of this process's environment but where programs are. `through`: a program
/// with arguments that starts it and becomes it, or nothing.
fn command(through: &[&str], what: &str, database_url: &str, data: &Path) -> Command {
    let mut words = through.iter().copied().chain([BINARY, what]);
    let mut command = Command::new(words.next().unwrap_or(BINARY));
    command
        .args(words)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOLDFAST_ADDR", "127.0.0.1:0")
        .env("HOLDFAST_DATABASE_URL", database_url)
        .env("HOLDFAST_DATA_DIR", data)
        // Where no settings lie.
        .current_dir(data.ancestors().find(|folder| folder.is_dir()).unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Program {
    pub(crate) async fn start(database: &Database) -> Self {
        Self::with(database, &[]).await
    }

    /// With further settings. Returns when it says where it is.
    pub(crate) async fn with(database: &Database, settings: &[(&str, &str)]) -> Self {
        Self::through(&[], database, settings).await
    }

    /// Started by another program, which stays the same process.
    pub(crate) async fn through(
        through: &[&str],
        database: &Database,
        settings: &[(&str, &str)],
    ) -> Self {
        let data = database.folder.path().join("data");
        let mut command = command(through, "serve", &database.url(), &data);
        let mut child = command.envs(settings.iter().copied()).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        let said = lines(child.stdout.take().unwrap()).recv().await;
        let url = said.as_deref().and_then(|line| line.strip_prefix("Holdfast is at "));
        let Some(url) = url else { panic!("it did not start: {:?}", rest(log).await) };
        Self { url: url.to_owned(), child, log }
    }

    /// Starts it where it cannot start; its exit and what it says.
    pub(crate) async fn refused(database_url: &str, data: &Path) -> (ExitStatus, String) {
        Self::refused_with(database_url, data, &[]).await
    }

    /// With further settings.
    pub(crate) async fn refused_with(
        database_url: &str,
        data: &Path,
        settings: &[(&str, &str)],
    ) -> (ExitStatus, String) {
        let mut command = command(&[], "serve", database_url, data);
        let output = command.envs(settings.iter().copied()).output().await.unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// Another command than `serve`; what it prints.
    pub(crate) async fn run(what: &str, database: &Database) -> String {
        Self::say(what, database, "").await.unwrap()
    }

    /// A command of several words with something on its standard input; what it prints, or what it says where it
    /// fails.
    pub(crate) async fn say(
        words: &str,
        database: &Database,
        input: &str,
    ) -> Result<String, String> {
        let data = database.folder.path().join("data");
        let (what, rest) = words.split_once(' ').unwrap_or((words, ""));
        let mut command = command(&[], what, &database.url(), &data);
        command.args(rest.split_whitespace()).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        match output.status.success() {
            true => Ok(String::from_utf8(output.stdout).unwrap()),
            false => Err(String::from_utf8(output.stderr).unwrap()),
        }
    }

    /// A command of several words that goes on by itself; it is nowhere.
    pub(crate) fn begin(words: &[&str], database: &Database) -> Self {
        let data = database.folder.path().join("data");
        let (what, rest) = words.split_first().unwrap();
        let mut command = command(&[], what, &database.url(), &data);
        // What it prints is short, and nobody reads it.
        let mut child = command.args(rest).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        Self { url: String::new(), child, log }
    }

    /// What it takes of the machine's memory.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory_bytes(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        kilobytes.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
    }

    /// SIGKILL; what it had logged.
    pub(crate) async fn kill(mut self) -> Vec<String> {
        self.child.kill().await.unwrap();
        rest(self.log).await
    }

    /// SIGTERM; what becomes of it is [`Self::logged`] and [`Self::ended`].
    pub(crate) async fn ask_to_stop(&mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    }

    /// Waits for a line of the log with these words.
    pub(crate) async fn logged(&mut self, words: &str) -> String {
        let said = async {
            while let Some(line) = self.log.recv().await {
                if line.contains(words) {
                    return line;
                }
            }
            panic!("it ended without saying: {words}")
        };
        let said = tokio::time::timeout(PATIENCE, said).await;
        said.unwrap_or_else(|_| panic!("for a minute it did not say: {words}"))
    }

    /// Its exit, and the rest of its log.
    pub(crate) async fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().await.unwrap();
        (status, rest(self.log).await)
    }
}

/// Read all the time: a full pipe would stop the program.
fn lines(stream: impl AsyncRead + Unpin + Send + 'static) -> UnboundedReceiver<String> {
    let (send, lines) = unbounded_channel();
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream).lines();
        while let Ok(Some(line)) = stream.next_line().await {
            // Nobody may be listening any more.
            let _ = send.send(line);
        }
    });
    lines
}

async fn rest(mut log: UnboundedReceiver<String>) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = log.recv().await {
        lines.push(line);
    }
    lines
}
