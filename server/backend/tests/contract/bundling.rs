//! SESS-3: a session as a file, and back.

use std::io::Cursor;

use holdfast_backend::{Backend, SystemEnvironment, Visitor};
use holdfast_domain::bundle::{CONTEXT, CONTEXT_JSON, HISTORY, SNAPSHOTS};
use holdfast_domain::id::{SessionId, SnapshotId};
use holdfast_domain::session::{SessionState, Step};
use holdfast_domain::snapshot::SnapshotKind;
use holdfast_domain::{Context, Environment, Error};
use serde_json::{Value, json};
use sqlx::Row;
use zip::CompressionMethod;

use crate::harness::{
    Bundle, Database, Device, HOUR_MS, Kind, World, contract, eventually, import,
};
use crate::life::{saved, step};

contract!(
    sess_3_an_exported_session_is_the_same_in_another_house,
    sess_3_what_an_export_holds,
    sess_3_a_device_with_the_old_document_merges_into_the_imported_session,
    sess_3_importing_twice_makes_one,
    sess_3_a_session_in_any_state_is_exported_but_a_deleted_one,
    sess_3_only_its_own_account_exports_a_session,
    sess_3_an_import_takes_no_id_that_is_somebody_elses_or_was_deleted,
    sess_3_a_long_history_comes_in_portions,
    sess_3_an_import_for_which_there_is_no_room_leaves_nothing,
    sess_3_who_wrote_what_is_told_apart_without_names,
    sess_3_an_empty_session_goes_out_and_comes_in,
    sess_3_a_damaged_row_costs_its_place_in_the_history_only,
    sess_3_another_tools_zip_and_a_later_versions_files_are_taken,
    sess_3_exports_and_imports_are_in_the_audit_log,
);

pub(crate) fn new_id() -> SessionId {
    SessionId::generate(&SystemEnvironment)
}

/// A session with everything that can be in one.
async fn rich(world: &World) -> Device {
    let backend = &world.backend;
    let mut device = Device::new(&world.guest().await);
    device.write("/notes", "First line.");
    device.edit(json!({"n": 1, "float": 0.1, "list": [1, "ü", null], "empty": {}, "a/b~c": true}));
    device.snapshot("first");
    device.edit(json!({"n": 2}));
    device.sync(backend).await;
    world.clock.advance(2 * HOUR_MS);
    let mut other = device.beside();
    other.load(backend).await;
    other.write("/notes", "First line. Second line.");
    other.sync(backend).await;
    device.write("/notes", "Zero. First line.");
    device.edit(json!({"n": null, "deep": {"er": 2}}));
    device.sync(backend).await;
    let listed = backend.list_snapshots(&device.visitor, device.session).await.unwrap();
    let pinned = listed.iter().find(|found| found.name == "first").unwrap().id;
    backend.pin_snapshot(&device.visitor, device.session, pinned, true).await.unwrap();
    world.clock.advance(60_000);
    backend.restore_snapshot(&device.visitor, device.session, pinned).await.unwrap();
    device.sync(backend).await;
    device.edit(json!({"after": "restoring"}));
    device.snapshot("last");
    device.sync(backend).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 4);
    device
}

/// What each snapshot's restoring comes to, oldest first.
async fn restored(backend: &Backend, visitor: &Visitor, session: SessionId) -> Vec<Value> {
    let mut found = Vec::new();
    let mut listed = backend.list_snapshots(visitor, session).await.unwrap();
    listed.sort_by_key(|snapshot| snapshot.id);
    for snapshot in listed {
        backend.restore_snapshot(visitor, session, snapshot.id).await.unwrap();
        found.push(backend.context_json(visitor, session).await.unwrap());
    }
    found
}

