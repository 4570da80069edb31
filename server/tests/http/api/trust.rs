//! SEC-4, API-1: who may call from where, and what stands on every answer.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server, client};

#[tokio::test]
async fn sec_4_a_cookie_changes_something_only_from_our_own_pages() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let send = async |headers: &[(&str, &str)]| {
        let mut request = client().post(format!("{}/api/sessions", server.url));
        request = request.header("cookie", &guest.cookie);
        request = request.header("content-type", "application/json").body("{}");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    };
    let refused: [&[(&str, &str)]; 5] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "null")],
    ];
    for headers in refused {
        assert_eq!(send(headers).await.refusal(), (403, "cross_site".into()), "{headers:?}");
    }
    assert_eq!(send(&[("sec-fetch-site", "same-origin")]).await.status, 201);
    assert_eq!(send(&[("origin", &server.url)]).await.status, 201);
    // A token is no browser's doing.
    let ada = Client::register(&server, "ada@example.org").await;
    assert_eq!(ada.post("/api/sessions", &json!({})).await.status, 201);
}

#[tokio::test]
async fn sec_4_every_kind_of_answer_has_the_headers_that_keep_a_browser_safe() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let mut answers: Vec<(&str, HeaderMap)> = Vec::new();
    for path in [
        "/",
        "/sign-in",
        "/nothing-here",
        "/favicon.svg",
        "/healthz",
        "/readyz",
        "/api/me",
        "/api/nothing",
        "/api/openapi.json",
        "/api/docs/",
        "/api/docs/swagger-ui.css",
        "/fn/list_sessions",
    ] {
        let request = ada.request("GET", path).header("accept", "text/html");
        answers.push((path, request.send().await.unwrap().headers().clone()));
    }
    let bad = ada.post("/api/sessions", &json!([])).await;
    answers.push(("a refusal", bad.headers));
    for (what, headers) in &answers {
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(header("referrer-policy"), "same-origin", "{what}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(!policy.contains("http:") && !policy.contains("https:"), "{what}: {policy}");
        // What is public and never changes may be kept.
        if what != &"/favicon.svg" {
            assert_eq!(header("cache-control"), "no-store", "{what}");
        }
    }
}

#[tokio::test]
async fn api_1_every_refusal_is_a_problem_with_a_stable_code() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let archived = format!("/api/sessions/{id}/context");
    ada.send("POST", &format!("/api/sessions/{id}/archive"), None).await.json();
    for (answer, status, code) in [
        (ada.get("/api/nothing").await, 404, "not_found"),
        (ada.get("/api").await, 404, "not_found"),
        (ada.get("/api/sessions/x").await, 400, "invalid_id"),
        (ada.send("PATCH", "/api/me", None).await, 405, "method_not_allowed"),
        (ada.post(&archived, &json!({"a": 1})).await, 409, "archived"),
        (ada.post("/api/sessions", &json!({"a": 1})).await, 400, "malformed"),
        (Client::nobody(&server).get("/api/me").await, 401, "not_signed_in"),
        (
            ada.post("/api/sessions", &json!({"name": "x".repeat(2 << 20)})).await,
            413,
            "limit_exceeded",
        ),
    ] {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, problem["code"].as_str().unwrap()), (status, code));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:holdfast:{code}"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert!(!problem["title"].as_str().unwrap().is_empty());
    }
    // What cannot be changed can be read.
    assert_eq!(ada.get(&archived).await.json(), json!({}));
}

#[test]
fn api_1_every_code_stands_in_the_docs() {
    let source = include_str!("../../../../app/domain/src/error.rs");
    let docs = include_str!("../../../../docs/API.md");
    let (_, source) = source.split_once("pub fn code(").unwrap();
    let (source, _) = source.split_once("/// The HTTP status").unwrap();
    let codes: Vec<&str> = source.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 25, "{codes:?}");
    for code in &codes {
        assert!(docs.contains(&format!("| `{code}` |")), "docs/API.md does not list {code}");
    }
    let listed = docs.lines().filter(|line| line.starts_with("| 4") || line.starts_with("| 5"));
    assert_eq!(listed.count(), codes.len(), "docs/API.md lists what is no code");
}

#[tokio::test]
async fn api_1_the_page_that_shows_the_document_is_all_of_this_server() {
    let server = Server::start().await;
    let page = server.get("/api/docs/", &[]).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    let files = text.split(['"', '\'']).filter(|word| word.starts_with("./"));
    let mut found = 0;
    for file in files {
        let file = server.get(&format!("/api/docs/{}", &file[2..]), &[]).await;
        assert_eq!(file.status, 200);
        found += 1;
    }
    assert!(found >= 3, "{text}");
    let document: Value = server.get("/api/openapi.json", &[]).await.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}
