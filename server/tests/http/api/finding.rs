//! SESS-3, API-2: finding sessions.

use serde_json::json;

use crate::harness::{Client, Server};

#[tokio::test]
async fn sess_3_pages_of_sessions_have_each_of_them_once() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let mut made = Vec::new();
    for number in 0..25 {
        made.push(ada.session(&format!("Trip {number}")).await);
    }
    let (mut seen, mut path) = (Vec::new(), "/api/sessions?limit=10".to_owned());
    loop {
        let page = ada.get(&path).await.json();
        let sessions = page["sessions"].as_array().unwrap();
        assert!(sessions.len() <= 10);
        seen.extend(sessions.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/sessions?limit=10&cursor={next}");
    }
    made.reverse();
    assert_eq!(seen, made);
}

#[tokio::test]
async fn sess_3_sessions_are_found_by_words_and_by_state() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let ben = Client::register(&server, "ben@example.org").await;
    ben.session("Lofoten of somebody else").await;
    let lofoten = ada.session("Lofoten 2027").await;
    let done = ada.session("LOFOTEN 2024").await;
    ada.session("Überfahrt").await;
    ada.send("POST", &format!("/api/sessions/{done}/complete"), None).await.json();
    let names = async |query: &str| {
        let page = ada.get(&format!("/api/sessions?{query}")).await.json();
        let sessions = page["sessions"].as_array().unwrap().clone();
        let names = sessions.iter().map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("search=lofoten").await, ["LOFOTEN 2024", "Lofoten 2027"]);
    assert_eq!(names("search=lofoten&state=completed").await, ["LOFOTEN 2024"]);
    assert_eq!(names("search=%C3%9CBER").await, ["Überfahrt"]);
    assert_eq!(names("search=nothing").await, Vec::<String>::new());
    assert_eq!(names("state=archived").await, Vec::<String>::new());
    assert_eq!(names("search=lofoten&limit=1").await, ["LOFOTEN 2024"]);

    ada.send("DELETE", &format!("/api/sessions/{lofoten}"), None).await;
    assert_eq!(names("search=lofoten").await, ["LOFOTEN 2024"]);
    let gone = ada.get("/api/sessions/deleted").await.json();
    assert_eq!(gone[0]["name"], "Lofoten 2027");
    let there = ada.get(&format!("/api/sessions/{lofoten}")).await;
    assert_eq!(there.refusal(), (410, "gone".into()));
    let bad = ["limit=0", "limit=201", "limit=x", "state=gone", "cursor=x", "cursor=", "sort=name"];
    for query in bad {
        let refused = ada.get(&format!("/api/sessions?{query}")).await.refusal();
        assert!([400, 422].contains(&refused.0), "{query}: {refused:?}");
    }
}

#[tokio::test]
async fn sess_3_creating_by_an_id_twice_is_creating_once() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let ben = Client::register(&server, "ben@example.org").await;
    let id = "019a0000-0000-7000-8000-000000000001";
    for name in ["First", "Second"] {
        let made = ada.post("/api/sessions", &json!({"id": id, "name": name})).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.header("location"), format!("/api/sessions/{id}"));
    }
    assert_eq!(ada.get("/api/sessions").await.json()["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(ada.get("/api/sessions/active").await.json()["name"], "First");
    let foreign = ben.post("/api/sessions", &json!({"id": id})).await;
    assert_eq!(foreign.refusal(), (404, "not_found".into()));
    for (body, status) in [
        (json!({"name": ""}), 422),
        (json!({"name": "x".repeat(256)}), 422),
        (json!({"name": 1}), 400),
        (json!({"id": "x"}), 400),
        (json!({"nam": "x"}), 400),
        (json!([]), 400),
    ] {
        assert_eq!(ada.post("/api/sessions", &body).await.refusal().0, status, "{body}");
    }
}
