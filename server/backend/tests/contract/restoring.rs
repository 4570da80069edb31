//! SNAP-3: preview, restore, undo.

use holdfast_domain::Error;
use holdfast_domain::snapshot::{DifferenceKind, SnapshotKind, Undone};
use serde_json::json;

use crate::harness::{Device, World, contract};

contract!(
    snap_3_a_preview_says_what_would_change,
    snap_3_a_restore_reaches_every_device_and_keeps_offline_edits,
    snap_3_an_undone_restore_leaves_what_changed_since,
    snap_3_a_restore_of_a_restore_works,
    snap_3_a_restore_that_changes_nothing_adds_nothing,
    snap_3_a_restore_among_other_writers_is_done_once,
    snap_3_an_undone_restore_brings_back_every_digit,
    ctx_9_what_a_restore_made_is_told_apart_from_edits,
);

async fn snap_3_a_preview_says_what_would_change(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"same": 1, "changed": 1, "gone": {"deep": true}}));
    device.write("/notes", "The quick fox");
    let snapshot = device.snapshot("then");
    device.edit(json!({"changed": 2, "gone": null, "new": [1]}));
    device.write("/notes", "The slow fox");
    device.sync(&world.backend).await;
    let (visitor, session) = (&device.visitor, device.session);
    let preview = world.backend.preview_snapshot(visitor, session, snapshot).await.unwrap();
    assert_eq!(preview.snapshot.name, "then");
    let found: Vec<_> = preview
        .differences
        .iter()
        .map(|found| (found.path.as_str(), found.kind, found.now.clone(), found.then.clone()))
        .collect();
    use DifferenceKind::{Added, Changed, Removed};
    assert_eq!(
        found,
        [
            ("/changed", Changed, Some(json!(2)), Some(json!(1))),
            ("/gone/deep", Added, None, Some(json!(true))),
            ("/new", Removed, Some(json!([1])), None),
            ("/notes", Changed, None, None),
        ]
    );
    let spans: Vec<_> =
        preview.differences[3].spans.iter().map(|span| (span.kind, span.text.as_str())).collect();
    assert_eq!(
        spans,
        [(None, "The "), (Some(Removed), "slow"), (Some(Added), "quick"), (None, " fox")]
    );
    // Looking changes nothing.
    assert_eq!(world.backend.context_json(visitor, session).await.unwrap(), device.json());
}

async fn snap_3_a_restore_reaches_every_device_and_keeps_offline_edits(world: World) {
    let mut one = Device::new(&world.guest().await);
    one.write("/notes", "First line.");
    one.edit(json!({"n": 1, "object": {"a": 1}}));
    let snapshot = one.snapshot("first");
    one.sync(&world.backend).await;
    let mut two = one.beside();
    two.load(&world.backend).await;
    one.write("/notes", "First line, spoilt.");
    one.edit(json!({"n": 2, "object": null, "new": 1}));
    one.sync(&world.backend).await;
    two.sync(&world.backend).await;
    // Two is offline now and writes at the end.
    two.write("/notes", "First line, spoilt. And more.");

    let restored =
        world.backend.restore_snapshot(&one.visitor, one.session, snapshot).await.unwrap();
    assert_eq!(restored.changed, 4);
    one.sync(&world.backend).await;
    assert_eq!(one.json(), json!({"notes": "First line.", "n": 1, "object": {"a": 1}}));
    two.sync(&world.backend).await;
    one.sync(&world.backend).await;
    assert_eq!(one.json(), two.json());
    let notes = two.json()["notes"].as_str().unwrap().to_owned();
    assert!(notes.starts_with("First line") && notes.contains("And more."), "{notes}");

    let listed = world.backend.list_snapshots(&one.visitor, one.session).await.unwrap();
    let before = listed.iter().find(|found| Some(found.id) == restored.before).unwrap();
    assert_eq!(before.kind, SnapshotKind::BeforeRestore);
    assert!(before.name.contains("first"), "{}", before.name);
}

async fn snap_3_an_undone_restore_leaves_what_changed_since(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1, "b": 1}));
    device.write("/notes", "then");
    let snapshot = device.snapshot("then");
    device.edit(json!({"a": 2, "b": 2, "c": 2}));
    device.write("/notes", "now");
    device.sync(&world.backend).await;
    let now = device.json();
    let (visitor, session) = (device.visitor.clone(), device.session);
    let backend = world.backend.clone();

    // Nothing changed since: it is simply undone, once.
    let restored = backend.restore_snapshot(&visitor, session, snapshot).await.unwrap();
    let undone = backend.undo_restore(&visitor, session, restored.restore, false).await.unwrap();
    assert_eq!(undone, Undone::Done { kept: 0 });
    assert_eq!(backend.context_json(&visitor, session).await.unwrap(), now);
    let again = backend.undo_restore(&visitor, session, restored.restore, true).await;
    assert_eq!(again.unwrap_err().code(), "conflict");

    // Something did: it is shown first.
    let restored = backend.restore_snapshot(&visitor, session, snapshot).await.unwrap();
    device.sync(&world.backend).await;
    device.edit(json!({"a": "mine"}));
    device.sync(&world.backend).await;
    let asked = backend.undo_restore(&visitor, session, restored.restore, false).await.unwrap();
    let Undone::Changed { differences } = asked else { panic!("{asked:?}") };
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].path, "/a");
    assert_eq!(differences[0].now, Some(json!("mine")));
    let undone = backend.undo_restore(&visitor, session, restored.restore, true).await.unwrap();
    assert_eq!(undone, Undone::Done { kept: 1 });
    device.sync(&world.backend).await;
    assert_eq!(device.json(), json!({"a": "mine", "b": 2, "c": 2, "notes": "now"}));
}