/// Time, size and kind of each row of the log.
async fn rows(database: &Database, session: SessionId) -> Vec<(i64, i64, i64, i64)> {
    let sql = "SELECT seq, at, size, restored FROM context_updates WHERE session = $1 ORDER BY seq";
    let query = sqlx::query(sql).bind(session.to_string());
    let rows = query.fetch_all(&mut database.connect().await).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

type Listed = (SnapshotId, String, SnapshotKind, bool, i64, i64, bool);

async fn listed(backend: &Backend, visitor: &Visitor, session: SessionId) -> Vec<Listed> {
    let snapshots = backend.list_snapshots(visitor, session).await.unwrap();
    let all = snapshots.into_iter().map(|one| {
        (one.id, one.name, one.kind, one.pinned, one.created_at_ms, one.size_bytes, one.mine)
    });
    all.collect()
}

async fn sess_3_an_exported_session_is_the_same_in_another_house(world: World) {
    let device = rich(&world).await;
    let (backend, visitor, session) = (&world.backend, &device.visitor, device.session);
    let bytes = Bundle::of(backend, &device).await.pack();

    let database = Database::create(world.database.kind).await;
    let there = world.start_on(&database, 9).await.unwrap();
    let theirs = there.visitor(there.issue_token().as_str()).unwrap();
    world.clock.advance(HOUR_MS);
    let id = new_id();
    let summary = import(&there, &theirs, bytes, id).await.unwrap();
    let before = backend.session(visitor, session).await.unwrap();
    assert_eq!((summary.id, &summary.name), (id, &before.name));
    assert_eq!(summary.created_at_ms, before.created_at_ms);
    assert_eq!(summary.active_at_ms, there.now_ms());
    assert_eq!(there.session(&theirs, id).await.unwrap(), summary);
    assert_eq!(there.context_json(&theirs, id).await.unwrap(), device.json());
    assert_eq!(listed(&there, &theirs, id).await, listed(backend, visitor, session).await);
    assert_eq!(rows(&database, id).await, rows(&world.database, session).await);

    // Also after a start, from what is stored.
    there.close().await;
    let there = world.start_on(&database, 9).await.unwrap();
    let theirs_again = Device { visitor: theirs.clone(), session: id, ..device.beside() };
    let mut loaded = Device { visitor: theirs.clone(), ..theirs_again };
    loaded.load(&there).await;
    assert_eq!(loaded.json(), device.json());
    let state = |device: &Device| device.context.state_vector();
    assert_eq!(state(&loaded), state(&device));
    assert_eq!(restored(&there, &theirs, id).await, restored(backend, visitor, session).await);
    there.close().await;
    database.remove().await;
}

async fn sess_3_what_an_export_holds(world: World) {
    let device = rich(&world).await;
    let bundle = Bundle::of(&world.backend, &device).await;
    let manifest = &bundle.manifest;
    assert_eq!((&*manifest.format, manifest.version), ("holdfast-session", 1));
    assert_eq!(manifest.session.id, device.session);
    assert_eq!(manifest.session.state, SessionState::Active);
    assert_eq!((manifest.rows, manifest.authors, manifest.snapshots), (6, 1, 4));
    let names: Vec<&str> = manifest.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, [CONTEXT_JSON, CONTEXT, HISTORY, SNAPSHOTS]);
    assert_eq!(bundle.clone().listed().manifest, *manifest);
    let json: Value = serde_json::from_slice(bundle.file(CONTEXT_JSON)).unwrap();
    assert_eq!(json, device.json());
    let mut context = Context::new(SystemEnvironment.client_id());
    context.apply(bundle.file(CONTEXT)).unwrap();
    assert_eq!(context.to_json(), device.json());
    let snapshots: Value = serde_json::from_slice(bundle.file(SNAPSHOTS)).unwrap();
    let rows: Vec<i64> =
        snapshots.as_array().unwrap().iter().map(|one| one["row"].as_i64().unwrap()).collect();
    assert_eq!(rows, [1, 2, 4, 6]);
}

async fn sess_3_a_device_with_the_old_document_merges_into_the_imported_session(world: World) {
    let backend = &world.backend;
    let mut device = rich(&world).await;
    let bytes = Bundle::of(backend, &device).await.pack();
    let visitor = world.guest().await;
    let summary = import(backend, &visitor, bytes, new_id()).await.unwrap();
    // Typed into the old document, after the export and under a client id of another account.
    device.write("/notes", "First line. Since then.");
    device.visitor = visitor;
    device.session = summary.id;
    device.have = None;
    device.sync(backend).await;
    let json = backend.context_json(&device.visitor, device.session).await.unwrap();
    assert_eq!(json, device.json());
    assert_eq!(json["notes"], "First line. Since then.");
}

async fn sess_3_importing_twice_makes_one(world: World) {
    let (backend, device) = (&world.backend, rich(&world).await);
    let bytes = Bundle::of(backend, &device).await.pack();
    let (visitor, id) = (world.guest().await, new_id());
    let once = import(backend, &visitor, bytes.clone(), id).await.unwrap();
    let counts = counts(&world).await;
    assert_eq!(import(backend, &visitor, bytes.clone(), id).await.unwrap(), once);
    // The answer is about the session and not about the file.
    let renamed = backend.rename_session(&visitor, id, "Mine").await.unwrap();
    assert_eq!(import(backend, &visitor, vec![], id).await.unwrap(), renamed);
    assert_eq!(self::counts(&world).await, counts);

    // Two at once: one may have to try again.
    let id = new_id();
    let both = futures::future::join(
        import(backend, &visitor, bytes.clone(), id),
        import(backend, &visitor, bytes.clone(), id),
    );
    let (one, two) = both.await;
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    import(backend, &visitor, bytes, id).await.unwrap();
    assert_eq!(backend.context_json(&visitor, id).await.unwrap(), device.json());
    let sql = format!("SELECT COUNT(*) FROM context_updates WHERE session = '{id}'");
    assert_eq!(world.number(&sql).await, 6);
}

