//! What the document says before its program runs, and where no program can.

use holdfast_server::Config;
use serde_json::json;

use crate::harness::{Device, Guest, Server};

/// A page as this guest's browser gets it.
async fn page(server: &Server, guest: &Guest, address: &str) -> String {
    let page = server.get(address, &[("accept", "text/html"), ("cookie", &guest.cookie)]).await;
    assert_eq!(page.status, 200);
    String::from_utf8(page.body).unwrap()
}

/// A session with a text, a field and a name.
async fn written(guest: &Guest) -> Device {
    let mut device = Device::new();
    let fields = json!({"fields": {"seats": {"label": "Seats <2>", "kind": "number", "value": 2}}});
    let field = device.edit(&fields);
    let text = device.edit(&json!({"notes": "Night train </textarea><script>alert(1)</script>"}));
    assert_eq!(guest.save(&device.save([field, text])).await.status, 200);
    device
}

#[tokio::test]
async fn ux_2_a_page_can_be_read_before_its_program_runs() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let device = written(&guest).await;
    for address in ["/".to_owned(), format!("/s/{}", device.session)] {
        let page = page(&server, &guest, &address).await;
        assert!(page.contains("My session"), "its name: {page}");
        assert!(page.contains("Night train &lt;/textarea&gt;&lt;script&gt;"), "its text: {page}");
        assert!(page.contains("Seats &lt;2&gt;"), "its fields: {page}");
        assert!(!page.contains("<script>alert"), "{page}");
    }
}

#[tokio::test]
async fn sec_3_a_page_shows_nothing_of_another_guest() {
    let server = Server::start().await;
    let (owner, other) = (server.guest().await, server.guest().await);
    let device = written(&owner).await;
    let page = page(&server, &other, &format!("/s/{}", device.session)).await;
    for secret in ["My session", "Night train", "Seats"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
}

#[tokio::test]
async fn ctx_5_the_operator_sets_how_often_a_page_saves() {
    let server = Server::with(Config { autosave_interval_seconds: 7, ..Config::default() }).await;
    let guest = server.guest().await;
    let page = page(&server, &guest, "/").await;
    assert!(page.contains(r#"data-autosave-seconds="7""#), "{page}");
}

/// The document's title is written when the page may be gone already, by another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sess_2_many_readers_at_once_get_their_pages() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let device = written(&guest).await;
    let address = format!("/s/{}", device.session);
    for _ in 0..20 {
        let pages = (0..20).map(|_| page(&server, &guest, &address));
        for page in futures::future::join_all(pages).await {
            assert!(page.contains("<title>My session · Holdfast</title>"), "{page}");
        }
    }
    for address in ["/account", "/account/log", "/account/statistics", "/reset", "/example"] {
        let pages = (0..20).map(|_| page(&server, &guest, address));
        for page in futures::future::join_all(pages).await {
            assert!(page.contains("Holdfast</title>"), "{address}: {page}");
        }
    }
}
