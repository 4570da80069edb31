//! API-2: the context as JSON, by version, and under its short names.

use serde_json::json;

use crate::harness::{Answer, Client, Device, Guest, Server};

#[tokio::test]
async fn api_2_a_patch_changes_what_it_names_and_nothing_else() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let path = format!("/api/sessions/{id}/context");
    let whole =
        json!({"notes": "ferry", "trip": {"days": 8, "budget": 2400}, "list": [1, {"a": 2}]});
    assert_eq!(ada.post(&path, &whole).await.json(), whole);
    let patch = json!({"trip": {"days": null, "people": 3}, "list": []});
    let merged = json!({"notes": "ferry", "trip": {"budget": 2400, "people": 3}, "list": []});
    assert_eq!(ada.post(&path, &patch).await.json(), merged);
    assert_eq!(ada.get(&path).await.json(), merged);
    // What is no object, or too deep, or no JSON, changes nothing.
    let deep = (0..70).fold(json!(1), |inner, _| json!({ "a": inner }));
    for (body, status) in [(json!([1]), 400), (json!("x"), 400), (json!(null), 400), (deep, 413)] {
        assert_eq!(ada.post(&path, &body).await.refusal().0, status, "{body}");
    }
    let other = ada.request("POST", &path).header("content-type", "text/plain").body("{}");
    let other = Answer::of(other.send().await.unwrap()).await;
    assert_eq!(other.refusal(), (415, "unsupported_media_type".into()));
    assert_eq!(ada.get(&path).await.json(), merged);
}

#[tokio::test]
async fn api_2_a_patch_of_what_was_read_is_refused_where_somebody_wrote_since() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let path = format!("/api/sessions/{id}/context");
    let read = ada.post(&path, &json!({"days": 8})).await;
    let version = read.header("etag").to_owned();
    assert_eq!(ada.get(&path).await.header("etag"), version);
    let patch = |version: &str, days: u32| {
        let request = ada.request("POST", &path).header("if-match", version);
        let request = request.header("content-type", "application/merge-patch+json");
        request.body(json!({ "days": days }).to_string())
    };
    let done = Answer::of(patch(&version, 9).send().await.unwrap()).await;
    assert_eq!(done.json(), json!({"days": 9}));
    for stale in [version.as_str(), "\"x\"", "", "W/\"1\""] {
        let refused = Answer::of(patch(stale, 10).send().await.unwrap()).await;
        assert_eq!(refused.refusal(), (412, "changed".into()), "{stale}");
    }
    let any = Answer::of(patch("*", 11).send().await.unwrap()).await;
    assert_eq!(any.json(), json!({"days": 11}));

    // So it is with the session itself.
    let path = format!("/api/sessions/{id}");
    let version = ada.get(&path).await.header("etag").to_owned();
    let rename = |version: String, name: &str| {
        let request = ada.request("PUT", &path).header("if-match", version);
        let body = json!({ "name": name }).to_string();
        request.header("content-type", "application/json").body(body)
    };
    let done = Answer::of(rename(version.clone(), "Senja").send().await.unwrap()).await;
    assert_eq!(done.json()["name"], "Senja");
    let refused = Answer::of(rename(version, "Tromsø").send().await.unwrap()).await;
    assert_eq!(refused.refusal(), (412, "changed".into()));
    assert_eq!(ada.get(&path).await.json()["name"], "Senja");
}

#[tokio::test]
async fn api_2_active_is_the_session_that_was_used_last_and_says_which() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    for path in ["/api/sessions/active", "/api/sessions/context", "/api/sessions/active/snapshots"]
    {
        assert_eq!(ada.get(path).await.refusal(), (404, "no_active_session".into()), "{path}");
    }
    let first = ada.session("First").await;
    let second = ada.session("Second").await;
    ada.post(&format!("/api/sessions/{first}/context"), &json!({"which": 1})).await.json();
    ada.post(&format!("/api/sessions/{second}/context"), &json!({"which": 2})).await.json();
    let active = ada.get("/api/sessions/active").await;
    assert_eq!(active.json()["id"], second.as_str());
    assert_eq!(active.header("content-location"), format!("/api/sessions/{second}"));
    let short = ada.get("/api/sessions/context").await;
    assert_eq!(short.json(), json!({"which": 2}));
    assert_eq!(short.header("content-location"), format!("/api/sessions/{second}/context"));
    let chosen = ada.get(&format!("/api/sessions/context?session={first}")).await;
    assert_eq!((chosen.json(), chosen.header("content-location")), (json!({"which": 1}), ""));

    assert_eq!(ada.send("POST", "/api/sessions/active/complete", None).await.status, 200);
    assert_eq!(ada.get("/api/sessions/active").await.json()["id"], first.as_str());
    // What it is may be another one a moment later: that is not deleted by this name.
    for path in ["/api/sessions/active", "/api/sessions"] {
        let refused = ada.send("DELETE", path, None).await;
        assert_eq!(refused.refusal(), (405, "method_not_allowed".into()), "{path}");
        assert!(refused.header("allow").contains("GET"), "{path}");
    }
    for bad in ["x", "019a0000", "active2", &first.replace('-', "")] {
        let refused = ada.get(&format!("/api/sessions/{bad}")).await;
        assert_eq!(refused.refusal(), (400, "invalid_id".into()), "{bad}");
    }
}

#[tokio::test]
async fn api_1_what_a_program_writes_a_page_has_and_the_other_way_round() {
    let server = Server::start().await;
    let mut page = server.guest().await;
    let fields = [("email", "ada@example.org"), ("password", crate::accounts::PASSWORD)];
    page.go_on("register", &fields).await;
    let mut device = Device::new();
    let update = device.edit(&json!({"notes": "ferry"}));
    assert_eq!(page.save(&device.save([update])).await.status, 200);
    let mut ada = Client::nobody(&server);
    let grant = json!({
        "grant_type": "password", "email": fields[0].1, "password": fields[1].1
    });
    ada.take(&ada.post("/api/auth/token", &grant).await);
    let path = format!("/api/sessions/{}/context", device.session);
    assert_eq!(ada.get(&path).await.json(), json!({"notes": "ferry"}));
    ada.post(&path, &json!({"days": 8})).await.json();
    assert_eq!(merged(&mut device, &page).await, json!({"notes": "ferry", "days": 8}));
}

async fn merged(device: &mut Device, page: &Guest) -> serde_json::Value {
    for update in device.log(page).await {
        device.context.apply(&update).unwrap();
    }
    device.context.to_json()
}
