//! JOB-3, API-1: what happens in a session, as a stream that goes on from anywhere.

use serde_json::{Value, json};

use crate::harness::{Client, Database, Kind, Program, Sent, Server, Stream};

async fn stream(client: &Client, path: &str, last: Option<&str>) -> Stream {
    let request = client.request("GET", path);
    let request = match last {
        Some(last) => request.header("last-event-id", last),
        None => request,
    };
    Stream::open(request).await
}

/// What is kept, from the beginning.
async fn log(client: &Client, id: &str, number: usize) -> Vec<Sent> {
    let path = format!("/api/sessions/{id}/events");
    let now = stream(client, &path, None).await.next().await.unwrap();
    let incarnation = now.id.rsplit_once('.').unwrap().1;
    let mut stream = stream(client, &path, Some(&format!("0.0.{incarnation}"))).await;
    let mut log = Vec::new();
    while log.len() < number {
        let sent = stream.next().await.unwrap();
        if sent.name == "renamed" {
            log.push(sent);
        }
    }
    log
}

#[tokio::test]
async fn job_3_an_event_has_a_name_an_id_and_what_belongs_to_it() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let mut events = stream(&ada, "/api/sessions/active/events", None).await;
    let opened = events.next().await.unwrap();
    assert_eq!(opened.name, "opened");
    assert_eq!((&opened.data["session"], &opened.data["cursor"]), (&json!(id), &json!(opened.id)));
    ada.post(&format!("/api/sessions/{id}/context"), &json!({"a": 1})).await.json();
    let context = events.next().await.unwrap();
    assert_eq!(context.name, "context");
    assert!(context.data["version"].is_i64() && context.data["at_ms"].is_i64());
    ada.send("PUT", &format!("/api/sessions/{id}"), Some(&json!({"name": "Alps"}))).await.json();
    let renamed = events.next().await.unwrap();
    assert_eq!((renamed.name.as_str(), &renamed.data["name"]), ("renamed", &json!("Alps")));
    for wrong in ["x", "1", "1.2", "-1.0.00000000"] {
        let path = format!("/api/sessions/{id}/events?after={wrong}");
        assert_eq!(ada.get(&path).await.refusal(), (400, "malformed".into()), "{wrong}");
    }
    for wrong in ["sessions=", "sessions=x", "sessions=a,b", "session=x"] {
        let refused = ada.get(&format!("/api/events?{wrong}")).await.refusal();
        assert_eq!(refused.0, 400, "{wrong}: {refused:?}");
    }
    let many = vec![id.as_str(); 65].join(",");
    let refused = ada.get(&format!("/api/events?sessions={many}")).await.refusal();
    assert_eq!(refused, (413, "limit_exceeded".into()));
}

#[tokio::test]
async fn job_3_cut_a_hundred_times_the_client_has_exactly_the_log() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let path = format!("/api/sessions/{id}/events");
    let first = stream(&ada, &path, None).await.next().await.unwrap();
    let writing = tokio::spawn({
        let (ada, id) = (ada.clone(), id.clone());
        async move {
            for number in 0..400 {
                let name = json!({"name": format!("Name {number}")});
                ada.send("PUT", &format!("/api/sessions/{id}"), Some(&name)).await.json();
            }
        }
    });
    let (mut heard, mut last, mut cuts) = (Vec::<Sent>::new(), first.id, 0);
    while heard.len() < 400 {
        let mut events = stream(&ada, &path, Some(&last)).await;
        // Wherever it is: after some bytes, in the middle of an event perhaps.
        let until = match cuts {
            100.. => usize::MAX,
            cut => 60 + cut * 37 % 1_500,
        };
        cuts += 1;
        while events.received < until && heard.len() < 400 {
            let sent = events.next().await.unwrap();
            if sent.name == "renamed" {
                last.clone_from(&sent.id);
                heard.push(sent);
            }
        }
    }
    writing.await.unwrap();
    assert_eq!(heard, log(&ada, &id, 400).await);
    let names: Vec<&Value> = heard.iter().map(|sent| &sent.data["name"]).collect();
    assert!((0..400).zip(names).all(|(number, name)| *name == json!(format!("Name {number}"))));
}

#[tokio::test]
async fn job_3_a_server_that_was_killed_or_stopped_goes_on_telling() {
    let database = Database::create(Kind::Sqlite).await;
    let mut program = Program::start(&database).await;
    let ada = Client::register_at(&program.url, "ada@example.org").await;
    let id = ada.session("Lofoten").await;
    let path = format!("/api/sessions/{id}/events");
    let rename = async |name: &str| {
        let body = json!({"name": name});
        ada.send("PUT", &format!("/api/sessions/{id}"), Some(&body)).await.json();
    };
    let mut events = stream(&ada, &path, None).await;
    events.next().await.unwrap();
    rename("One").await;
    let one = events.next().await.unwrap();
    assert_eq!(one.data["name"], "One");
    rename("Two").await;
    program.kill().await;
    while events.next().await.is_some() {}

    program = Program::start(&database).await;
    let mut events = stream(&ada.at(&program.url), &path, Some(&one.id)).await;
    assert_eq!(events.next().await.unwrap().name, "opened");
    assert_eq!(events.next().await.unwrap().data["name"], "Two");
    // A stream that is open does not keep it from stopping.
    program.ask_to_stop().await;
    while events.next().await.is_some() {}
    let (status, log) = program.ended().await;
    assert!(status.success());
    assert!(!log.iter().any(|line| line.contains("cut off")), "{log:?}");
}
