//! Every route of the API, called by everybody who might (SEC-3). Which there are is asked of the document, which the
//! router makes: a new one without a row fails the test.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::routes;
use crate::accounts::PASSWORD;
use crate::harness::{Answer, Client, Guest, Server, Stream};

/// Who calls, besides the owner.
struct Callers {
    nobody: Client,
    guest: Guest,
    other: Client,
    disabled: Client,
    ended: Client,
    /// Its token is over: answered as nobody is.
    expired: Client,
}

/// Statuses answered to them, in that order.
type Row = [u16; 5];

/// What is somebody's session.
const OF_A_SESSION: Row = [401, 404, 404, 403, 401];
/// What speaks of the caller only.
const OF_ONESELF: Row = [401, 200, 200, 403, 401];
/// What only an account has.
const OF_AN_ACCOUNT: Row = [401, 401, 200, 403, 401];

impl Callers {
    async fn of(server: &Server) -> Self {
        let other = Client::register(server, "other@example.org").await;
        let disabled = Client::register(server, "disabled@example.org").await;
        server.backend.disable_user("disabled@example.org", true).await.unwrap();
        let ended = Client::register(server, "ended@example.org").await;
        assert_eq!(ended.send("DELETE", "/api/auth/token", None).await.status, 204);
        // Longer ago than a token works.
        let before = server.at(-16 * 60 * 1000).await;
        let tokens = before.sign_in_client("other@example.org", PASSWORD, "").await.unwrap();
        let authorization = format!("Bearer {}", tokens.access_token);
        let expired = Client { authorization, ..Client::nobody(server) };
        let (nobody, guest) = (Client::nobody(server), server.guest().await);
        Self { nobody, guest, other, disabled, ended, expired }
    }

    async fn ask(&self, route: &str, body: Option<&Value>) -> Row {
        let (method, path) = route.split_once(' ').unwrap();
        let guests = of_guest(&self.guest, method, path, body).await;
        let mut row = [0, guests.status, 0, 0, 0];
        for (at, caller) in
            [(0, &self.nobody), (2, &self.other), (3, &self.disabled), (4, &self.ended)]
        {
            row[at] = caller.send(method, path, body).await.status;
        }
        let expired = self.expired.send(method, path, body).await.status;
        assert_eq!(expired, row[0], "with a token that is over: {route}");
        row
    }
}

/// A call of a page of ours, by its cookie.
async fn of_guest(guest: &Guest, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = guest
        .http
        .request(method, format!("{}{path}", guest.url))
        .header("cookie", &guest.cookie)
        .header("sec-fetch-site", "same-origin");
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    Answer::of(request.send().await.unwrap()).await
}

