//! SESS-3: files that no export wrote. Each is refused with a code, and nothing is left of it.

mod directory;

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use holdfast_domain::Context;
use holdfast_domain::bundle::{CONTEXT, CONTEXT_JSON, HISTORY, MANIFEST, SNAPSHOTS};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::bundling::{counts, new_id};
use crate::harness::{Bundle, Device, RawUpdate, World, contract, import, row};

contract!(
    sess_3_a_hostile_file_is_refused_with_a_code,
    sess_3_a_hostile_update_inside_is_refused_as_a_save_would_be,
    sess_3_a_history_that_is_too_large_on_its_way_is_refused,
    sess_3_a_bundle_cut_anywhere_is_refused,
    sess_3_a_bundle_with_any_flipped_byte_is_refused_or_the_same,
    sess_3_any_bytes_are_an_answer,
);

/// A small session with a snapshot.
async fn small(world: &World) -> Device {
    let mut device = Device::new(&world.guest().await);
    device.edit(json!({"a": 1}));
    device.snapshot("then");
    device.write("/notes", "A text.");
    device.sync(&world.backend).await;
    device
}

/// The code it is refused with; nothing is left.
async fn refused(world: &World, device: &Device, bytes: Vec<u8>, what: &str) -> String {
    let before = counts(world).await;
    let imported = AssertUnwindSafe(import(&world.backend, &device.visitor, bytes, new_id()));
    let imported = imported.catch_unwind().await.unwrap_or_else(|_| panic!("{what} panicked"));
    assert_eq!(counts(world).await, before, "{what}");
    let error = imported.map(|_| panic!("{what} was taken")).unwrap_err();
    match serde_json::to_value(&error).unwrap().get("reason") {
        Some(Value::String(reason)) if error.code() == "bad_import" => reason.clone(),
        _ => error.code().into(),
    }
}

