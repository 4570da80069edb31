//! The real binary: started, killed, stopped.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Database;

pub(crate) struct Program {
    pub(crate) url: String,
    child: Child,
    log: UnboundedReceiver<String>,
}

/// On a free port, with nothing of this process's environment.
fn command(what: &str, database_url: &str, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast"));
    command
        .arg(what)
        .env_clear()
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
        let data = database.folder.path().join("data");
        let mut command = command("serve", &database.url(), &data);
        let mut child = command.envs(settings.iter().copied()).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        let said = lines(child.stdout.take().unwrap()).recv().await;
        let url = said.as_deref().and_then(|line| line.strip_prefix("Holdfast is at "));
        let Some(url) = url else { panic!("it did not start: {:?}", rest(log).await) };
        Self { url: url.to_owned(), child, log }
    }

    /// Starts it where it cannot start; its exit and what it says.
    pub(crate) async fn refused(database_url: &str, data: &Path) -> (ExitStatus, String) {
        let output = command("serve", database_url, data).output().await.unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// Another command than `serve`; what it prints.
    pub(crate) async fn run(what: &str, database: &Database) -> String {
        let data = database.folder.path().join("data");
        let output = command(what, &database.url(), &data).output().await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM; what becomes of it is [`Self::logged`] and [`Self::ended`].
    pub(crate) async fn ask_to_stop(&mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    }

    /// Waits for a line of the log with these words.
    pub(crate) async fn logged(&mut self, words: &str) -> String {
        while let Some(line) = self.log.recv().await {
            if line.contains(words) {
                return line;
            }
        }
        panic!("it ended without saying: {words}")
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
