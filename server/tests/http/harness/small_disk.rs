//! A small disk that can be filled: a tmpfs over a folder, seen by the program alone. It is in a
//! mount namespace that is gone with the test, also when the test is killed.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Database;

pub(crate) struct SmallDisk {
    /// Keeps the namespace until its input ends, which is when we do.
    holder: Child,
    as_root: bool,
    folder: PathBuf,
}

impl SmallDisk {
    /// Of so many MiB, where `database` is for programs that are started [through](Self::through) it.
    pub(crate) async fn under(database: &Database, mebibytes: usize) -> Self {
        Self::at(database.folder.path(), mebibytes).await
    }

    /// Of so many MiB, where a folder is.
    pub(crate) async fn at(folder: &Path, mebibytes: usize) -> Self {
        let folder = folder.to_owned();
        let as_root = folder.metadata().unwrap().uid() == 0;
        let hold = format!(
            "mount -t tmpfs -o size={mebibytes}m none '{}' && echo mounted && exec cat >/dev/null",
            folder.display()
        );
        let who: &[&str] = if as_root { &[] } else { &["--user", "--map-root-user"] };
        let mut holder = Command::new("unshare")
            .args(who)
            .args(["--mount", "sh", "-c", &hold])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("`unshare` of util-linux is needed to make a small disk");
        let said = BufReader::new(holder.stdout.take().unwrap()).lines().next_line().await.unwrap();
        assert_eq!(
            said.as_deref(),
            Some("mounted"),
            "this test fills a disk that it mounts for itself, and this system lets it mount none: run it as \
             root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
        );
        Self { holder, as_root, folder }
    }

    /// What starts a program that sees it.
    pub(crate) fn through(&self) -> Vec<String> {
        let target = format!("--target={}", self.holder.id().unwrap());
        let mut words = vec!["nsenter", &target, "--mount"];
        if !self.as_root {
            words.extend(["--user", "--preserve-credentials"]);
        }
        words.push("--");
        words.into_iter().map(str::to_owned).collect()
    }

    /// Takes all the room there is, however often it is called.
    pub(crate) fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.ballast()).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub(crate) fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    /// Its folder, for this process.
    pub(crate) fn folder(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id().unwrap()));
        root.join(self.folder.strip_prefix("/").unwrap())
    }

    fn ballast(&self) -> PathBuf {
        self.folder().join("ballast")
    }
}