const TABLES: [&str; 11] = [
    "accounts",
    "sign_ins",
    "keys",
    "sessions",
    "context_updates",
    "context_bases",
    "context_clients",
    "snapshots",
    "restores",
    "destroyed_sessions",
    "audit",
];

/// How many rows each table has.
pub(crate) async fn counts(world: &World) -> Vec<i64> {
    let count = |table| format!("(SELECT COUNT(*) FROM {table})");
    let rows = world.rows(&format!("SELECT {}", TABLES.map(count).join(", "))).await;
    (0..TABLES.len()).map(|column| rows[0].get(column)).collect()
}

async fn sess_3_a_session_in_any_state_is_exported_but_a_deleted_one(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let exported = async |state: SessionState| {
        let bundle = Bundle::of(backend, &device).await;
        assert_eq!(bundle.manifest.session.state, state);
        let copy = import(backend, &device.visitor, bundle.pack(), new_id()).await.unwrap();
        assert_eq!(copy.state, SessionState::Active);
        let json = backend.context_json(&device.visitor, copy.id).await.unwrap();
        assert_eq!(json, json!({"a": 1}));
    };
    exported(SessionState::Active).await;
    step(&world, &device, Step::Complete).await;
    exported(SessionState::Completed).await;
    step(&world, &device, Step::Archive).await;
    exported(SessionState::Archived).await;
    world.execute("UPDATE sessions SET state = 'abandoned'").await;
    exported(SessionState::Abandoned).await;
    step(&world, &device, Step::Delete).await;
    let refused = backend.export(&device.visitor, device.session, Cursor::new(vec![])).await;
    assert!(matches!(refused, Err(Error::Gone { until_ms: Some(_) })));
}

async fn sess_3_only_its_own_account_exports_a_session(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    for visitor in [world.guest().await, saved(&world).await.visitor] {
        let refused = backend.export(&visitor, device.session, Cursor::new(vec![])).await;
        assert_eq!(refused.unwrap_err(), Error::NotFound);
    }
    let refused = backend.export(&device.visitor, new_id(), Cursor::new(vec![])).await;
    assert_eq!(refused.unwrap_err(), Error::NotFound);
}

async fn sess_3_an_import_takes_no_id_that_is_somebody_elses_or_was_deleted(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let bytes = Bundle::of(backend, &device).await.pack();
    let before = counts(&world).await;
    let refused = import(backend, &world.guest().await, bytes.clone(), device.session).await;
    assert_eq!(refused, Err(Error::NotFound));
    assert_eq!(counts(&world).await, before);
    step(&world, &device, Step::Delete).await;
    let refused = import(backend, &device.visitor, bytes, device.session).await;
    assert!(matches!(refused, Err(Error::Gone { until_ms: Some(_) })), "{refused:?}");
}

async fn sess_3_a_long_history_comes_in_portions(mut world: World) {
    world.settings.base_every_updates = 100;
    world.restart().await;
    let backend = &world.backend;
    let mut device = Device::new(&world.guest().await);
    for number in 0..600 {
        device.edit(json!({ "n": number }));
        if number == 300 {
            device.write("/notes", &"text ".repeat(300_000));
            device.snapshot("in the middle");
        }
        device.exchange(backend).await.unwrap();
    }
    let bytes = Bundle::of(backend, &device).await.pack();
    let bases = world.newest_base().await;
    assert!(bases > 0);
    let (visitor, id) = (world.guest().await, new_id());
    import(backend, &visitor, bytes, id).await.unwrap();
    assert_eq!(backend.context_json(&visitor, id).await.unwrap(), device.json());
    let old = restored(backend, &device.visitor, device.session).await;
    assert_eq!(restored(backend, &visitor, id).await, old);
    assert_eq!(old.last().unwrap()["n"], 300);
    // Opening it need not read all of that.
    let sql = format!("SELECT COUNT(*) FROM context_bases WHERE session = '{id}'");
    eventually("a base", async || world.number(&sql).await > 0).await;
}

async fn sess_3_an_import_for_which_there_is_no_room_leaves_nothing(mut world: World) {
    // On Postgres nothing says how much room there is.
    if world.database.kind == Kind::Postgres {
        return;
    }
    let mut device = Device::new(&world.guest().await);
    for text in 0..4 {
        let noise: String = (0..9_000).map(|_| SystemEnvironment.uuid().to_string()).collect();
        device.write(&format!("/{text}"), &noise);
        device.exchange(&world.backend).await.unwrap();
    }
    let bytes = Bundle::of(&world.backend, &device).await.pack();
    let pages = u64::try_from(world.number("PRAGMA page_count").await).unwrap();
    world.settings.database_bytes = Some((pages + 150) * 4096);
    world.restart().await;
    let before = counts(&world).await;
    let refused = import(&world.backend, &device.visitor, bytes, new_id()).await;
    assert_eq!(refused, Err(Error::StorageFull));
    assert_eq!(counts(&world).await, before);
}