async fn snap_3_a_restore_of_a_restore_works(world: World) {
    let mut device = Device::new(&world.guest().await);
    let mut snapshots = Vec::new();
    for number in 0..3 {
        device.edit(json!({"n": number, format!("only {number}"): true}));
        device.write("/notes", &format!("version {number}"));
        if number > 0 {
            device.edit(json!({format!("only {}", number - 1): null}));
        }
        snapshots.push((device.snapshot(&format!("{number}")), device.json()));
        device.sync(&world.backend).await;
    }
    let last = device.json();
    let (visitor, session) = (device.visitor.clone(), device.session);
    for (snapshot, then) in snapshots.iter().cycle().take(7) {
        let now = device.json();
        let restored = world.backend.restore_snapshot(&visitor, session, *snapshot).await.unwrap();
        device.sync(&world.backend).await;
        assert_eq!(device.json(), *then);
        // And back by the snapshot that was taken before it.
        if let Some(before) = restored.before {
            world.backend.restore_snapshot(&visitor, session, before).await.unwrap();
            device.sync(&world.backend).await;
            assert_eq!(device.json(), now);
            world.backend.restore_snapshot(&visitor, session, *snapshot).await.unwrap();
            device.sync(&world.backend).await;
        }
    }
    assert_eq!(snapshots[2].1, last);
}

async fn snap_3_a_restore_that_changes_nothing_adds_nothing(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let snapshot = device.snapshot("same");
    device.sync(&world.backend).await;
    let (visitor, session) = (device.visitor.clone(), device.session);
    let restored = world.backend.restore_snapshot(&visitor, session, snapshot).await.unwrap();
    assert_eq!((restored.before, restored.changed), (None, 0));
    assert_eq!(world.number("SELECT COUNT(*) FROM context_updates").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM snapshots").await, 1);
    let undone = world.backend.undo_restore(&visitor, session, restored.restore, false).await;
    assert_eq!(undone.unwrap(), Undone::Done { kept: 0 });
    // Its record goes with the days.
    world.clock.advance(31 * crate::harness::DAY_MS);
    world.backend.sweep_snapshots().await.unwrap();
    let undone = world.backend.undo_restore(&visitor, session, restored.restore, false).await;
    assert_eq!(undone.unwrap_err(), Error::NotFound);
}

async fn snap_3_a_restore_among_other_writers_is_done_once(world: World) {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    let snapshot = device.snapshot("then");
    device.edit(json!({"a": 2}));
    device.sync(&world.backend).await;
    let writing = {
        let (backend, mut other) = (world.backend.clone(), device.beside());
        tokio::spawn(async move {
            for round in 0..40 {
                other.edit(json!({format!("key {round}"): round}));
                other.sync(&backend).await;
            }
        })
    };
    let restored = world.backend.restore_snapshot(&device.visitor, device.session, snapshot).await;
    writing.await.unwrap();
    // So many writes may be in its way that it gives up; then nothing was done.
    device.sync(&world.backend).await;
    match restored {
        Ok(_) => {
            assert_eq!(device.json()["a"], 1);
            assert_eq!(world.number("SELECT COUNT(*) FROM restores").await, 1);
        }
        Err(error) => {
            assert_eq!(error, Error::Unavailable);
            assert_eq!(world.number("SELECT COUNT(*) FROM restores").await, 0);
        }
    }
}

async fn snap_3_an_undone_restore_brings_back_every_digit(world: World) {
    let mut device = Device::new(&world.guest().await);
    let digits = json!({"a": 31.245270191439438, "b": [31.245270191439438], "c": 1});
    device.edit(digits.clone());
    let snapshot = device.snapshot("digits");
    device.edit(json!({"a": 2, "c": 31.245270191439438}));
    device.sync(&world.backend).await;
    let now = device.json();
    let (visitor, session) = (device.visitor.clone(), device.session);
    let restored = world.backend.restore_snapshot(&visitor, session, snapshot).await.unwrap();
    assert_eq!(world.backend.context_json(&visitor, session).await.unwrap(), digits);
    let undone = world.backend.undo_restore(&visitor, session, restored.restore, false).await;
    assert_eq!(undone.unwrap(), Undone::Done { kept: 0 });
    assert_eq!(world.backend.context_json(&visitor, session).await.unwrap(), now);
}

async fn ctx_9_what_a_restore_made_is_told_apart_from_edits(world: World) {
    let mut one = Device::new(&world.guest().await);
    one.edit(json!({"n": 1}));
    let snapshot = one.snapshot("first");
    one.sync(&world.backend).await;
    let mut two = one.beside();
    two.load(&world.backend).await;

    one.edit(json!({"n": 2}));
    one.sync(&world.backend).await;
    let (visitor, session) = (&one.visitor, one.session);
    let restored = world.backend.restore_snapshot(visitor, session, snapshot).await.unwrap();
    let undone =
        world.backend.undo_restore(visitor, session, restored.restore, false).await.unwrap();
    assert_eq!(undone, Undone::Done { kept: 0 });
    one.edit(json!({"m": 3}));
    one.sync(&world.backend).await;

    let news = two.exchange(&world.backend).await.unwrap().news;
    let made: Vec<bool> = news.updates.iter().map(|of_log| of_log.restored).collect();
    assert_eq!(made, [false, true, true, false]);
    assert_eq!(two.json(), json!({"n": 2, "m": 3}));
}
