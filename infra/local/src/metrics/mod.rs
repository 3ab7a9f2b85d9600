//! What is counted, in the text format that Prometheus reads.
//!
//! Source: `OpenMetrics` 1.0, <https://prometheus.io/docs/specs/om/open_metrics_spec/>. Every label has few values:
//! none is taken from what a client sends.

mod labels;
mod state;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, StatusCode};
use processor::Fate;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::labels::{Code, Listener, Outcome, Refusal, Request};
pub use self::state::router;

/// The media type of [`Metrics::text`].
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the buckets of durations, seconds: from a cached answer to a large picture on a slow machine.
const DURATIONS_S: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// The counters of a process. A clone counts into the same ones.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    requests: Family<Request, Counter>,
    answering: Family<Listener, Histogram, fn() -> Histogram>,
    connections: Family<Listener, Gauge>,
    refused: Family<Refusal, Counter>,
    uploads: Counter,
    upload_bytes: Counter,
    processed: Family<Outcome, Counter>,
    failures: Family<Code, Counter>,
    processing: Histogram,
}

fn durations() -> Histogram {
    Histogram::new(DURATIONS_S)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("imagasaur");
        let inner = Inner {
            requests: Family::default(),
            answering: Family::new_with_constructor(durations),
            connections: Family::default(),
            refused: Family::default(),
            uploads: Counter::default(),
            upload_bytes: Counter::default(),
            processed: Family::default(),
            failures: Family::default(),
            processing: durations(),
            registry: Registry::default(),
        };
        let started = Gauge::<i64>::default();
        started.set(unix_s());
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        registry.register_with_unit("start_time", "When it was started, since 1970", Unit::Seconds, started);
        let Inner { requests, answering, connections, refused, .. } = &inner;
        registry.register("http_requests", "Answers", requests.clone());
        let help = "From the head of a request to the head of its answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, answering.clone());
        registry.register("http_connections", "Open connections", connections.clone());
        registry.register("refused", "What clients asked for beyond a limit", refused.clone());
        let Inner { uploads, upload_bytes, processed, failures, processing, .. } = &inner;
        registry.register("uploads", "Originals that reached the processor", uploads.clone());
        registry.register_with_unit("upload", "Their size", Unit::Bytes, upload_bytes.clone());
        registry.register("processed", "What became of originals", processed.clone());
        registry.register("failures", "Why no thumbnail could be made", failures.clone());
        let help = "From taking a message to the end of that try";
        registry.register_with_unit("processing_duration", help, Unit::Seconds, processing.clone());
        // A rate cannot be told of what was never there.
        for outcome in ["ready", "failed", "gone", "retried"] {
            drop(inner.processed.get_or_create(&Outcome { outcome }));
        }
        for (listener, limit) in [("front", "connections"), ("s3", "connections"), ("front", "sign_rate")] {
            drop(inner.refused.get_or_create(&Refusal { listener, limit }));
        }
        Self(Arc::new(Inner { registry, ..inner }))
    }
}

impl Metrics {
    /// A request was answered.
    pub fn answered(
        &self,
        listener: &'static str,
        route: &'static str,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let request = Request { listener, route, method: labels::method(method), status: status.as_u16() };
        self.0.requests.get_or_create(&request).inc();
        self.0.answering.get_or_create(&Listener { listener }).observe(took.as_secs_f64());
    }

    /// A connection is open, until what this returns is dropped.
    #[must_use]
    pub fn open_connection(&self, listener: &'static str) -> OpenConnection {
        let gauge = self.0.connections.get_or_create_owned(&Listener { listener });
        gauge.inc();
        OpenConnection(gauge)
    }

    /// A client asked for more than a limit allows.
    pub fn refused(&self, listener: &'static str, limit: &'static str) {
        self.0.refused.get_or_create(&Refusal { listener, limit }).inc();
    }

    /// An original has reached the processor for the first time.
    pub fn arrived(&self, bytes: u64) {
        self.0.uploads.inc();
        self.0.upload_bytes.inc_by(bytes);
    }

    /// A try to process a message has ended; `None` if it has to be made again.
    pub fn processed(&self, fates: Option<&[Fate]>, took: Duration) {
        self.0.processing.observe(took.as_secs_f64());
        let count = |outcome| self.0.processed.get_or_create(&Outcome { outcome }).inc();
        for fate in fates.unwrap_or_default() {
            match fate {
                Fate::Ready => count("ready"),
                Fate::Gone => count("gone"),
                Fate::Failed(code) => {
                    self.0.failures.get_or_create(&Code { code: code.to_string() }).inc();
                    count("failed")
                }
            };
        }
        if fates.is_none() {
            count("retried");
        }
    }

    /// All that was counted.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = text::encode_registry(&mut text, &self.0.registry);
        text
    }
}

/// Counts as an open connection until it is dropped.
#[derive(Debug)]
pub struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn unix_s() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
