//! What a test finds in a database from outside: its bytes, its transactions, a copy to bring back.

use std::path::PathBuf;
use std::process::Command;

use sqlx::Row;

use super::{Database, Kind};

impl Database {
    /// The file of SQLite, or one beside it.
    fn beside(&self, suffix: &str) -> PathBuf {
        let mut file = self.file().into_os_string();
        file.push(suffix);
        file.into()
    }

    /// Keeps a copy as an operator's backup would be. Nobody may be connected.
    pub(crate) async fn back_up(&self) {
        match self.kind {
            Kind::Sqlite => {
                let backup = self.folder.path().join("backup.db");
                std::fs::copy(self.file(), backup).unwrap();
            }
            Kind::Postgres => {
                let name = &self.name;
                self.admin(format!("CREATE DATABASE {name}_backup TEMPLATE {name}")).await;
            }
        }
    }

    /// Brings the copy back, once. Nobody may be connected.
    pub(crate) async fn bring_back(&self) {
        match self.kind {
            Kind::Sqlite => {
                for suffix in ["-wal", "-shm"] {
                    let _ = std::fs::remove_file(self.beside(suffix));
                }
                std::fs::copy(self.folder.path().join("backup.db"), self.file()).unwrap();
            }
            Kind::Postgres => {
                let name = &self.name;
                self.admin(format!("DROP DATABASE {name} WITH (FORCE)")).await;
                self.admin(format!("ALTER DATABASE {name}_backup RENAME TO {name}")).await;
            }
        }
    }

    /// Every byte that is stored: the files of SQLite, or what `pg_dump` writes.
    pub(crate) fn stored_bytes(&self) -> Vec<u8> {
        match self.kind {
            Kind::Sqlite => {
                let read = |suffix| std::fs::read(self.beside(suffix)).unwrap_or_default();
                ["", "-wal", "-shm"].into_iter().flat_map(read).collect()
            }
            Kind::Postgres => {
                let dump = Command::new("pg_dump").arg(self.url()).output().unwrap();
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                dump.stdout
            }
        }
    }

    /// How many transactions wrote rows of the log, as far as that can still be seen.
    pub(crate) async fn commits(&self) -> usize {
        match self.kind {
            Kind::Sqlite => commits_in(&std::fs::read(self.beside("-wal")).unwrap()),
            Kind::Postgres => {
                let sql = "SELECT COUNT(DISTINCT xmin::text) FROM context_updates";
                let row = sqlx::query(sql).fetch_one(&mut self.connect().await).await.unwrap();
                usize::try_from(row.get::<i64, _>(0)).unwrap()
            }
        }
    }
}

/// Transactions in a write-ahead log of SQLite: frames that end one say how large the database is then
/// (<https://sqlite.org/fileformat2.html#walformat>).
fn commits_in(wal: &[u8]) -> usize {
    let number = |bytes: &[u8]| u32::from_be_bytes(bytes[..4].try_into().unwrap());
    let (header, frames) = wal.split_at(32);
    let page = usize::try_from(number(&header[8..])).unwrap();
    let frames = frames.chunks_exact(24 + page).filter(|frame| frame[8..16] == header[16..24]);
    frames.filter(|frame| number(&frame[4..]) != 0).count()
}
