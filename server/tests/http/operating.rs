//! What an operator sees of the program.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use holdfast_domain::wire::SaveReply;
use serde_json::{Value, json};

use crate::harness::{Answer, Database, Device, Guest, Kind, Program, Server};

#[tokio::test]
async fn sec_5_the_first_start_makes_a_key_and_says_to_keep_it() {
    let database = Database::create(Kind::Sqlite).await;
    let data = database.folder.path().join("data");
    let mut program = Program::start(&database).await;
    program.logged("keep a copy of this file").await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("master.key")), 0o600);
    program.ask_to_stop().await;
    assert!(program.ended().await.0.success());

    let mut again = Program::start(&database).await;
    again.ask_to_stop().await;
    let (_, log) = again.ended().await;
    assert!(!log.iter().any(|line| line.contains("keep a copy")), "{log:?}");
}

#[tokio::test]
async fn sec_5_a_wrong_key_is_refused_in_words() {
    let database = Database::create(Kind::Sqlite).await;
    Program::start(&database).await.kill().await;
    let data = database.folder.path().join("data");
    let key = data.join("master.key");
    for (text, words) in [("02".repeat(32), "encrypted with the master key"), ("?".into(), "64")] {
        std::fs::write(&key, &text).unwrap();
        let (status, said) = Program::refused(&database.url(), &data).await;
        assert_eq!(status.code(), Some(1));
        assert!(said.contains(words), "{said}");
        assert!(!said.contains(&text), "{said}");
    }
}

#[tokio::test]
async fn ops_1_what_keeps_it_from_starting_is_said() {
    let database = Database::create(Kind::Sqlite).await;
    let data = database.folder.path().join("data");
    let nowhere = "postgres://me:secret@127.0.0.1:1/none";
    let (status, said) = Program::refused(nowhere, &data).await;
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("database could not be opened") && !said.contains("secret"), "{said}");
    std::fs::write(database.folder.path().join("file"), "").unwrap();
    let inside = database.folder.path().join("file").join("data");
    let (status, said) = Program::refused(&database.url(), &inside).await;
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("data folder"), "{said}");
}

#[tokio::test]
async fn ops_1_a_taken_address_is_said() {
    let database = Database::create(Kind::Sqlite).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_holdfast"))
        .env_clear()
        .env("HOLDFAST_ADDR", taken.local_addr().unwrap().to_string())
        .env("HOLDFAST_DATA_DIR", database.folder.path().join("data"))
        .current_dir(database.folder.path())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("cannot listen on"), "{said}");
    // Without a command it serves, and nothing was made before it could listen.
    assert!(!database.folder.path().join("data").exists());
}

#[tokio::test]
async fn sync_6_an_operator_says_that_the_database_was_brought_back() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    let saved = guest.save(&device.save([update])).await;
    let before = incarnation(&saved);
    program.kill().await;
    let said = Program::run("new-incarnation", &database).await;
    let program = Program::start(&database).await;
    let guest = guest.at(&program.url);
    let update = device.edit(&json!({"a": 2}));
    let after = incarnation(&guest.save(&device.save([update])).await);
    assert_ne!(before, after);
    assert!(said.contains(&after), "{said}");
    // Once: starting is not coming back.
    program.kill().await;
    let program = Program::start(&database).await;
    let guest = guest.at(&program.url);
    let update = device.edit(&json!({"a": 3}));
    assert_eq!(incarnation(&guest.save(&device.save([update])).await), after);
}

fn incarnation(answer: &Answer) -> String {
    let reply = answer.message::<SaveReply>();
    reply.news.position.incarnation.to_string()
}

#[tokio::test]
async fn ops_2_a_request_has_an_id_that_the_log_has_too() {
    let server = Server::start().await;
    let id = |answer: &Answer| answer.header("x-request-id").to_owned();
    let (one, two) = (server.get("/healthz", &[]).await, server.get("/healthz", &[]).await);
    assert!(id(&one).len() == 36 && id(&one) != id(&two));
    let kept = server.get("/healthz", &[("x-request-id", "proxy-4711")]).await;
    assert_eq!(id(&kept), "proxy-4711");
    for unfit in ["", "a b", "name@example.org", &"x".repeat(65)] {
        let other = server.get("/healthz", &[("x-request-id", unfit)]).await;
        assert_eq!(id(&other).len(), 36, "{unfit}");
    }
}

#[tokio::test]
async fn ops_2_sec_8_the_log_has_ids_and_no_content() {
    let database = Database::create(Kind::Sqlite).await;
    // With what is said of every call that went well.
    let mut program = Program::with(&database, &[("HOLDFAST_LOG", "debug")]).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"plantedkey": "plantedvalue"}));
    let mut request = device.save([update]);
    request.create.as_mut().unwrap().name = "plantedname".into();
    assert_eq!(guest.save(&request).await.status, 200);
    let rename = json!({"session": device.session, "name": "planted\u{0}name"});
    guest.call("rename_session", &rename).await.refusal();
    guest.call("rename_session", &json!({"session": "plantedid"})).await.refusal();
    let shared = json!({"key": "plantedkey", "value": "plantedvalue"});
    assert_eq!(guest.call("share_context", &shared).await.status, 200);
    let unknown = guest.http.get(format!("{}/planted/path?planted=query", program.url));
    assert_eq!(unknown.send().await.unwrap().status(), 404);
    program.ask_to_stop().await;
    let (_, log) = program.ended().await;
    let log = log.join("\n");
    assert!(log.contains("route=\"/fn/save_context\"") && log.contains("status=200"), "{log}");
    assert!(!log.contains("planted"), "{log}");
    let token = guest.cookie.split_once('=').unwrap().1;
    assert!(!log.contains(token.get(..32).unwrap()), "{log}");
}

#[tokio::test]
async fn ops_2_a_log_of_json_says_level_source_message_and_request() {
    let database = Database::create(Kind::Sqlite).await;
    let settings = [("HOLDFAST_LOG_FORMAT", "json"), ("HOLDFAST_LOG", "debug")];
    let mut program = Program::with(&database, &settings).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    assert_eq!(guest.save(&device.save([update])).await.status, 200);
    let unknown = guest.request("rename_session").header("x-request-id", "proxy-4711");
    assert_eq!(unknown.body("{}").send().await.unwrap().status(), 400);
    program.ask_to_stop().await;
    let (_, log) = program.ended().await;

    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let mut answered = Vec::new();
    for line in &log {
        let said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(["ERROR", "WARN", "INFO", "DEBUG"].contains(&&*text(&said, "level")), "{line}");
        assert!(
            !text(&said, "target").is_empty() && !text(&said, "timestamp").is_empty(),
            "{line}"
        );
        assert!(!text(&said, "message").is_empty(), "{line}");
        if text(&said, "message") == "answered" {
            let span = &said["span"];
            let id = text(span, "id");
            answered.push((text(span, "route"), said["status"].as_u64().unwrap(), id));
        }
    }
    let [page, save, rename] = &answered[..] else { panic!("{answered:?}") };
    assert_eq!((page.0.as_str(), page.1, page.2.len()), ("/", 200, 36));
    assert_eq!((save.0.as_str(), save.1, save.2.len()), ("/fn/save_context", 200, 36));
    assert_ne!(page.2, save.2);
    assert_eq!(*rename, ("/fn/rename_session".into(), 400, "proxy-4711".into()));
}
