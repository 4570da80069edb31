//! All server functions: which there are, and that broken calls are refused with a code.

use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;

use crate::harness::{Answer, Server};

/// Where they are, `/fn/name`.
pub(crate) fn paths() -> Vec<&'static str> {
    let mut paths: Vec<&str> = server_fn_paths().map(|(path, _)| path).collect();
    paths.sort_unstable();
    assert!(paths.len() > 10, "server functions register themselves");
    paths
}

pub(crate) fn names() -> Vec<&'static str> {
    paths().into_iter().map(|path| path.strip_prefix("/fn/").unwrap()).collect()
}

fn coded(answer: &Answer, what: &str) {
    let (status, code) = answer.refusal();
    assert!((400..500).contains(&status), "{what}: {status} {code}");
    assert_ne!(code, "not_signed_in", "{what}");
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
}

#[tokio::test]
async fn sync_5_a_broken_call_is_refused_with_a_code() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let deep = "[".repeat(200_000);
    let nested = format!("{{\"session\":{}", "{\"a\":".repeat(100_000));
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"{\"session\": 7}",
        b"{\"session\": \"no id\", \"snapshot\": [], \"key\": 1, \"preferences\": \"dark\"}",
        b"\xff\xfe\x00",
        b"HF",
        b"HF\x01\x00",
        deep.as_bytes(),
        nested.as_bytes(),
    ];
    // These take no argument, so whatever comes along is left unread.
    let without = [
        "end_other_sign_ins",
        "gone_sessions",
        "list_audit",
        "list_locations",
        "list_sessions",
        "list_sign_ins",
        "load_preferences",
        "renew_storage",
        "sign_out",
    ];
    for name in names().into_iter().filter(|name| !without.contains(name)) {
        for body in bodies {
            let shown = String::from_utf8_lossy(body.get(..40).unwrap_or(body)).into_owned();
            coded(&guest.send(name, body.to_vec()).await, &format!("{name} {shown}"));
        }
    }
    assert_eq!(server.get("/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn sync_5_what_is_refused_is_not_quoted() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let body = json!({"session": "my secret diary"});
    let answer = guest.call("list_snapshots", &body).await;
    coded(&answer, "list_snapshots");
    assert!(!answer.text().contains("diary"), "{}", answer.text());
}

#[tokio::test]
async fn api_1_an_unknown_function_is_not_there() {
    let server = Server::start().await;
    let guest = server.guest().await;
    for name in ["no_such_function", "save_context/more", "save_context/", "%00"] {
        let answer = guest.send(name, "{}").await;
        assert_eq!(answer.refusal(), (404, "not_found".into()), "{name}");
    }
}

#[tokio::test]
async fn ctx_3_only_renewing_has_the_browser_throw_its_storage_away() {
    let server = Server::start().await;
    let guest = server.guest().await;
    for name in names() {
        let answer = guest.send(name, b"{}".to_vec()).await;
        let asked = if name == "renew_storage" { "\"storage\"" } else { "" };
        assert_eq!(answer.header("clear-site-data"), asked, "{name}");
    }
}
