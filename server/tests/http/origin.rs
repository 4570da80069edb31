//! Requests from elsewhere, and pages by another name.

use reqwest::header::{COOKIE, ORIGIN};
use serde_json::json;

use crate::harness::{Answer, Guest, Server, client};

/// What a request says of where it comes from, and whether it passes.
fn cases(ours: &str) -> [(Vec<(&'static str, &str)>, bool); 10] {
    [
        (vec![("sec-fetch-site", "same-origin"), ("origin", ours)], true),
        (vec![("sec-fetch-site", "same-origin")], true),
        // A browser without the newer header.
        (vec![("origin", ours)], true),
        (vec![], false),
        (vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
        (vec![("sec-fetch-site", "cross-site")], false),
        // Another port of this host.
        (vec![("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:1")], false),
        (vec![("origin", "https://evil.example")], false),
        (vec![("origin", "null")], false),
        (vec![("origin", "")], false),
    ]
}

async fn call(guest: &Guest, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = client()
        .post(format!("{}{path}", guest.url))
        .header(COOKIE, &guest.cookie)
        .body(json!({"preferences": {"theme": "dark"}}).to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn sec_4_what_changes_something_must_come_from_our_pages() {
    let server = Server::start().await;
    let guest = server.guest().await;
    // First those that must not pass, so that nothing is there before them.
    let mut cases = cases(&server.url);
    cases.sort_by_key(|(_, passes)| *passes);
    for (headers, passes) in &cases {
        let answer = call(&guest, "/fn/set_preferences", headers).await;
        if *passes {
            assert_eq!(answer.status, 200, "{headers:?}: {}", answer.text());
        } else {
            assert_eq!(answer.refusal(), (403, "cross_site".into()), "{headers:?}");
            assert!(!answer.headers.contains_key("set-cookie"), "{headers:?}");
            assert_eq!(server.rows("preferences").await, 0, "{headers:?}");
        }
    }
    assert_eq!(server.rows("preferences").await, 1);
}

#[tokio::test]
async fn sec_4_no_server_function_is_called_from_elsewhere() {
    let server = Server::start().await;
    let guest = server.guest().await;
    for path in crate::functions::paths() {
        for (headers, passes) in cases(&server.url) {
            let answer = call(&guest, path, &headers).await;
            if passes {
                // Whatever it says to the arguments of another function.
                assert_ne!(answer.status, 403, "{path} {headers:?}: {}", answer.text());
            } else {
                assert_eq!(answer.refusal(), (403, "cross_site".into()), "{path} {headers:?}");
            }
        }
    }
}

#[tokio::test]
async fn sec_4_no_server_function_answers_a_get() {
    let server = Server::start().await;
    let guest = server.guest().await;
    for path in crate::functions::paths() {
        let request = client().get(format!("{}{path}", server.url)).header(COOKIE, &guest.cookie);
        let answer = Answer::of(request.header(ORIGIN, &server.url).send().await.unwrap()).await;
        assert_eq!(answer.refusal(), (404, "not_found".into()), "{path}");
    }
}

#[tokio::test]
async fn ops_1_a_page_by_another_loopback_name_is_sent_to_the_origin() {
    let server = Server::start().await;
    let by_name = server.url.replace("127.0.0.1", "localhost");
    let host = by_name.strip_prefix("http://").unwrap();
    let page = server.get("/s/one?tab=2", &[("host", host), ("accept", "text/html")]).await;
    assert_eq!(page.status, 307);
    assert_eq!(page.header("location"), format!("{}/s/one?tab=2", server.url));
    assert!(!page.headers.contains_key("set-cookie"));
    let named = server.get("/", &[("host", "notes.example.org")]).await;
    assert_eq!(named.status, 200);
}