async fn sess_3_a_hostile_file_is_refused_with_a_code(world: World) {
    let device = small(&world).await;
    let good = Bundle::of(&world.backend, &device).await;
    let day = 24 * 60 * 60 * 1000;
    let future = world.backend.now_ms() + 2 * day;
    let snapshot = |change: fn(&mut Value)| {
        let mut snapshots: Value = serde_json::from_slice(good.file(SNAPSHOTS)).unwrap();
        change(&mut snapshots[0]);
        good.clone().with(SNAPSHOTS, snapshots.to_string().into_bytes()).sealed()
    };
    let manifest = |change: fn(&mut Value)| {
        let mut manifest = serde_json::to_value(&good.manifest).unwrap();
        change(&mut manifest);
        good.pack_with(manifest)
    };
    let twice = {
        let mut snapshots: Vec<Value> = serde_json::from_slice(good.file(SNAPSHOTS)).unwrap();
        snapshots.push(snapshots[0].clone());
        let bytes = Value::from(snapshots).to_string().into_bytes();
        good.clone().with(SNAPSHOTS, bytes).but(|manifest| manifest.snapshots = 2).sealed()
    };
    let bomb = vec![b' '; 80_000_000];
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", vec![], "not_a_zip"),
        ("no zip", b"Hello".repeat(100), "not_a_zip"),
        ("an empty zip", [&b"PK\x05\x06"[..], &[0; 18]].concat(), "files"),
        ("no manifest", without_manifest(&good), "files"),
        ("no context", good.clone().without(CONTEXT).sealed(), "files"),
        ("no json", good.clone().without(CONTEXT_JSON).sealed(), "files"),
        ("no history", good.clone().without(HISTORY).sealed(), "files"),
        ("no snapshots", good.clone().without(SNAPSHOTS).sealed(), "files"),
        ("not there", good.clone().without(SNAPSHOTS).pack(), "files"),
        ("unlisted", good.clone().and("more.bin", b"more").pack(), "files"),
        ("up", good.clone().and("../up.bin", b"up").sealed(), "files"),
        ("a folder", good.clone().and("a/b.bin", b"b").sealed(), "files"),
        ("absolute", good.clone().and("/etc.bin", b"b").sealed(), "files"),
        ("a drive", good.clone().and("C:b.bin", b"b").sealed(), "files"),
        (
            "listed twice",
            manifest(|it| {
                let first = it["files"][0].clone();
                it["files"].as_array_mut().unwrap().push(first);
            }),
            "files",
        ),
        (
            "many files",
            (0..20).fold(good.clone(), |all, n| all.and(&format!("f{n}"), b"f")).sealed(),
            "limit_exceeded",
        ),
        ("wrong sum", manifest(|it| it["files"][0]["sha256"] = "00".repeat(32).into()), "checksum"),
        (
            "wrong sum of the history",
            manifest(|it| it["files"][2]["sha256"] = "00".repeat(32).into()),
            "checksum",
        ),
        ("no sum", manifest(|it| it["files"][1]["sha256"] = "".into()), "checksum"),
        ("wrong size", manifest(|it| it["files"][0]["bytes"] = 1.into()), "files"),
        ("a bomb", good.clone().with(CONTEXT_JSON, bomb.clone()).sealed(), "limit_exceeded"),
        (
            "a bomb of snapshots",
            good.clone().with(SNAPSHOTS, bomb.clone()).sealed(),
            "limit_exceeded",
        ),
        ("a bomb beside", good.clone().and("later.bin", &bomb).sealed(), "limit_exceeded"),
        ("another format", manifest(|it| it["format"] = "other".into()), "manifest"),
        ("version 0", manifest(|it| it["version"] = 0.into()), "manifest"),
        (
            "a later version",
            manifest(|it| {
                it["version"] = 2.into();
                it["files"] = "another form".into();
            }),
            "unsupported_version",
        ),
        ("the last version", manifest(|it| it["version"] = u32::MAX.into()), "unsupported_version"),
        ("no list", manifest(|it| it["files"] = Value::Null), "manifest"),
        (
            "a state of its own",
            manifest(|it| it["session"]["state"] = "exalted".into()),
            "manifest",
        ),
        ("no id", manifest(|it| it["session"]["id"] = "x".into()), "manifest"),
        ("no authors", manifest(|it| it["authors"] = 0.into()), "manifest"),
        ("all authors", manifest(|it| it["authors"] = u32::MAX.into()), "manifest"),
        ("all rows", manifest(|it| it["rows"] = u64::MAX.into()), "manifest"),
        ("a row more", manifest(|it| it["rows"] = 3.into()), "history"),
        ("a row less", manifest(|it| it["rows"] = 1.into()), "history"),
        ("an update more", manifest(|it| it["updates"] = 9.into()), "history"),
        ("a snapshot more", manifest(|it| it["snapshots"] = 2.into()), "snapshots"),
        ("no name", manifest(|it| it["session"]["name"] = " ".into()), "invalid_value"),
        (
            "a long name",
            manifest(|it| it["session"]["name"] = "n".repeat(256).into()),
            "invalid_value",
        ),
        (
            "a name with a bell",
            manifest(|it| it["session"]["name"] = "\u{7}".into()),
            "invalid_value",
        ),
        ("before 1970", manifest(|it| it["session"]["created_at_ms"] = (-1).into()), "time"),
        (
            "at the end of time",
            manifest(|it| it["session"]["active_at_ms"] = i64::MAX.into()),
            "time",
        ),
        ("tomorrow", good.clone().but(|it| it.exported_at_ms = future).pack(), "time"),
        ("a snapshot of the future", snapshot(|it| it["row"] = 3.into()), "snapshots"),
        ("a snapshot of the past", snapshot(|it| it["row"] = (-1).into()), "snapshots"),
        ("a snapshot long ago", snapshot(|it| it["created_at_ms"] = (-1).into()), "time"),
        (
            "a snapshot with a long name",
            snapshot(|it| it["name"] = "n".repeat(256).into()),
            "invalid_value",
        ),
        ("a snapshot of its own kind", snapshot(|it| it["kind"] = "odd".into()), "snapshots"),
        ("a snapshot twice", twice, "snapshots"),
        ("no snapshots in it", good.clone().with(SNAPSHOTS, b"{}".to_vec()).sealed(), "snapshots"),
        (
            "deep snapshots",
            good.clone().with(SNAPSHOTS, b"[".repeat(200_000)).sealed(),
            "snapshots",
        ),
    ];
    for (what, bytes, code) in cases {
        assert_eq!(refused(&world, &device, bytes, what).await, code, "{what}");
    }
    // What they were made from is taken.
    import(&world.backend, &device.visitor, good.sealed(), new_id()).await.unwrap();
}

