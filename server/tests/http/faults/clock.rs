//! The server's clock is wrong, and is set right again (SYNC-1, SNAP-1, SEC-1).

use std::path::PathBuf;

use holdfast_domain::wire::{SaveItem, SaveReply};
use serde_json::{Value, json};

use crate::harness::{Database, Device, Fleet, Guest, Kind, Program, snapshot_request};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const YEAR_MS: i64 = 365 * DAY_MS;

/// The file by which the clock of a program is moved while it runs.
struct Moved(PathBuf);

impl Moved {
    fn of(database: &Database) -> Self {
        let moved = Self(database.folder.path().join("clock"));
        moved.by(0);
        moved
    }

    fn by(&self, milliseconds: i64) {
        std::fs::write(&self.0, milliseconds.to_string()).unwrap();
    }

    async fn start(&self, database: &Database) -> Program {
        let file = self.0.to_str().unwrap();
        let settings = [("HOLDFAST_DEV_CONTROLS", "true"), ("HOLDFAST_CLOCK_OFFSET_FILE", file)];
        Program::with(database, &settings).await
    }
}

async fn saves_go_on_by_any_clock(kind: Kind) {
    let database = Database::create(kind).await;
    let clock = Moved::of(&database);
    let program = clock.start(&database).await;
    let mut fleet = Fleet::visit(&program.url, 8, 2).await;
    let (guest, _) = fleet.first();
    for offset_ms in [DAY_MS, -DAY_MS, 31 * DAY_MS, 9 * YEAR_MS, -9 * YEAR_MS, -99 * YEAR_MS, 0] {
        let mut saving = fleet.save();
        saving.acknowledged(16).await;
        // In the middle of it.
        clock.by(offset_ms);
        saving.acknowledged(16).await;
        assert_eq!((saving.refusals.as_slice(), saving.unanswered), (&[][..], 0), "{offset_ms}");
        fleet = saving.stop().await;
        fleet.check().await;
        // The browser's guest stays who it was, with whatever day its cookie is of.
        let page = guest.http.get(&guest.url).header("accept", "text/html");
        let page = page.header("cookie", &guest.cookie).send().await.unwrap();
        assert_eq!(page.status(), 200);
        if let Some(set) = page.headers().get("set-cookie") {
            let token = |cookie: &str| cookie.split('.').next().unwrap().to_owned();
            assert_eq!(token(set.to_str().unwrap()), token(&guest.cookie), "{offset_ms}");
        }
    }
    // What the wrong clocks have left: the session was used now, and not in nine years.
    let listed = guest.call("list_sessions", &json!({})).await.json();
    let active_at_ms = listed[0]["active_at_ms"].as_i64().unwrap();
    let now_ms = holdfast_domain::Environment::now_ms(&holdfast_backend::SystemEnvironment);
    assert!((active_at_ms - now_ms).abs() < DAY_MS, "{listed}");
    fleet.finish().await;
    program.kill().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_saves_go_on_whatever_the_servers_clock_says_on_sqlite() {
    saves_go_on_by_any_clock(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sync_1_saves_go_on_whatever_the_servers_clock_says_on_postgres() {
    saves_go_on_by_any_clock(Kind::Postgres).await;
}

#[tokio::test]
async fn snap_1_a_clock_that_was_a_month_ahead_by_mistake_costs_no_snapshot() {
    let database = Database::create(Kind::Sqlite).await;
    let clock = Moved::of(&database);
    let program = clock.start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    let mut save = device.save([update]);
    save.items.push(SaveItem::Snapshot(snapshot_request("Before the trip")));
    guest.save(&save).await.message::<SaveReply>();
    assert_eq!(snapshots(&guest, &device).await, ["Before the trip"]);
    program.kill().await;

    // As long as it is wrong, what is over by it is not shown; a start begins with a sweep.
    clock.by(31 * DAY_MS);
    let mut program = clock.start(&database).await;
    let said = program.logged("the clock jumped").await;
    assert!(said.contains("WARN") && said.contains("hours=744"), "{said}");
    let guest = guest.at(&program.url);
    assert_eq!(snapshots(&guest, &device).await, [""; 0]);

    // While it runs, or with another start.
    clock.by(0);
    assert_eq!(snapshots(&guest, &device).await, ["Before the trip"]);
    program.kill().await;
    let mut program = clock.start(&database).await;
    program.logged("the clock jumped").await;
    assert_eq!(snapshots(&guest.at(&program.url), &device).await, ["Before the trip"]);
    program.kill().await;
}

async fn snapshots(guest: &Guest, device: &Device) -> Vec<String> {
    let listed = guest.call("list_snapshots", &json!({"session": device.session})).await.json();
    let name = |snapshot: &Value| snapshot["name"].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(name).collect()
}
