//! Updates that no honest client writes, over HTTP: refused with a code, the process alive (SYNC-5).

use holdfast_domain::limits::NESTING_LEVELS;
use holdfast_domain::wire::{SaveOutcome, SaveReply, SaveRequest};
use holdfast_domain::{Context, wire};
use serde_json::json;

use crate::harness::{
    Answer, Database, Device, Guest, Kind, Program, RawUpdate, Server, snapshot_request,
};

/// Code of the refused item.
async fn refused(guest: &Guest, request: &SaveRequest) -> String {
    match guest.save(request).await.message::<SaveReply>().outcome {
        SaveOutcome::Refused { index: 0, error } => error.code,
        other => panic!("{other:?}"),
    }
}

/// Against the real binary: a stack that overflows would end the process, not a task.
#[tokio::test]
async fn sync_5_depth_bombs_are_refused_and_the_process_lives() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let safe = device.edit(&json!({"safe": 1}));
    assert_eq!(guest.save(&device.save([safe])).await.status, 200);

    let arrays: Vec<u8> = [117, 1].repeat(10_000).into_iter().chain([126]).collect();
    let objects: Vec<u8> = [118, 1, 1, b'a'].repeat(10_000).into_iter().chain([126]).collect();
    for bomb in [arrays, objects] {
        let update = RawUpdate::new().value(&bomb).encode();
        assert_eq!(refused(&guest, &device.save([update])).await, "limit_exceeded");
    }
    let types = (0..50_000).fold(RawUpdate::new(), |update, _| update.nested_map()).encode();
    assert_eq!(refused(&guest, &device.save([types])).await, "schema");
    // From small updates: none of them is taken, so nothing deep comes about.
    for _ in 0..3 {
        let nested = RawUpdate::new().nested_map().encode();
        assert_eq!(refused(&guest, &device.save([nested])).await, "schema");
    }

    let still = device.edit(&json!({"safe": 2}));
    assert_eq!(guest.save(&device.save([still])).await.status, 200);
    let log = device.log(&guest).await;
    assert_eq!(log.len(), 2);
    program.kill().await;
}

/// Each update is small and makes the context one level deeper, a few in each request.
#[tokio::test]
async fn sync_5_a_chain_of_small_updates_gets_no_deeper_than_the_limit() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let device = Device::new();
    // Texts, each below the place of the last one.
    let text = |level: usize| RawUpdate::after(level - 1).text(&"/a".repeat(level)).encode();
    // Values beside each other at the deepest place there is.
    let place = |level: usize| format!("{}/{level}", "/b".repeat(NESTING_LEVELS - 1));
    let value = |level: usize| {
        let arrays: Vec<u8> = [117, 1].repeat(level - 1).into_iter().chain([117, 0]).collect();
        RawUpdate::after(NESTING_LEVELS + level - 1).value_at(&place(level), &arrays).encode()
    };
    let texts = (1..=NESTING_LEVELS).map(text);
    let chain: Vec<_> = texts.chain((1..=NESTING_LEVELS).map(value)).collect();
    for few in chain.chunks(7) {
        let saved = guest.save(&device.save(few.iter().cloned())).await.message::<SaveReply>();
        assert_eq!(saved.outcome, SaveOutcome::Acked);
    }
    let log = device.log(&guest).await;
    assert_eq!(log.len(), 2 * NESTING_LEVELS);
    // One level more is refused, however often it is tried.
    for _ in 0..3 {
        let text = RawUpdate::after(2 * NESTING_LEVELS).text(&"/a".repeat(NESTING_LEVELS + 1));
        assert_eq!(refused(&guest, &device.save([text.encode()])).await, "schema");
        let value = value(NESTING_LEVELS + 1);
        assert_eq!(refused(&guest, &device.save([value])).await, "limit_exceeded");
    }
    // And types inside types are refused from the first one on, each alone and all together.
    let nested = |depth: usize| RawUpdate::after(2 * NESTING_LEVELS + depth).nested_map().encode();
    for depth in 0..100 {
        assert_eq!(refused(&guest, &device.save([nested(depth)])).await, "schema", "{depth}");
    }
    assert_eq!(refused(&guest, &device.save((0..10_000).map(nested))).await, "schema");

    // A client reads what is there, and so does the server.
    assert_eq!(device.log(&guest).await, log);
    let mut reader = Device::of(device.session);
    for update in &log {
        reader.context.apply(update).unwrap();
    }
    let json = reader.context.to_json();
    assert!(json.pointer(&"/a".repeat(NESTING_LEVELS)).is_some_and(|text| text == "x"));
    assert_eq!(json.pointer(&place(NESTING_LEVELS)).unwrap().to_string().len(), 2 * NESTING_LEVELS);
    let request = json!({"session": device.session, "request": snapshot_request("Deep")});
    let snapshot = guest.call("create_snapshot", &request).await.json()["id"].clone();
    let still = reader.edit(&json!({"a": null, "b": null}));
    assert_eq!(guest.save(&device.save([still])).await.status, 200);
    let named = json!({"session": device.session, "snapshot": snapshot});
    assert_eq!(guest.call("preview_snapshot", &named).await.status, 200);
    assert_eq!(guest.call("restore_snapshot", &named).await.status, 200);
    let mut restored = Device::of(device.session);
    for update in device.log(&guest).await {
        restored.context.apply(&update).unwrap();
    }
    assert_eq!(restored.context.to_json(), json);
    program.kill().await;
}

