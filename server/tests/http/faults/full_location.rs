//! The location that is copied to is full, really (JOB-4).

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::soaked_job::{ask, completed, job};
use crate::harness::{Client, Database, Kind, Program, SmallDisk};

const BYTES: usize = 8 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_4_a_transfer_that_finds_no_room_waits_and_goes_on_when_there_is_some() {
    let database = Database::create(Kind::Sqlite).await;
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let content: Vec<u8> = (0..BYTES).map(|at| u8::try_from(at * at % 251).unwrap()).collect();
    fs::write(from.path().join("large"), &content).unwrap();
    let disk = SmallDisk::at(to.path(), 12).await;
    disk.fill();
    let locations = format!(
        "[{{name = \"from\", folder = \"{}\"}}, {{name = \"to\", folder = \"{}\", writable = true}}]",
        from.path().display(),
        to.path().display()
    );
    let through = disk.through();
    let through: Vec<&str> = through.iter().map(String::as_str).collect();
    let program =
        Program::through(&through, &database, &[("HOLDFAST_LOCATIONS", &locations)]).await;
    let ada = Client::register_at(&program.url, "ada@example.org").await;
    let session = ada.session("Lofoten").await;
    let copy = json!({"kind": "transfer", "from": {"location": "from"}, "to": {"location": "to"}});
    let id = ask(&ada, &session, &copy).await;
    let deadline = Instant::now() + Duration::from_secs(60);
    let told = loop {
        let now = job(&ada, &id).await;
        if now["fault"] != json!(null) {
            break now;
        }
        assert!(Instant::now() < deadline, "it finds no room: {now}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(told["fault"]["code"], "storage_full", "{told}");
    assert!(!disk.folder().join("large").exists());
    // Nobody tells it that there is room again.
    disk.make_room();
    let done = completed(&ada, &id).await;
    assert_eq!(done["result"]["copied"], json!({"files": 1, "bytes": BYTES}));
    assert!(fs::read(disk.folder().join("large")).unwrap() == content);
    let left: Vec<_> =
        fs::read_dir(disk.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [disk.folder().join("large")]);
    program.kill().await;
}
