//! OPS-2: what the program counts, and who may read it. On the real program: what is counted is a process's.

use serde_json::json;

use crate::harness::{Answer, Database, Device, Guest, Kind, Program, client};

async fn read(program: &Program, headers: &[(&str, &str)]) -> Answer {
    let mut request = client().get(format!("{}/metrics", program.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.unwrap()).await
}

/// The number on the line that begins so; 0 where there is none.
fn number(text: &str, begins: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(begins));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
}

#[tokio::test]
async fn ops_2_what_happens_is_counted_by_route_and_never_by_whom() {
    let database = Database::create(Kind::Sqlite).await;
    let program = Program::start(&database).await;
    let guest = Guest::visit(&program.url).await;
    let mut device = Device::new();
    for number in 0..5 {
        let update = device.edit(&json!({ "planted": format!("planted {number}") }));
        assert_eq!(guest.save(&device.save([update])).await.status, 200);
    }
    assert_eq!(guest.save(&device.pull(None)).await.status, 200);
    client().get(format!("{}/api/sessions/{}", program.url, device.session)).send().await.unwrap();
    client().get(format!("{}/planted/path", program.url)).send().await.unwrap();

    let answer = read(&program, &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = answer.text();
    assert_eq!(number(&text, "holdfast_saves_total"), 5.0, "{text}");
    assert_eq!(number(&text, "holdfast_commit_saves_sum"), 5.0, "{text}");
    let saves =
        "holdfast_requests_total{route=\"/fn/save_context\",method=\"POST\",status=\"2xx\"}";
    assert_eq!(number(&text, saves), 6.0, "{text}");
    let refused =
        "holdfast_requests_total{route=\"/api/sessions/{id}\",method=\"GET\",status=\"4xx\"}";
    assert_eq!(number(&text, refused), 1.0, "{text}");
    assert!(number(&text, "holdfast_start_time_seconds") > 1.7e9, "{text}");
    assert!(number(&text, "holdfast_connections") >= 1.0, "{text}");
    // No content, no path, no id.
    assert!(!text.contains("planted") && !text.contains(&device.session.to_string()), "{text}");
    program.kill().await;
}

#[tokio::test]
async fn ops_2_only_programs_on_this_machine_read_it_unless_the_operator_says_so() {
    let database = Database::create(Kind::Sqlite).await;
    let behind_proxy = ("HOLDFAST_ADDRESS_HEADER", "x-forwarded-for");
    let elsewhere = [("x-forwarded-for", "10.0.0.1")];
    for (who, here, far) in [("loopback", 200, 404), ("everybody", 200, 200), ("nobody", 404, 404)]
    {
        let program = Program::with(&database, &[("HOLDFAST_METRICS", who), behind_proxy]).await;
        let local = read(&program, &[("x-forwarded-for", "127.0.0.1")]).await;
        assert_eq!(local.status, here, "{who}");
        assert_eq!(read(&program, &[]).await.status, here, "past the proxy, {who}");
        assert_eq!(read(&program, &elsewhere).await.status, far, "{who}");
        program.kill().await;
    }
}

#[test]
fn ops_2_every_number_stands_in_the_docs() {
    let source = include_str!("../../src/metrics.rs");
    let docs = include_str!("../../../docs/OPERATING.md");
    let named = source.split("describe_").skip(2).filter_map(|rest| rest.split('"').nth(1));
    let named: Vec<&str> = named.filter(|name| name.starts_with("holdfast_")).collect();
    assert!(named.len() > 8, "{named:?}");
    for name in named {
        assert!(docs.contains(&format!("| `{name}")), "docs/OPERATING.md does not list {name}");
    }
}