fn without_manifest(good: &Bundle) -> Vec<u8> {
    let bytes = good.clone().pack();
    let mut renamed = bytes.clone();
    let name = MANIFEST.as_bytes();
    for at in 0..bytes.len() - name.len() {
        if &bytes[at..at + name.len()] == name {
            renamed[at] = b'x';
        }
    }
    renamed
}

async fn sess_3_a_hostile_update_inside_is_refused_as_a_save_would_be(world: World) {
    let device = small(&world).await;
    let good = Bundle::of(&world.backend, &device).await;
    let (context, at) = (good.file(CONTEXT).to_vec(), world.backend.now_ms());
    // The history is these rows.
    let history = |rows: &[Vec<u8>], count: u64| {
        let bundle = good.clone().with(HISTORY, rows.concat());
        bundle.but(|it| (it.rows, it.updates) = (count, count)).sealed()
    };
    let nested = (0..3_000).fold(RawUpdate::new(), |update, _| update.nested_map()).encode();
    let foreign = RawUpdate::new().value(&[0x7d, 1]).encode();
    let deep: Vec<u8> = [0x75, 1].repeat(20_000).into_iter().chain([0x7e]).collect();
    let deep = RawUpdate::new().value(&deep).encode();
    let later = RawUpdate::after(5).value(&[0x7d, 1]).encode();
    let own = good.file(HISTORY).to_vec();
    let twice = [own.clone(), row(at, 0, &[&context])];
    let hole = row(at, 0, &[&context]);
    let long = [&at.to_le_bytes()[..], &[0; 5], &[1, 0, 0, 0], &[255; 4]].concat();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("no update", history(&[row(at, 0, &[b"no update"])], 1), "malformed"),
        ("a nested type", history(&[row(at, 0, &[&nested])], 1), "schema"),
        ("a deep value", history(&[row(at, 0, &[&deep])], 1), "limit_exceeded"),
        ("not in the context", history(&[row(at, 0, &[&foreign])], 1), "context"),
        ("a gap", history(&[row(at, 0, &[&later])], 1), "context"),
        (
            "the same twice",
            {
                let bundle = good.clone().with(HISTORY, twice.concat());
                bundle.but(|it| (it.rows, it.updates) = (it.rows + 1, it.updates + 1)).sealed()
            },
            "history",
        ),
        ("nobody", history(&[row(at, 1, &[&context])], 1), "history"),
        ("of the future", history(&[row(i64::MAX, 0, &[&context])], 1), "time"),
        ("an empty row", history(&[row(at, 0, &[])], 1), "history"),
        ("an empty update", history(&[row(at, 0, &[b""])], 1), "history"),
        ("a long update", history(&[long], 1), "limit_exceeded"),
        ("cut", history(&[hole[..hole.len() - 1].to_vec()], 1), "history"),
        ("no context", good.clone().with(CONTEXT, b"no update".to_vec()).sealed(), "malformed"),
        ("a hostile context", good.clone().with(CONTEXT, nested.clone()).sealed(), "schema"),
        ("another context", good.clone().with(CONTEXT, foreign.clone()).sealed(), "context"),
        (
            "a context with a gap",
            {
                let bundle = good.clone().with(HISTORY, vec![]).with(CONTEXT, later.clone());
                let bundle = bundle.with(SNAPSHOTS, b"[]".to_vec());
                bundle.but(|it| (it.rows, it.updates, it.snapshots) = (0, 0, 0)).sealed()
            },
            "context",
        ),
    ];
    for (what, bytes, code) in cases {
        assert_eq!(refused(&world, &device, bytes, what).await, code, "{what}");
    }
}

