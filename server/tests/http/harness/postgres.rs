//! A Postgres of a test's own, to be stopped and started again. Its programs are in the `PATH` that
//! `scripts/with-postgres.sh` gives.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Stdio;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use tempfile::TempDir;
use tokio::process::Command;

/// How it is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Transactions are broken off, and what is committed is written.
    Fast,
    /// As a crash does: what is committed is found in the log at the next start.
    Immediate,
}

pub(crate) struct Postgres {
    folder: TempDir,
    /// It refuses to run as root.
    as_root: bool,
    port: u16,
    password: String,
}

impl Postgres {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let password = SystemEnvironment.uuid().simple().to_string();
        let file = folder.path().join("password");
        std::fs::write(&file, &password).unwrap();
        let as_root = file.metadata().unwrap().uid() == 0;
        let mut postgres = Self { folder, as_root, port: 0, password };
        if as_root {
            let mut chown = Command::new("chown");
            chown.args(["-R", "postgres"]).arg(postgres.folder.path());
            assert!(chown.status().await.unwrap().success());
        }
        let made = format!(
            "initdb -D data -U holdfast --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C \
             && printf \"listen_addresses = '127.0.0.1'\\nunix_socket_directories = '{}'\\n\" \
             >>data/postgresql.conf",
            postgres.folder.path().display()
        );
        assert!(postgres.run(&made).await, "initdb");
        // Below the ports that systems give to outgoing connections; one that is taken is not its own.
        for _ in 0..20 {
            let random = SystemEnvironment.uuid().as_u128() % 12_000;
            postgres.port = 20_000 + u16::try_from(random).unwrap();
            if postgres.go_on().await {
                return postgres;
            }
        }
        panic!("Postgres did not start: {:?}", std::fs::read_to_string(postgres.log()));
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://holdfast:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// Returns when it is gone.
    pub(crate) async fn end(&self, ending: Ending) {
        let mode = if ending == Ending::Fast { "fast" } else { "immediate" };
        assert!(self.run(&format!("pg_ctl stop -D data -m {mode} -w")).await, "{ending:?}");
    }

    /// Starts it on the same port and data; returns when it answers. Whether it did.
    pub(crate) async fn go_on(&self) -> bool {
        let start = format!("LC_ALL=C pg_ctl start -D data -l server.log -w -o '-p {}'", self.port);
        self.run(&start).await
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    async fn run(&self, line: &str) -> bool {
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", line]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        };
        // The server keeps what it is given, and a pipe would never end.
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().await.unwrap().success()
    }
}

impl Drop for Postgres {
    /// Nothing in it is kept, so it need not write anything; as it gets this signal it leaves at once.
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid"));
        let pid = pid.ok().and_then(|text| text.lines().next().map(str::to_owned));
        if let Some(pid) = pid {
            let _ = std::process::Command::new("kill").args(["-QUIT", &pid]).status();
        }
    }
}
