//! API-2: `Idempotency-Key`.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server};

async fn create(client: &Client, key: &str, body: &Value) -> Answer {
    let request = client.request("POST", "/api/sessions").header("idempotency-key", key);
    let request = request.header("content-type", "application/json").body(body.to_string());
    Answer::of(request.send().await.unwrap()).await
}

async fn count(client: &Client) -> usize {
    client.get("/api/sessions").await.json()["sessions"].as_array().unwrap().len()
}

#[tokio::test]
async fn api_2_a_request_that_comes_again_is_answered_and_not_done_again() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let body = json!({"name": "Lofoten"});
    let first = create(&ada, "one", &body).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
    let again = create(&ada, "one", &body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    assert_eq!(count(&ada).await, 1);
    // The name stands for one request, of one account.
    let other = create(&ada, "one", &json!({"name": "Senja"})).await;
    assert_eq!(other.refusal(), (422, "key_reused".into()));
    let ben = Client::register(&server, "ben@example.org").await;
    assert_ne!(create(&ben, "one", &body).await.body, first.body);
    create(&ada, "two", &body).await;
    assert_eq!(count(&ada).await, 2);
    // A refusal is an answer too.
    for _ in 0..2 {
        assert_eq!(create(&ada, "bad", &json!({"name": ""})).await.refusal().0, 422);
    }
    for key in ["", " ", "a b", "ü", &"x".repeat(256)] {
        assert_eq!(create(&ada, key, &body).await.refusal(), (400, "malformed".into()), "{key}");
    }
    assert_eq!(count(&ada).await, 2);
}

#[tokio::test]
async fn api_2_of_the_same_request_many_times_at_once_one_is_done() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let body = json!({"name": "Lofoten"});
    let answers = join_all((0..20).map(|_| create(&ada, "one", &body))).await;
    for answer in &answers {
        // Done, answered as before, or still being done.
        assert!([201, 409].contains(&answer.status), "{}", answer.text());
    }
    assert!(answers.iter().any(|answer| answer.status == 201));
    assert_eq!(count(&ada).await, 1);
}

#[tokio::test]
async fn sec_5_what_is_kept_of_an_answer_is_encrypted() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    create(&ada, "one", &json!({"name": "Planted Lofoten"})).await;
    let mut connection = server.database.connect().await;
    let kept: Vec<u8> =
        sqlx::query_scalar("SELECT answer FROM replies").fetch_one(&mut connection).await.unwrap();
    assert!(!kept.is_empty() && memchr::memmem::find(&kept, b"Planted").is_none());
}
