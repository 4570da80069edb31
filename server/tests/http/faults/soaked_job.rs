//! A job, as a client of a server that is killed sees it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Client, Sent, Stream};

/// Asks for a job; its id.
pub(super) async fn ask(client: &Client, session: &str, job: &Value) -> String {
    let asked = client.post("/api/jobs", &json!({"session": session, "job": job})).await;
    assert_eq!(asked.status, 201, "{}", asked.text());
    asked.header("x-job-id").to_owned()
}

/// As it is now.
pub(super) async fn job(client: &Client, id: &str) -> Value {
    client.get(&format!("/api/jobs/{id}")).await.json()
}

/// Waits for its end.
pub(super) async fn completed(client: &Client, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let job = job(client, id).await;
        match job["state"].as_str().unwrap() {
            "completed" => return job,
            "pending" | "running" => {}
            other => panic!("{other}: {job}"),
        }
        assert!(Instant::now() < deadline, "it ends: {job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What is told from after `last` on, as long as the line holds or to the end.
pub(super) async fn follow(client: &Client, id: &str, last: &str) -> Vec<Sent> {
    let request = client.request("GET", &format!("/api/jobs/{id}/events"));
    let Ok(response) = request.header("last-event-id", last).send().await else { return vec![] };
    if response.status() == 204 {
        return vec![];
    }
    let mut stream = Stream::of(response);
    let mut told = Vec::new();
    while let Some(sent) = stream.next().await {
        told.push(sent);
    }
    told
}

/// What a client heard before the server was killed, and went on to hear, is the log: nothing is missing or doubled.
pub(super) async fn heard_all(client: &Client, id: &str, mut heard: Vec<Sent>) {
    let last = heard.last().map_or_else(String::new, |sent| sent.id.clone());
    heard.extend(follow(client, id, &last).await);
    assert_eq!(heard, follow(client, id, "").await);
    assert_eq!(heard.first().unwrap().name, "job_created");
    assert_eq!(heard.last().unwrap().name, "job_completed");
}
