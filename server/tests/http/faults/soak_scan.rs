//! The server is killed at random moments of a scan (JOB-2, JOB-3): it ends right, and a client that follows it has
//! exactly its log.

use std::fs;
use std::time::{Duration, Instant};

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Client, Database, Kind, Program, Sent, Stream, rounds};

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

async fn ask(client: &Client, session: &str) -> String {
    let scan = json!({"kind": "scan", "location": "many", "duplicates": true});
    let asked = client.post("/api/jobs", &json!({"session": session, "job": scan})).await;
    assert_eq!(asked.status, 201, "{}", asked.text());
    asked.header("x-job-id").to_owned()
}

async fn job(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/jobs/{id}")).await.json()
}

async fn completed(client: &Client, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let job = job(client, id).await;
        match job["state"].as_str().unwrap() {
            "completed" => return job,
            "pending" | "running" => {}
            other => panic!("{other}: {job}"),
        }
        assert!(Instant::now() < deadline, "it ends: {job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What is told from after `last` on, as long as the line holds or to the end.
async fn follow(client: &Client, id: &str, last: &str) -> Vec<Sent> {
    let request = client.request("GET", &format!("/api/jobs/{id}/events"));
    let Ok(response) = request.header("last-event-id", last).send().await else { return vec![] };
    if response.status() == 204 {
        return vec![];
    }
    let mut stream = Stream::of(response);
    let mut told = Vec::new();
    while let Some(sent) = stream.next().await {
        told.push(sent);
    }
    told
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
    let undisturbed = ask(&ada, &session).await;
    let expected = completed(&ada, &undisturbed).await["result"].clone();
    assert_eq!(expected["files"], FOLDERS * FILES);
    let (mut interrupted, mut longest) = (0, Duration::ZERO);
    for life in 1..=lives {
        let id = ask(&ada, &session).await;
        let following = tokio::spawn({
            let (ada, id) = (ada.clone(), id.clone());
            async move { follow(&ada, &id, "").await }
        });
        let wait_us = SystemEnvironment.uuid().as_u128() % 1_500_000;
        tokio::time::sleep(Duration::from_micros(wait_us as u64)).await;
        program.kill().await;
        let killed = Instant::now();
        let mut heard = following.await.unwrap();
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
        let last = heard.last().map_or_else(String::new, |sent| sent.id.clone());
        heard.extend(follow(&ada, &id, &last).await);
        assert_eq!(heard, follow(&ada, &id, "").await, "life {life}");
        assert_eq!(heard.first().unwrap().name, "job_created");
        assert_eq!(heard.last().unwrap().name, "job_completed");
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