#[tokio::test]
async fn sync_5_a_truncated_update_in_a_sound_request_is_refused_wherever_it_is_cut() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let mut device = Device::new();
    let first = device.edit(&json!({"a": {"b": [1, "zwei", null]}, "c": 1.5}));
    assert_eq!(guest.save(&device.save([first.clone()])).await.status, 200);

    let second = device.edit(&json!({"a": {"d": "drei"}, "e": true}));
    for length in 0..second.len() {
        let code = refused(&guest, &device.save([second[..length].to_vec()])).await;
        assert_eq!(code, "malformed", "{length} of {} bytes", second.len());
    }
    assert_eq!(server.rows("context_updates").await, 1);
    let saved = guest.save(&device.save([second.clone()])).await.message::<SaveReply>();
    assert_eq!(saved.outcome, SaveOutcome::Acked);
    assert_eq!(device.log(&guest).await, [first, second]);
}

#[tokio::test]
async fn sync_5_truncated_and_mutated_requests_are_refused_with_a_code() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let mut device = Device::new();
    let first = device.edit(&json!({"a": {"b": [1, "zwei", null]}, "c": 1.5}));
    assert_eq!(guest.save(&device.save([first])).await.status, 200);

    let second = device.edit(&json!({"a": {"d": "drei"}, "e": true}));
    let request = device.save([second]);
    let body = wire::seal(&request);
    for length in 0..body.len() {
        let refused = guest.send("save_context", body[..length].to_vec()).await.refusal();
        assert_eq!(refused, (400, "malformed".into()), "{length} bytes");
    }
    let more = body.iter().copied().chain([0]).collect::<Vec<u8>>();
    assert_eq!(guest.send("save_context", more).await.refusal(), (400, "malformed".into()));
    let mut other = body.clone();
    other[2] = 9;
    let refused = guest.send("save_context", other).await;
    assert_eq!(refused.refusal(), (400, "unsupported_version".into()));

    let mut seed = 1_u32;
    for _ in 0..300 {
        let mut bytes = body.clone();
        // A small linear congruential generator: the same bytes in every run.
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = 4 + (seed >> 8) as usize % (bytes.len() - 4);
        bytes[at] ^= (seed >> 24) as u8 | 1;
        let answer = guest.send("save_context", bytes).await;
        match answer.status {
            // Taken, or refused for what an item is.
            200 => drop(answer.message::<SaveReply>()),
            _ => assert!((400..500).contains(&answer.refusal().0), "{}", answer.text()),
        }
    }
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
    // Whatever was taken, a client can read all of it.
    let mut reader = Context::new(1);
    for update in device.log(&guest).await {
        reader.apply(&update).unwrap();
    }
    assert_eq!(reader.to_json()["a"]["b"], json!([1, "zwei", null]));
}

#[tokio::test]
async fn sync_5_a_refused_update_is_logged_without_its_content() {
    let database = Database::create(Kind::Sqlite).await;
    let mut program = Program::with(&database, &[("HOLDFAST_LOG", "debug")]).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let honest = device.edit(&json!({"plantedkey": "plantedvalue"}));
    let planted: Vec<u8> = [119, 12].into_iter().chain(*b"plantedvalue").collect();
    let bomb: Vec<u8> = [117, 1].repeat(100).into_iter().chain(planted).collect();
    // Too deep, not of the schema, cut off; each beside one that could be taken.
    let hostile = [
        ("limit_exceeded", RawUpdate::new().value_at("/plantedkey", &bomb).encode()),
        ("schema", RawUpdate::new().text("plantedkey").encode()),
        ("malformed", honest[..honest.len() - 4].to_vec()),
    ];
    for (number, (code, update)) in hostile.iter().enumerate() {
        let body = wire::seal(&device.save([honest.clone(), update.clone()]));
        let request =
            guest.request("save_context").header("x-request-id", format!("hostile-{number}"));
        let reply = Answer::of(request.body(body).send().await.unwrap()).await;
        match reply.message::<SaveReply>().outcome {
            SaveOutcome::Refused { index: 1, error } => assert_eq!(error.code, *code),
            other => panic!("{code}: {other:?}"),
        }
    }
    program.ask_to_stop().await;
    let (_, log) = program.ended().await;
    for (number, (code, _)) in hostile.iter().enumerate() {
        let id = format!("id=\"hostile-{number}\"");
        let refusals = log.iter().filter(|line| line.contains("an item was refused"));
        let of_this: Vec<_> = refusals.filter(|line| line.contains(&id)).collect();
        let [line] = of_this[..] else { panic!("{code}: {log:?}") };
        for word in
            ["WARN", &format!("session={}", device.session), "index=1", &format!("code=\"{code}\"")]
        {
            assert!(line.contains(word), "{word}: {line}");
        }
    }
    assert!(!log.iter().any(|line| line.contains("planted")), "{log:?}");
}
