//! Metrics as `CloudWatch` reads them from the log of a function: the embedded metric format.
//!
//! Source: Amazon `CloudWatch` user guide, "Specification: Embedded metric format".

use std::fmt;
use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::record::{Record, Report};

const NAMESPACE: &str = "Imagasaur";

/// Writes one line for each try.
///
/// The one dimension is the result, of which there are four: each combination of dimensions is a metric that is paid
/// for. What else is known of a picture is in the line, for searches.
pub struct Emf<W>(Mutex<W>);

impl<W> Emf<W> {
    /// Writes to `out`, which is standard output in a function.
    pub fn new(out: W) -> Self {
        Self(Mutex::new(out))
    }
}

impl<W> fmt::Debug for Emf<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Emf")
    }
}

impl<W: Write + Send> Report for Emf<W> {
    fn report(&self, record: &Record) {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let line = line(record, since_1970);
        if let Ok(mut out) = self.0.lock() {
            // A picture does not fail for want of a metric.
            let _ = writeln!(out, "{line}");
        }
    }
}

fn line(record: &Record, since_1970: Duration) -> Value {
    let ms = |stage: Duration| u64::try_from(stage.as_millis()).unwrap_or(u64::MAX);
    let metric = |name: &str, unit: &str| json!({ "Name": name, "Unit": unit });
    json!({
        "_aws": {
            "Timestamp": ms(since_1970),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["Result"]],
                "Metrics": [
                    metric("Pictures", "Count"),
                    metric("Bytes", "Bytes"),
                    metric("EngineTime", "Milliseconds"),
                    metric("TotalTime", "Milliseconds"),
                ],
            }],
        },
        "Result": record.result(),
        "Pictures": 1,
        "Bytes": record.bytes,
        "EngineTime": ms(record.stages.engine),
        "TotalTime": ms(record.stages.total),
        "Code": record.code(),
        "Key": record.key,
        "RequestId": record.request_id,
    })
}

#[cfg(test)]
mod tests {
    use wire::FailureCode;

    use super::*;
    use crate::Fate;
    use crate::event::Created;

    #[test]
    fn every_metric_that_is_declared_is_in_the_line() {
        let id = "fe5c1a2b3c4d00112233445566778899";
        let created = Created {
            bucket: "uploads".into(),
            key: format!("uploads/{id}/a.jpg").parse().unwrap(),
            request_id: Some("0123456789ABCDEF".into()),
        };
        let mut record = Record::new(&created);
        record.bytes = 1024;
        record.end(Ok(Fate::Failed(FailureCode::Corrupt)));
        let line = line(&record, Duration::from_millis(1_795_000_000_007));
        assert_eq!(line["_aws"]["Timestamp"], 1_795_000_000_007_u64);
        let declared = &line["_aws"]["CloudWatchMetrics"][0];
        for metric in declared["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_u64(), "{metric}");
        }
        assert_eq!(declared["Dimensions"], json!([["Result"]]));
        assert_eq!((&line["Result"], &line["Code"]), (&json!("failed"), &json!("corrupt")));
        assert_eq!(line["RequestId"], "0123456789ABCDEF");
    }
}
