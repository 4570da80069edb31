//! The server is killed at random moments of a scan (JOB-2, JOB-3): it ends right, and a client that follows it has
//! exactly its log.

use std::fs;
use std::time::{Duration, Instant};

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use serde_json::json;
use tempfile::TempDir;

use super::soaked_job::{ask, completed, follow, heard_all};
use crate::harness::{Client, Database, Kind, Program, rounds};

const FOLDERS: usize = 60;
const FILES: usize = 100;

/// A location, as the program is told of it.
struct Location(TempDir);

impl Location {
    fn filled() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for at in 0..FOLDERS {
            let inside = folder.path().join(format!("folder {at}"));
            fs::create_dir(&inside).unwrap();
            for file in 0..FILES {
                fs::write(inside.join(format!("{file}.txt")), format!("{at} {}", file % 7))
                    .unwrap();
            }
        }
        Self(folder)
    }

    fn setting(&self) -> String {
        format!("[{{name = \"many\", folder = \"{}\"}}]", self.0.path().display())
    }

    async fn serve(&self, database: &Database) -> Program {
        Program::with(database, &[("HOLDFAST_LOCATIONS", &self.setting())]).await
    }
}

async fn a_scan_ends_right(kind: Kind, lives: usize) {
    let (database, location) = (Database::create(kind).await, Location::filled());
    let mut program = location.serve(&database).await;
    // On Postgres another server goes on with it, on SQLite the next start does.
    let other = match kind {
        Kind::Postgres => Some(location.serve(&database).await),
        Kind::Sqlite => None,
    };
    let mut ada = Client::register_at(&program.url, "ada@example.org").await;
    let session = ada.session("Lofoten").await;
    let scan = json!({"kind": "scan", "location": "many", "duplicates": true});
    let undisturbed = ask(&ada, &session, &scan).await;
    let expected = completed(&ada, &undisturbed).await["result"].clone();
    assert_eq!(expected["files"], FOLDERS * FILES);
    let (mut interrupted, mut longest) = (0, Duration::ZERO);
    for life in 1..=lives {
        let id = ask(&ada, &session, &scan).await;
        let following = tokio::spawn({
            let (ada, id) = (ada.clone(), id.clone());
            async move { follow(&ada, &id, "").await }
        });
        let wait_us = SystemEnvironment.uuid().as_u128() % 1_500_000;
        tokio::time::sleep(Duration::from_micros(wait_us as u64)).await;
        program.kill().await;
        let killed = Instant::now();
        let heard = following.await.unwrap();
        program = match &other {
            Some(other) => {
                ada = ada.at(&other.url);
                let done = completed(&ada, &id).await;
                if done["attempts"] == 2 {
                    longest = longest.max(killed.elapsed());
                }
                location.serve(&database).await
            }
            None => location.serve(&database).await,
        };
        ada = ada.at(&program.url);
        let done = completed(&ada, &id).await;
        assert_eq!(done["result"], expected, "life {life}");
        interrupted += usize::from(done["attempts"].as_i64() > Some(1));
        heard_all(&ada, &id, heard).await;
    }
    // Of a few all may have been done before.
    assert!(lives < 50 || interrupted * 4 > lives, "{interrupted} of {lives} were interrupted");
    assert!(longest < Duration::from_secs(25), "another takes over within 15 s: {longest:?}");
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_2_a_scan_whose_server_is_killed_ends_right_on_sqlite() {
    a_scan_ends_right(Kind::Sqlite, rounds(6, 50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_2_a_scan_goes_on_at_another_server_on_postgres() {
    a_scan_ends_right(Kind::Postgres, rounds(2, 50)).await;
}