async fn sess_3_a_history_that_is_too_large_on_its_way_is_refused(world: World) {
    let device = small(&world).await;
    let good = Bundle::of(&world.backend, &device).await;
    let at = world.backend.now_ms();
    // What no save would take: 54 MB, deleted again.
    let (mut context, mut rows) = (Context::new(5), Vec::new());
    let mut others = Vec::new();
    for (text, client) in (0..60).zip(100_u64..) {
        let mut other = Context::new(client);
        let path = format!("/{text}").parse().unwrap();
        let updates = other.set_text(&path, &"a".repeat(900_000)).unwrap();
        others.push((text, updates.clone()));
        rows.push(row(at, 0, &updates.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    for (text, updates) in others {
        context.apply_all(updates.iter().map(Vec::as_slice)).unwrap();
        let gone = context.patch(&json!({ text.to_string(): null })).unwrap();
        rows.push(row(at, 0, &gone.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    // Where nobody can undo it, what was deleted takes no room.
    let mut collected = Context::new(6);
    collected.apply(&context.encode()).unwrap();
    let updates = collected.encode();
    assert!(updates.len() < 100_000);
    let bundle = good.with(HISTORY, rows.concat()).with(CONTEXT, updates);
    let bundle = bundle.but(|it| (it.rows, it.updates) = (120, 180));
    let what = "60 texts that are gone";
    assert_eq!(refused(&world, &device, bundle.sealed(), what).await, "limit_exceeded");
}

async fn sess_3_a_bundle_cut_anywhere_is_refused(world: World) {
    let device = small(&world).await;
    let bytes = Bundle::of(&world.backend, &device).await.pack();
    for length in (0..bytes.len()).step_by(11).chain([bytes.len() - 1]) {
        let what = format!("the first {length} bytes");
        let code = refused(&world, &device, bytes[..length].to_vec(), &what).await;
        assert_eq!(code, "not_a_zip", "{what}");
    }
    for more in [[&bytes[..], b"more"].concat(), [b"more", &bytes[..]].concat()] {
        assert_eq!(refused(&world, &device, more, "more").await, "not_a_zip");
    }
}

async fn sess_3_a_bundle_with_any_flipped_byte_is_refused_or_the_same(world: World) {
    let device = small(&world).await;
    let bytes = Bundle::of(&world.backend, &device).await.pack();
    let mut taken = 0;
    for at in (0..bytes.len()).step_by(5) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let (before, id) = (counts(&world).await, new_id());
        match import(&world.backend, &device.visitor, flipped, id).await {
            // A time or an attribute that only zip tools read.
            Ok(_) => {
                taken += 1;
                let json = world.backend.context_json(&device.visitor, id).await.unwrap();
                assert_eq!(json, device.json(), "{at}");
            }
            Err(error) => {
                assert!(["bad_import", "limit_exceeded"].contains(&error.code()), "{error} {at}");
                assert_eq!(counts(&world).await, before, "{at}");
            }
        }
    }
    assert!(taken * 4 < bytes.len() / 5, "{taken}");
}

async fn sess_3_any_bytes_are_an_answer(world: World) {
    let device = small(&world).await;
    let good = Bundle::of(&world.backend, &device).await;
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let mut runner =
            TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
        let any = (
            0..4_usize,
            proptest::collection::vec(any::<u8>(), 0..400),
            any::<prop::sample::Index>(),
        );
        let run = runner.run(&any, |(part, bytes, at)| {
            let file = match part {
                // As the whole, as a part in a whole that is right, or in the middle of one.
                0 => bytes,
                1 => good.clone().with(HISTORY, bytes).sealed(),
                2 => good.clone().with(CONTEXT, bytes).sealed(),
                _ => {
                    let mut file = good.pack();
                    let at = at.index(file.len());
                    let end = (at + bytes.len()).min(file.len());
                    file.splice(at..end, bytes);
                    file
                }
            };
            let imported = import(&world.backend, &device.visitor, file, new_id());
            let imported = runtime.block_on(AssertUnwindSafe(imported).catch_unwind());
            prop_assert!(imported.is_ok(), "a panic");
            let code = imported.unwrap().map_or_else(|error| error.code(), |_| "taken");
            prop_assert!(code != "internal" && code != "unavailable", "{}", code);
            Ok(())
        });
        run.unwrap();
    });
}
