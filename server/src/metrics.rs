//! What the program counts (OPS-2), for Prometheus: numbers under names and a few fixed words, never an id, a path or
//! content. docs/OPERATING.md lists them.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds, from a save in memory to a request that was given up.
const SECONDS: [f64; 12] =
    [0.000_25, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// Saves in one transaction.
const SAVES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
/// What is measured is sorted into its buckets this often.
const UPKEEP: Duration = Duration::from_secs(5);

/// One for the process: whoever embeds us and counts by themselves keeps their own.
static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count; until then nothing is counted anywhere.
pub(crate) fn begin() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
            .and_then(|builder| {
                builder.set_buckets_for_metric(Matcher::Suffix("_saves".into()), &SAVES)
            });
        let recorder = builder.ok()?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(handle)
    });
}

/// Keeps what is measured from growing, for as long as it runs.
pub(crate) async fn keep_up() {
    let Some(Some(handle)) = HANDLE.get() else { return };
    loop {
        tokio::time::sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

/// All of it, in Prometheus' text format; `None` where nothing is counted.
pub(crate) fn render() -> Option<String> {
    HANDLE.get()?.as_ref().map(PrometheusHandle::render)
}

fn describe() {
    describe_counter!("holdfast_requests_total", "Requests, by route, method and class of status");
    describe_histogram!("holdfast_request_seconds", "How long requests took, by route");
    describe_gauge!("holdfast_connections", "Open connections");
    describe_counter!("holdfast_saves_total", "Saves that were committed");
    describe_histogram!("holdfast_commit_seconds", "How long a transaction of saves took");
    describe_histogram!("holdfast_commit_saves", "Saves in one transaction");
    describe_counter!("holdfast_database_errors_total", "What the database refused, by code");
    describe_gauge!("holdfast_streams", "Open streams of events");
    describe_gauge!("holdfast_damaged_parts", "Stored parts found damaged since the start");
    describe_counter!("holdfast_swept_total", "What a sweep did, by kind");
    describe_gauge!(
        "holdfast_start_time_seconds",
        "When the program started, since the Unix epoch"
    );
    describe_gauge!("holdfast_build_info", "1, with the program's version");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    gauge!("holdfast_start_time_seconds").set(now.unwrap_or_default().as_secs_f64().trunc());
    gauge!("holdfast_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}
