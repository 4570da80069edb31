//! Registering, signing in and out over HTTP: the cookie, forms without JavaScript, whose page it is.

use reqwest::header;
use serde_json::json;

use crate::harness::{Answer, Device, Guest, Server};

/// The server functions of accounts; what each answers to whom stands in `callers.rs`.
pub(crate) const FUNCTIONS: [&str; 11] = [
    "ask_reset",
    "change_password",
    "delete_account",
    "end_other_sign_ins",
    "end_sign_in",
    "list_audit",
    "list_sign_ins",
    "register",
    "reset_password",
    "sign_in",
    "sign_out",
];

pub(crate) const PASSWORD: &str = "correct horse battery";
const ADA: [(&str, &str); 2] = [("email", "ada@example.org"), ("password", PASSWORD)];

#[tokio::test]
async fn sec_2_registering_and_signing_in_and_out_change_the_cookie() {
    let server = Server::start().await;
    let mut ada = server.guest().await;
    let mut device = Device::new();
    let update = device.edit(&json!({"a": 1}));
    assert_eq!(ada.save(&device.save([update])).await.status, 200);
    let guest = ada.clone();
    ada.go_on("register", &ADA).await;
    assert_ne!(ada.cookie, guest.cookie);
    let sessions = ada.call("list_sessions", &json!({})).await.json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(1));
    let refused = guest.call("list_sessions", &json!({})).await;
    assert_eq!(refused.refusal(), (401, "not_signed_in".into()));

    let before = ada.clone();
    ada.go_on("sign_out", &[]).await;
    assert_eq!(ada.call("list_sessions", &json!({})).await.json(), json!([]));
    assert_eq!(before.call("list_sessions", &json!({})).await.refusal().0, 401);
    ada.go_on("sign_in", &ADA).await;
    assert_eq!(ada.call("list_sessions", &json!({})).await.json(), sessions);
}

#[tokio::test]
async fn sec_1_a_page_whose_sign_in_has_ended_is_a_new_guests() {
    let server = Server::start().await;
    let mut ada = server.guest().await;
    ada.go_on("register", &ADA).await;
    let page = |guest: &Guest| {
        let cookie = guest.cookie.clone();
        let server = &server;
        async move { server.get("/", &[("accept", "text/html"), ("cookie", &cookie)]).await }
    };
    let own = page(&ada).await;
    assert!(own.text().contains("data-email=\"ada@example.org\""), "{}", own.text());
    assert!(!own.headers.contains_key("set-cookie"));
    let before = ada.clone();
    ada.go_on("sign_out", &[]).await;
    let ended = page(&before).await;
    assert!(ended.text().contains("data-page-of=\"guest\""));
    assert!(!ended.text().contains("ada@example.org"));
    assert!(ended.header("set-cookie").starts_with("__Host-holdfast="));
}

#[tokio::test]
async fn tab_7_a_call_from_the_page_of_somebody_else_is_refused() {
    let server = Server::start().await;
    let mut ada = server.guest().await;
    ada.go_on("register", &ADA).await;
    let of_page = |whose: &str| {
        let request = ada.request("list_sessions").header("x-holdfast-page-of", whose);
        let request = request.header(header::CONTENT_TYPE, "application/json").body("{}");
        async move { Answer::of(request.send().await.unwrap()).await }
    };
    assert_eq!(of_page("guest").await.refusal(), (409, "other_account".into()));
    let nobodys = "019a0000-0000-7000-8000-000000000001";
    assert_eq!(of_page(nobodys).await.refusal(), (409, "other_account".into()));
    assert_eq!(of_page("<script>").await.refusal(), (400, "malformed".into()));
}

#[tokio::test]
async fn ux_4_a_form_without_javascript_goes_on_to_the_page_or_back_with_what_is_wrong() {
    let server = Server::start().await;
    let mut ada = server.guest().await;
    let sent = |guest: &Guest, password: &str| {
        let request = guest.request("register").header(header::ACCEPT, "text/html");
        let request = request.header(header::REFERER, format!("{}/register", server.url));
        let request = request.form(&[("email", "ada@example.org"), ("password", password)]);
        async move { Answer::of(request.send().await.unwrap()).await }
    };
    let refused = sent(&ada, "short").await;
    assert_eq!(refused.status, 302);
    let back = refused.header("location").to_owned();
    assert!(
        back.starts_with(&format!("{}/register?__path=%2Ffn%2Fregister", server.url)),
        "{back}"
    );
    assert!(!back.contains("short") && !back.contains("ada"), "{back}");
    let path = back.strip_prefix(&server.url).unwrap();
    let page = server.get(path, &[("accept", "text/html"), ("cookie", &ada.cookie)]).await;
    assert!(page.text().contains("A password has 8 to 256 characters."), "{}", page.text());

    let registered = sent(&ada, PASSWORD).await;
    assert_eq!((registered.status, registered.header("location")), (302, "/"));
    let set = registered.header("set-cookie").to_owned();
    ada.cookie = set.split(';').next().unwrap().to_owned();
    let page = server.get("/", &[("accept", "text/html"), ("cookie", &ada.cookie)]).await;
    assert!(page.text().contains("<a href=\"/account\">ada@example.org</a>"));
}

#[tokio::test]
async fn sec_6_no_answer_says_whether_an_address_is_somebodys() {
    let server = Server::start().await;
    let mut ada = server.guest().await;
    ada.go_on("register", &ADA).await;
    let guest = server.guest().await;
    for function in ["sign_in", "ask_reset"] {
        let ask = |email: &'static str| {
            let guest = guest.clone();
            async move { guest.form(function, &[("email", email), ("password", "not it at all")]).await }
        };
        let (known, unknown) = (ask("ada@example.org").await, ask("eve@example.org").await);
        assert_eq!((known.status, known.body), (unknown.status, unknown.body), "{function}");
    }
}
