//! Opening a page: the cookie, the headers, and that nothing is written.

use std::collections::BTreeSet;

use holdfast_server::Config;
use serde_json::json;

use crate::harness::{Answer, Device, Guest, Server, client};

const HTML: (&str, &str) = ("accept", "text/html");

fn nonce(page: &Answer) -> String {
    let policy = page.header("content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").expect("a policy with a nonce");
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn sec_1_a_visit_sets_a_cookie_and_writes_nothing() {
    let server = Server::start().await;
    let guest = server.guest().await;
    for page in ["/", "/s/0190f3a0-0000-7000-8000-000000000000", "/no/such/page"] {
        server.get(page, &[HTML, ("cookie", &guest.cookie)]).await;
    }
    // Looking is not writing either.
    assert_eq!(guest.call("list_sessions", &json!({})).await.json(), json!([]));
    for table in ["accounts", "sign_ins", "sessions"] {
        assert_eq!(server.rows(table).await, 0, "{table}");
    }
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    assert_eq!(guest.save(&device.save([update])).await.status, 200);
    assert_eq!(server.rows("accounts").await, 1);
}

#[tokio::test]
async fn sec_2_the_cookie_is_for_this_host_only_and_no_script_reads_it() {
    let server = Server::start().await;
    let page = server.get("/", &[HTML]).await;
    let cookie = page.header("set-cookie");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-holdfast="), "{cookie}");
    let attributes: BTreeSet<&str> = attributes.split("; ").collect();
    assert_eq!(
        attributes,
        BTreeSet::from(["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=34560000"])
    );
    assert_ne!(cookie, server.get("/", &[HTML]).await.header("set-cookie"));
}

#[tokio::test]
async fn sec_2_only_an_explicit_setting_lets_the_cookie_travel_in_the_open() {
    let server = Server::with(Config { insecure_cookie: true, ..Config::default() }).await;
    let page = server.get("/", &[HTML]).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("holdfast="), "{cookie}");
    assert!(!cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn sec_2_a_good_cookie_stays_and_is_renewed_when_it_is_old() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let again = server.get("/", &[HTML, ("cookie", &guest.cookie)]).await;
    assert!(!again.headers.contains_key("set-cookie"));
    let (token, _) = guest.cookie.rsplit_once('.').unwrap();
    for day in ["0", "", "99999999", "x"] {
        let old = format!("{token}.{day}");
        let again = server.get("/", &[HTML, ("cookie", &old)]).await;
        assert!(again.header("set-cookie").starts_with(&guest.cookie), "{day}");
    }
}

#[tokio::test]
async fn sec_2_a_token_that_was_never_issued_here_is_not_adopted() {
    let server = Server::start().await;
    let stranger = Server::start().await.guest().await;
    let cases = [
        stranger.cookie.clone(),
        format!("__Host-holdfast={}", "0".repeat(128)),
        "__Host-holdfast=".to_owned(),
        "__Host-holdfast=%00;;=".to_owned(),
    ];
    for cookie in cases {
        let page = server.get("/", &[HTML, ("cookie", &cookie)]).await;
        let set = page.header("set-cookie").split(';').next().unwrap();
        assert!(set.starts_with("__Host-holdfast=") && set != cookie, "{cookie}");

        let guest = Guest { http: client(), url: server.url.clone(), cookie: cookie.clone() };
        let refused = guest.call("list_sessions", &json!({})).await;
        assert_eq!(refused.refusal(), (401, "not_signed_in".into()), "{cookie}");
        // With what came along the next try is a guest's.
        let fresh = refused.header("set-cookie").split(';').next().unwrap().to_owned();
        let guest = Guest { cookie: fresh, ..guest };
        assert_eq!(guest.call("list_sessions", &json!({})).await.json(), json!([]));
    }
}

#[tokio::test]
async fn sec_2_files_beside_a_page_set_no_cookie() {
    let server = Server::start().await;
    for path in ["/favicon.ico", "/favicon.svg", "/robots.txt", "/pkg/none.js", "/healthz"] {
        let answer = server.get(path, &[("accept", "image/avif,*/*")]).await;
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn sec_4_a_page_has_a_strict_policy_with_a_nonce_of_its_own() {
    let server = Server::start().await;
    let (one, two) = (server.get("/", &[HTML]).await, server.get("/", &[HTML]).await);
    assert_ne!(nonce(&one), nonce(&two));
    let policy = one.header("content-security-policy");
    for directive in [
        "default-src 'none'",
        "'strict-dynamic' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "connect-src 'self';",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(directive), "{directive} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");

    // Every script of the page carries it, and nothing in it needs more than the policy allows.
    let html = one.text();
    let scripts: Vec<&str> = html.split("<script").skip(1).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let tag = script.split_once('>').unwrap().0;
        assert!(tag.contains(&nonce(&one)), "<script{tag}>");
    }
    assert!(!html.contains(" style=\"") && !html.contains("<style") && !html.contains(" onclick="));
}

#[tokio::test]
async fn sec_4_every_answer_has_the_protecting_headers() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let answers = [
        server.get("/", &[HTML]).await,
        server.get("/no/such/page", &[HTML]).await,
        server.get("/no/such/file", &[]).await,
        server.get("/favicon.svg", &[]).await,
        server.get("/healthz", &[]).await,
        guest.call("list_sessions", &json!({})).await,
        guest.call("no_such_function", &json!({})).await,
    ];
    for answer in answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn sess_2_a_page_that_is_not_there_is_told_in_words() {
    let server = Server::start().await;
    let page = server.get("/no/such/page", &[HTML]).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let file = server.get("/no/such/page", &[]).await;
    assert_eq!(file.refusal(), (404, "not_found".into()));
    // An id that is none opens the page, which goes on from there.
    let malformed = server.get("/s/not-an-id", &[HTML]).await;
    assert_eq!(malformed.status, 200);
    assert_eq!(malformed.header("cache-control"), "no-store");
}
