//! Requests from elsewhere, and pages by another name.

use reqwest::header::{COOKIE, ORIGIN};
use serde_json::json;

use crate::harness::{Answer, Server, client};

#[tokio::test]
async fn sec_4_what_changes_something_must_come_from_our_pages() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let ours = server.url.as_str();
    let cases: [(&[(&str, &str)], bool); 10] = [
        (&[("sec-fetch-site", "same-origin"), ("origin", ours)], true),
        (&[("sec-fetch-site", "same-origin")], true),
        // A browser without the newer header.
        (&[("origin", ours)], true),
        (&[], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        // Another port of this host.
        (&[("sec-fetch-site", "same-site"), ("origin", "http://127.0.0.1:1")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[("origin", "")], false),
    ];
    for (headers, passes) in cases {
        let mut request = client()
            .post(format!("{ours}/fn/set_preferences"))
            .header(COOKIE, &guest.cookie)
            .body(json!({"preferences": {"theme": "dark"}}).to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        if passes {
            assert_eq!(answer.status, 200, "{headers:?}: {}", answer.text());
        } else {
            assert_eq!(answer.refusal(), (403, "cross_site".into()), "{headers:?}");
            assert!(!answer.headers.contains_key("set-cookie"), "{headers:?}");
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
