//! The server is killed at random moments of a transfer (JOB-2, JOB-7): every copy is right and there once, no part of a
//! file is left, and a client that follows it has exactly its log.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use serde_json::json;
use tempfile::TempDir;

use super::soaked_job::{ask, completed, follow, heard_all};
use crate::harness::{Client, Database, Kind, Program, rounds};

const FOLDERS: usize = 100;

/// Two locations.
struct Places {
    from: TempDir,
    to: TempDir,
}

impl Places {
    /// Many small files, and a large one that is mostly a hole.
    fn filled(files: usize, large: u64) -> Self {
        let places = Self { from: tempfile::tempdir().unwrap(), to: tempfile::tempdir().unwrap() };
        for at in 0..FOLDERS {
            fs::create_dir(places.from.path().join(format!("folder {at}"))).unwrap();
        }
        for at in 0..files {
            let path = format!("folder {}/{at}.txt", at % FOLDERS);
            fs::write(places.from.path().join(path), format!("file {at}")).unwrap();
        }
        let mut file = File::create(places.from.path().join("large")).unwrap();
        for at in (0..8).map(|part| large / 8 * part).chain([large - 3]) {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(b"end").unwrap();
        }
        places
    }

    fn setting(&self) -> String {
        let [from, to] = [&self.from, &self.to].map(|folder| folder.path().display().to_string());
        format!(
            "[{{name = \"from\", folder = \"{from}\"}}, {{name = \"to\", folder = \"{to}\", writable = true}}]"
        )
    }

    async fn serve(&self, database: &Database) -> Program {
        Program::with(database, &[("HOLDFAST_LOCATIONS", &self.setting())]).await
    }
}

/// The hash of each file below a folder.
fn hashes(folder: &Path) -> BTreeMap<String, blake3::Hash> {
    let mut hashes = BTreeMap::new();
    let mut to_do = vec![folder.to_owned()];
    while let Some(next) = to_do.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                to_do.push(path);
                continue;
            }
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(File::open(&path).unwrap()).unwrap();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            hashes.insert(name, hasher.finalize());
        }
    }
    hashes
}

async fn a_transfer_ends_right(kind: Kind, lives: usize) {
    let (files, large) = if lives < 50 { (2_000, 512 << 20) } else { (20_000, 10 << 30) };
    let (database, places) = (Database::create(kind).await, Places::filled(files, large));
    let expected = hashes(places.from.path());
    let mut program = places.serve(&database).await;
    // On Postgres another server goes on with it, on SQLite the next start does.
    let other = match kind {
        Kind::Postgres => Some(places.serve(&database).await),
        Kind::Sqlite => None,
    };
    let mut ada = Client::register_at(&program.url, "ada@example.org").await;
    let session = ada.session("Lofoten").await;
    let mut interrupted = 0;
    for life in 1..=lives {
        // A name that is taken shows what was copied twice.
        let to = json!({"location": "to", "path": format!("life {life}")});
        let job = json!({
            "kind": "transfer", "from": {"location": "from"}, "to": to, "conflict": "rename",
        });
        let id = ask(&ada, &session, &job).await;
        let following = tokio::spawn({
            let (ada, id) = (ada.clone(), id.clone());
            async move { follow(&ada, &id, "").await }
        });
        let wait_us =
            SystemEnvironment.uuid().as_u128() % if lives < 50 { 3_000_000 } else { 30_000_000 };
        tokio::time::sleep(Duration::from_micros(wait_us as u64)).await;
        program.kill().await;
        let heard = following.await.unwrap();
        if let Some(other) = &other {
            ada = ada.at(&other.url);
            completed(&ada, &id).await;
        }
        program = places.serve(&database).await;
        ada = ada.at(&program.url);
        let done = completed(&ada, &id).await;
        let result = &done["result"];
        assert_eq!(result["copied"]["files"], files + 1, "life {life}: {result}");
        assert_eq!((&result["renamed"], &result["same"]["files"]), (&json!(0), &json!(0)));
        let copies = places.to.path().join(format!("life {life}"));
        assert!(hashes(&copies) == expected, "life {life}: the copies are their sources");
        interrupted += usize::from(done["attempts"].as_i64() > Some(1));
        heard_all(&ada, &id, heard).await;
        fs::remove_dir_all(copies).unwrap();
    }
    // Of a few all may have been done before.
    assert!(lives < 50 || interrupted * 4 > lives, "{interrupted} of {lives} were interrupted");
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_2_a_transfer_whose_server_is_killed_ends_right_on_sqlite() {
    a_transfer_ends_right(Kind::Sqlite, rounds(4, 50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_2_a_transfer_goes_on_at_another_server_on_postgres() {
    a_transfer_ends_right(Kind::Postgres, rounds(2, 50)).await;
}
