//! SEC-4: how often somebody may call. On the real program, which knows where a request comes from.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use crate::accounts::PASSWORD;
use crate::harness::{Database, Device, Guest, Kind, Program, client};

/// Many times what it says.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn sec_4_too_many_calls_are_refused_until_some_time_has_passed() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::with(&database, &[("HOLDFAST_API_CALLS_PER_MINUTE", "30")]).await;
    let ask = async || {
        let answer = client().get(format!("{}/api/me", program.url)).send().await.unwrap();
        (answer.status(), answer.headers().clone())
    };
    let mut refused = None;
    for _ in 0..40 {
        let (status, headers) = ask().await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(headers);
            break;
        }
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    let headers = refused.expect("the 31st call or one soon after it is refused");
    let wait: u64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "thirty a minute are one in two seconds: {wait}");
    assert_eq!(headers["content-type"], "application/problem+json");
    let goes_on = async { while ask().await.0 == StatusCode::TOO_MANY_REQUESTS {} };
    tokio::time::timeout(PATIENCE, goes_on).await.expect("it goes on");
    program.kill().await;
}

#[tokio::test]
async fn sec_4_trying_to_get_in_is_counted_by_address_on_every_way() {
    let database = Database::create(Kind::Sqlite).await;
    let settings =
        [("HOLDFAST_ENTRIES_PER_MINUTE", "3"), ("HOLDFAST_ADDRESS_HEADER", "x-forwarded-for")];
    let program = Program::with(&database, &settings).await;
    let url = program.url.clone();
    let sign_in = async |from: &str, email: &str| {
        let body = format!(
            "{{\"grant_type\":\"password\",\"email\":\"{email}\",\"password\":\"{PASSWORD}\"}}"
        );
        let request = client().post(format!("{url}/api/auth/token")).body(body);
        let request = request.header("content-type", "application/json");
        request.header("x-forwarded-for", from).send().await.unwrap().status().as_u16()
    };
    // Each with another address of a person: what slows down guessing one password does not count here.
    for number in 0..3 {
        assert_eq!(sign_in("10.0.0.1", &format!("p{number}@example.org")).await, 401);
    }
    assert_eq!(sign_in("10.0.0.1", "p4@example.org").await, 429);
    // What the client itself writes before the proxy's word changes nothing.
    assert_eq!(sign_in("10.9.9.9, 10.0.0.1", "p5@example.org").await, 429);
    assert_eq!(sign_in("10.0.0.2", "p6@example.org").await, 401);
    // The page's form is another way to the same door.
    let form = client()
        .post(format!("{url}/fn/sign_in"))
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", "10.0.0.1")
        .form(&[("email", "p7@example.org"), ("password", PASSWORD)]);
    assert_eq!(form.send().await.unwrap().status().as_u16(), 429);
    program.kill().await;
}

#[tokio::test]
async fn sec_4_new_sessions_are_counted_by_account_and_new_guests_by_address() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::with(&database, &[("HOLDFAST_NEW_SESSIONS_PER_HOUR", "3")]).await;
    let visit = async || Guest::visit(&program.url).await;
    let create = async |guest: &Guest| {
        let mut device = Device::new();
        let update = device.edit(&json!({"a": 1}));
        (guest.save(&device.save([update])).await, device)
    };
    let first = visit().await;
    let mut devices = Vec::new();
    for _ in 0..3 {
        let (saved, device) = create(&first).await;
        assert_eq!(saved.status, 200);
        devices.push(device);
    }
    let (refused, _) = create(&first).await;
    assert_eq!(refused.refusal(), (429, "rate_limited".into()));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1_000..=1_200).contains(&wait), "three an hour are one in 1200 seconds: {wait}");
    // What is there is saved on.
    let update = devices[0].edit(&json!({"a": 2}));
    assert_eq!(first.save(&devices[0].save([update])).await.status, 200);
    for status in [200, 200, 429] {
        assert_eq!(create(&visit().await).await.0.status, status);
    }
    program.kill().await;
}
