use std::time::Duration;

use axum::body::Bytes;

use super::{LoadShape, run, summarise, wrk_is_installed};
use crate::floor;

const PRINTED: &str = "Running 10s test\ncallboard-bench {\"requests\":2000,\"duration_us\":10000000,\"p50_us\":500.0,\
    \"p99_us\":1500.0,\"socket_errors\":0,\"status_errors\":0}\n";

#[test]
fn figures_become_rates_and_milliseconds() {
    let run = summarise(PRINTED, Duration::from_secs(4)).expect("figures");
    assert!((run.requests_per_second - 200.0).abs() < 1e-9);
    assert!((run.p50_ms - 0.5).abs() < 1e-9);
    assert!((run.p99_ms - 1.5).abs() < 1e-9);
    assert!((run.cpu_ms_per_request - 2.0).abs() < 1e-9);
}

#[test]
fn a_run_with_refused_requests_is_no_measurement() {
    let printed = PRINTED.replace("\"status_errors\":0", "\"status_errors\":3");
    let error = summarise(&printed, Duration::ZERO).expect_err("refused");
    assert!(error.to_string().contains("3 were refused"), "{error}");
}

#[test]
fn a_run_without_answers_is_no_measurement() {
    let printed = PRINTED.replace("\"requests\":2000", "\"requests\":0");
    summarise(&printed, Duration::ZERO).expect_err("refused");
}

#[test]
fn text_without_figures_is_refused() {
    summarise("Running 10s test\n", Duration::ZERO).expect_err("refused");
}

#[tokio::test]
async fn wrk_sends_the_bodies_and_its_figures_are_read() {
    if !wrk_is_installed().await {
        // The rest of this module is tested without it; a machine without `wrk` cannot run a load.
        return;
    }
    let directory = tempfile::tempdir().expect("folder");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address").to_string();
    let server = tokio::spawn(floor::serve(listener, Bytes::from_static(b"{\"data\":{}}")));
    let bodies = vec!["{\"query\":\"{ revision }\"}".to_owned(), "{}".to_owned()];
    let shape = LoadShape { clients: 2, seconds: 1 };
    let run = run(directory.path(), &address, std::process::id(), &bodies, shape).await.expect("load");
    assert!(run.requests_per_second > 1.0);
    assert!(run.p99_ms >= run.p50_ms);
    server.abort();
}