/// One route: as the document writes it, what it is sent, what is answered.
struct Line(&'static str, Option<Value>, Row);

fn lines(session: &str) -> Vec<Line> {
    let scan = json!({"session": session, "location": "place"});
    let transfer = json!({
        "session": session, "from": {"location": "place"}, "to": {"location": "place"}, "dry_run": true,
    });
    let job = json!({"session": session, "job": {"kind": "scan", "location": "place"}});
    let name = json!({"name": "Renamed"});
    let (none, empty) = (None, Some(json!({})));
    // The short forms speak of the caller's own, and there is none.
    let short = [401, 404, 404, 403, 401];
    vec![
        Line("GET /api/sessions/{id}", none.clone(), OF_A_SESSION),
        Line("PUT /api/sessions/{id}", Some(name.clone()), OF_A_SESSION),
        Line("GET /api/sessions/{id}/audit", none.clone(), OF_A_SESSION),
        Line("GET /api/sessions/{id}/events", none.clone(), OF_A_SESSION),
        // Of another's it says that there is none.
        Line("GET /api/events?sessions={id}", none.clone(), OF_ONESELF),
        Line("GET /api/jobs?session={id}", none.clone(), OF_A_SESSION),
        Line("GET /api/jobs/active?session={id}", none.clone(), OF_A_SESSION),
        Line("GET /api/jobs/{job}", none.clone(), OF_A_SESSION),
        Line("GET /api/jobs/{job}/report", none.clone(), OF_A_SESSION),
        Line("GET /api/jobs/{job}/report.csv", none.clone(), OF_A_SESSION),
        Line("POST /api/jobs/{job}/pause", none.clone(), OF_A_SESSION),
        Line("POST /api/jobs/{job}/resume", none.clone(), OF_A_SESSION),
        Line("DELETE /api/jobs/{job}", none.clone(), OF_A_SESSION),
        Line("POST /api/jobs/{job}/retry", none.clone(), OF_A_SESSION),
        Line("GET /api/jobs/{job}/events", none.clone(), OF_A_SESSION),
        Line("DELETE /api/jobs?session={id}", none.clone(), OF_A_SESSION),
        Line("POST /api/jobs", Some(job.clone()), OF_A_SESSION),
        Line("POST /api/scan/stream", Some(scan), OF_A_SESSION),
        Line("POST /api/transfer/stream", Some(transfer), OF_A_SESSION),
        Line("GET /api/locations", none.clone(), OF_ONESELF),
        Line("GET /api/locations/folder?location=place", none.clone(), OF_ONESELF),
        Line("GET /api/sessions/{id}/context", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/context", empty.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/reset", none.clone(), OF_A_SESSION),
        Line("GET /api/sessions/{id}/snapshots", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/snapshots", Some(name.clone()), OF_A_SESSION),
        Line("GET /api/sessions/{id}/snapshots/{snapshot}/preview", none.clone(), OF_A_SESSION),
        Line("PUT /api/sessions/{id}/snapshots/{snapshot}", empty.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/snapshots/{snapshot}/restore", none.clone(), OF_A_SESSION),
        Line(
            "POST /api/sessions/{id}/restores/{restore}/undo",
            Some(json!({"confirmed": true})),
            OF_A_SESSION,
        ),
        Line("GET /api/sessions/context", none.clone(), short),
        Line("POST /api/sessions/context", empty.clone(), short),
        Line("GET /api/sessions/snapshots", none.clone(), short),
        Line("POST /api/sessions/snapshots", Some(name.clone()), short),
        Line("POST /api/sessions/snapshots/{snapshot}/restore", none.clone(), short),
        Line("DELETE /api/sessions/{id}/snapshots/{snapshot}", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/activity", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/link-mission/{mission}", none.clone(), OF_A_SESSION),
        Line("GET /api/sessions/{id}/export", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/duplicate", empty.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/complete", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/reopen", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/archive", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/unarchive", none.clone(), OF_A_SESSION),
        Line("DELETE /api/sessions/{id}", none.clone(), OF_A_SESSION),
        Line("POST /api/sessions/{id}/undelete", none.clone(), OF_A_SESSION),
        Line("GET /api/sessions", none.clone(), OF_ONESELF),
        Line("GET /api/sessions/deleted", none.clone(), OF_ONESELF),
        Line("POST /api/sessions/share", Some(json!({"key": "a", "value": 1})), OF_ONESELF),
        Line("GET /api/me", none.clone(), OF_ONESELF),
        Line("GET /api/me/preferences", none.clone(), OF_ONESELF),
        Line("PUT /api/me/preferences", empty.clone(), OF_ONESELF),
        Line("GET /api/me/statistics", none.clone(), OF_ONESELF),
        Line("GET /api/me/statistics.csv", none.clone(), OF_ONESELF),
        Line("GET /api/me/audit", none.clone(), OF_ONESELF),
        Line("GET /api/me/sign-ins", none.clone(), OF_AN_ACCOUNT),
        Line("DELETE /api/me/sign-ins/{sign_in}", none.clone(), [401, 401, 404, 403, 401]),
        Line("DELETE /api/me/sign-ins", none.clone(), OF_AN_ACCOUNT),
        Line(
            "PUT /api/me/password",
            Some(json!({"current": "not it at all", "password": PASSWORD})),
            [401, 401, 422, 403, 401],
        ),
        Line(
            "POST /api/me/deletion",
            Some(json!({"password": "not it at all"})),
            [401, 401, 422, 403, 401],
        ),
        Line("POST /api/sessions/import", none.clone(), [401, 415, 415, 415, 415]),
        Line("POST /api/sessions", empty, [401, 201, 201, 403, 401]),
        // Whoever knows an address and a password gets in, whoever they are now.
        Line(
            "POST /api/auth/token",
            Some(json!({"grant_type": "refresh_token", "refresh_token": "none"})),
            [401; 5],
        ),
        Line(
            "POST /api/accounts",
            Some(json!({"email": "no address", "password": PASSWORD})),
            [422; 5],
        ),
        // A page signs out on its own way: it has more to do.
        Line("DELETE /api/auth/token", none, [401, 401, 204, 403, 401]),
    ]
}

#[tokio::test]
async fn sec_3_every_route_of_the_api_answers_everybody_as_it_should() {
    let server = Server::start().await;
    let owner = Client::register(&server, "owner@example.org").await;
    let id = owner.session("Theirs").await;
    let context = format!("/api/sessions/{id}/context");
    owner.post(&context, &json!({"diary": "then"})).await.json();
    let taken =
        owner.post(&format!("/api/sessions/{id}/snapshots"), &json!({"name": "Mine"})).await;
    let taken: Value = serde_json::from_slice(&taken.body).unwrap();
    let snapshot = taken["id"].as_str().unwrap().to_owned();
    owner.post(&context, &json!({"diary": "now"})).await.json();
    let restored = format!("/api/sessions/{id}/snapshots/{snapshot}/restore");
    let restored = owner.send("POST", &restored, None).await.json();
    let sign_ins = owner.get("/api/me/sign-ins").await.json();
    let asked = json!({"session": id, "job": {"kind": "scan", "location": "place"}});
    let asked = owner.post("/api/jobs", &asked).await;
    let asked: Value = serde_json::from_slice(&asked.body).unwrap();
    let job = asked["id"].as_str().unwrap().to_owned();
    let callers = Callers::of(&server).await;

    let named = |route: &str| {
        route
            .replace("{id}", &id)
            .replace("{snapshot}", &snapshot)
            .replace("{restore}", restored["restore"].as_str().unwrap())
            .replace("{mission}", &id)
            .replace("{job}", &job)
            .replace("{sign_in}", sign_ins[0]["id"].as_str().unwrap())
    };
    let mut there = routes(&server).await;
    for Line(route, body, expected) in &lines(&id) {
        assert_eq!(callers.ask(&named(route), body.as_ref()).await, *expected, "{route}");
    }
    // The owner may do all of it, in this order.
    for Line(route, body, expected) in lines(&id) {
        let (route_named, (method, path)) = (named(route), route.split_once(' ').unwrap());
        let own = route_named.split_once(' ').unwrap().1;
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        if path.ends_with("/events") || path.ends_with("/stream") {
            // It does not end by itself.
            let mut request = owner.request(method, own);
            if let Some(body) = &body {
                let request_json = request.header("content-type", "application/json");
                request = request_json.body(body.to_string());
            }
            let first = Stream::open(request).await.next().await.unwrap();
            assert!(["opened", "job_created"].contains(&first.name.as_str()), "{route}");
            assert!(
                there.remove(&format!("{method} {}", path.replace("{job}", "{id}"))),
                "{route}"
            );
            continue;
        }
        let answer = owner.send(method, own, body.as_ref()).await;
        if expected == OF_A_SESSION || expected == OF_ONESELF {
            assert!(answer.status < 300, "{route}: {}", answer.text());
        }
        let path = path.replace("{job}", "{id}");
        let sub = ["{snapshot}", "{restore}", "{mission}", "{sign_in}"];
        let written = sub.iter().fold(path, |path, name| path.replace(name, "{sid}"));
        assert!(there.remove(&format!("{method} {written}")), "{route} is not in the document");
    }
    assert_eq!(there, BTreeSet::new(), "every route stands in this test");
}
