//! SEC-5: a flipped bit in whatever is sealed is found, and its table and row are named.

use holdfast_domain::id::RestoreId;
use holdfast_domain::shared::{Preferences, Theme};
use serde_json::json;

use crate::harness::{Device, EMAIL, PASSWORD, World, contract, eventually};

contract!(sec_5_a_flipped_bit_is_found_and_named);

/// Somebody with something in every column.
struct Written {
    /// A session with a base, a snapshot and a restore...
    based: Device,
    restore: RestoreId,
    /// ...and one with a single row.
    plain: Device,
    looks: usize,
}

async fn sec_5_a_flipped_bit_is_found_and_named(mut world: World) {
    let mut written = write(&mut world).await;
    let (based, plain) = (written.based.session, written.plain.session);
    let newest = format!("session = '{based}' AND seq = (SELECT MAX(seq) FROM context_bases)");
    let of_plain = format!("id = (SELECT key FROM sessions WHERE id = '{plain}')");
    for (table, column, name, condition) in [
        ("keys", "wrapped", "id", of_plain),
        ("sessions", "name", "id", format!("id = '{plain}'")),
        ("context_updates", "payload", "id", format!("session = '{plain}'")),
        ("context_bases", "payload", "id", newest.clone()),
        ("context_bases", "coverage", "id", newest),
        ("snapshots", "name", "id", "id = (SELECT MIN(id) FROM snapshots)".to_owned()),
        ("shared_values", "value", "id", "1 = 1".into()),
        ("preferences", "value", "account", "1 = 1".into()),
        ("accounts", "email", "id", "email IS NOT NULL".into()),
        (
            "sign_ins",
            "device",
            "id",
            "id = (SELECT MIN(id) FROM sign_ins WHERE device IS NOT NULL)".into(),
        ),
        (
            "audit",
            "detail",
            "seq",
            "seq = (SELECT MIN(seq) FROM audit WHERE detail IS NOT NULL)".into(),
        ),
        // Last, because looking at it undoes it.
        ("restores", "replaced", "id", "1 = 1".into()),
    ] {
        let row = format!("SELECT CAST({name} AS TEXT) FROM {table} WHERE {condition}");
        let row: String = sqlx::Row::get(&world.rows(&row).await[0], 0);
        let there = (table, row.clone());
        world.restart().await;
        if table != "restores" {
            look(&world, &mut written).await;
            assert!(!world.backend.damaged().contains(&there), "{table}.{column} before");
        }
        let condition = format!("CAST({name} AS TEXT) = '{row}'");
        world.flip(table, column, &condition).await;
        world.restart().await;
        look(&world, &mut written).await;
        if table == "restores" {
            let visitor = &written.based.visitor;
            let undone = world.backend.undo_restore(visitor, based, written.restore, false).await;
            assert_eq!(undone.unwrap_err().code(), "damaged");
        }
        let damaged = world.backend.damaged();
        assert!(damaged.contains(&there), "{table}.{column} {row}: {damaged:?}");
        // Back again: nothing of it was lost.
        world.flip(table, column, &condition).await;
    }
}

async fn write(world: &mut World) -> Written {
    world.settings.base_every_updates = 3;
    world.restart().await;
    let person = world.person(EMAIL).await;
    let visitor = world.sign_in(EMAIL, PASSWORD).await.unwrap();
    world.backend.set_preferences(&person, &Preferences { theme: Theme::Dark }).await.unwrap();
    let mut based = Device::new(&visitor);
    based.edit(json!({"a": 1}));
    let snapshot = based.snapshot("before");
    based.sync(&world.backend).await;
    for number in 0..4 {
        based.edit(json!({"a": number}));
        based.sync(&world.backend).await;
    }
    eventually("a base", async || world.bases().await > 0).await;
    let restored = world.backend.restore_snapshot(&visitor, based.session, snapshot).await.unwrap();
    // From now on there are no more.
    world.backend.close().await;
    world.settings.base_every_updates = 1_000;
    world.restart().await;
    world.backend.share(&visitor, "shared", json!(1)).await.unwrap();
    let mut plain = Device::new(&visitor);
    plain.edit(json!({"a": 1}));
    plain.sync(&world.backend).await;
    Written { based, restore: restored.restore, plain, looks: 0 }
}

/// Reads all of it, as pages and operators do.
async fn look(world: &World, written: &mut Written) {
    let (backend, based) = (&world.backend, &mut written.based);
    let visitor = based.visitor.clone();
    // First: a server that has read the session knows what its log covers.
    written.looks += 1;
    based.edit(json!({"looks": written.looks}));
    based.sync(backend).await;
    backend.list_sessions(&visitor).await.unwrap();
    backend.list_snapshots(&visitor, based.session).await.unwrap();
    for session in [based.session, written.plain.session] {
        backend.context_json(&visitor, session).await.unwrap();
    }
    backend.preferences(&visitor).await.unwrap();
    backend.sign_ins(&visitor).await.unwrap();
    backend.audit(&visitor, &Default::default()).await.unwrap();
    backend.users().await.unwrap();
    // A new session gets what was shared.
    let mut new = Device::new(&visitor);
    new.edit(json!({"b": 1}));
    new.sync(backend).await;
    backend.load(&visitor, new.session).await.unwrap();
}