async fn sess_3_who_wrote_what_is_told_apart_without_names(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let mut other = device.beside();
    other.load(backend).await;
    other.edit(json!({"b": 2}));
    other.sync(backend).await;
    let author = SystemEnvironment.uuid().to_string();
    world.execute(&format!("UPDATE context_updates SET author = '{author}' WHERE seq = 2")).await;
    let bundle = Bundle::of(backend, &device).await;
    assert_eq!((bundle.manifest.rows, bundle.manifest.authors), (2, 2));
    let file = bundle.pack();
    assert!(!file.windows(author.len()).any(|bytes| bytes == author.as_bytes()));
    let visitor = world.guest().await;
    let id = import(backend, &visitor, file, new_id()).await.unwrap().id;
    let sql = format!(
        "SELECT author, (SELECT account FROM sessions WHERE id = session) FROM context_updates \
         WHERE session = '{id}' ORDER BY seq"
    );
    let rows = world.rows(&sql).await;
    let of = |row: usize| (rows[row].get::<String, _>(0), rows[row].get::<String, _>(1));
    assert_eq!(of(0).0, of(0).1);
    assert_ne!(of(1).0, of(1).1);
    assert_ne!(of(1).0, author);
}

async fn sess_3_an_empty_session_goes_out_and_comes_in(world: World) {
    let backend = &world.backend;
    let mut device = Device::new(&world.guest().await);
    device.snapshot("of nothing");
    device.sync(backend).await;
    let bundle = Bundle::of(backend, &device).await;
    assert_eq!((bundle.manifest.rows, bundle.manifest.snapshots), (0, 1));
    let copy = import(backend, &device.visitor, bundle.pack(), new_id()).await.unwrap();
    assert_eq!(backend.context_json(&device.visitor, copy.id).await.unwrap(), json!({}));
    assert_eq!(backend.list_snapshots(&device.visitor, copy.id).await.unwrap().len(), 1);
    let copy = backend.duplicate(&device.visitor, device.session, new_id(), None).await.unwrap();
    assert_eq!(backend.context_json(&device.visitor, copy.id).await.unwrap(), json!({}));
}

async fn sess_3_a_damaged_row_costs_its_place_in_the_history_only(mut world: World) {
    world.settings.base_every_updates = 4;
    world.restart().await;
    let mut device = Device::new(&world.guest().await);
    for number in 0..6 {
        device.edit(json!({ format!("k{number}"): number }));
        device.exchange(&world.backend).await.unwrap();
    }
    eventually("a base", async || world.newest_base().await >= 4).await;
    world.flip("context_updates", "payload", "seq = 2").await;
    world.restart().await;
    let backend = &world.backend;
    let bundle = Bundle::of(backend, &device).await;
    assert_eq!(bundle.manifest.rows, 1);
    let copy = import(backend, &device.visitor, bundle.pack(), new_id()).await.unwrap();
    assert_eq!(backend.context_json(&device.visitor, copy.id).await.unwrap(), device.json());
}

async fn sess_3_another_tools_zip_and_a_later_versions_files_are_taken(world: World) {
    let (backend, device) = (&world.backend, rich(&world).await);
    let mut bundle = Bundle::of(backend, &device).await.and("later-1.bin", b"of no concern");
    bundle.method = CompressionMethod::Stored;
    let mut manifest = serde_json::to_value(&bundle.clone().listed().manifest).unwrap();
    manifest["later"] = json!({"also": "unknown"});
    let bytes = bundle.pack_with(manifest);
    let copy = import(backend, &device.visitor, bytes, new_id()).await.unwrap();
    assert_eq!(backend.context_json(&device.visitor, copy.id).await.unwrap(), device.json());
}

async fn sess_3_exports_and_imports_are_in_the_audit_log(world: World) {
    let (backend, device) = (&world.backend, saved(&world).await);
    let bytes = Bundle::of(backend, &device).await.pack();
    let id = new_id();
    import(backend, &device.visitor, bytes, id).await.unwrap();
    let rows = world.rows("SELECT kind, session FROM audit ORDER BY seq").await;
    let logged: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let (from, to) = (device.session.to_string(), id.to_string());
    let expected =
        [("session_created", &from), ("session_exported", &from), ("session_imported", &to)];
    assert_eq!(logged, expected.map(|(kind, session)| (kind.to_owned(), session.clone())));
}
