//! SEC-2: tokens over HTTP.

use serde_json::json;

use crate::accounts::PASSWORD;
use crate::harness::{Client, Server};

#[tokio::test]
async fn sec_2_a_program_signs_in_renews_and_signs_out() {
    let server = Server::start().await;
    let first = Client::register(&server, "ada@example.org").await;
    let id = first.session("Lofoten").await;

    let mut second = Client::nobody(&server);
    let password = json!({
        "grant_type": "password", "email": "Ada@example.org", "password": PASSWORD
    });
    second.take(&second.post("/api/auth/token", &password).await);
    assert_eq!(second.get(&format!("/api/sessions/{id}")).await.json()["name"], "Lofoten");
    assert_eq!(second.get("/api/me").await.json()["account"]["email"], "ada@example.org");

    let before = second.clone();
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": second.refresh_token});
    second.take(&Client::nobody(&server).post("/api/auth/token", &refresh).await);
    assert_ne!(before.refresh_token, second.refresh_token);
    // The one before works until it is over.
    assert_eq!(before.get("/api/me").await.status, 200);

    assert_eq!(second.send("DELETE", "/api/auth/token", None).await.status, 204);
    for gone in [&before, &second] {
        let refused = gone.get("/api/me").await;
        assert_eq!(refused.refusal(), (401, "not_signed_in".into()));
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"holdfast\"");
    }
    assert_eq!(first.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn sec_2_what_is_no_token_of_ours_is_refused() {
    let server = Server::start().await;
    let ada = Client::register(&server, "ada@example.org").await;
    let token = ada.authorization.strip_prefix("Bearer ").unwrap();
    for wrong in [
        "Bearer",
        "Bearer ",
        "Basic YWRhOmFkYQ==",
        &format!("Bearer {}", ada.refresh_token),
        &format!("Token {token}"),
        &format!("Bearer {token}x"),
        "Bearer eyJhbGciOiJub25lIn0.e30.",
    ] {
        let client = Client { authorization: wrong.into(), ..ada.clone() };
        assert_eq!(client.get("/api/me").await.refusal(), (401, "not_signed_in".into()), "{wrong}");
    }
    // The scheme's name is not a matter of case.
    let client = Client { authorization: format!("bearer {token}"), ..ada };
    assert_eq!(client.get("/api/me").await.status, 200);
}

#[tokio::test]
async fn sec_6_an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let server = Server::start().await;
    Client::register(&server, "ada@example.org").await;
    let mut answers = Vec::new();
    for email in ["ada@example.org", "nobody@example.org", "no address"] {
        let body = json!({"grant_type": "password", "email": email, "password": "not it at all"});
        let mut answer = Client::nobody(&server).post("/api/auth/token", &body).await;
        for changes in ["x-request-id", "date"] {
            answer.headers.remove(changes);
        }
        answers.push(answer);
    }
    assert_eq!(answers[0].refusal(), (401, "wrong_credentials".into()));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
