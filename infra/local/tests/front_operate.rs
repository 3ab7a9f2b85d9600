//! The program as an operator meets it: a process with a log, metrics, credentials and a data directory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

mod api_support;

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use api_support::{Running, photo};
use reqwest::Client;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_imagasaur");

struct Process {
    child: Child,
    url: String,
    dir: TempDir,
}

impl Process {
    fn start(words: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("site")).unwrap();
        fs::write(dir.path().join("site/index.html"), "<!doctype html>").unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", "0", "--site", "site", "--data", "data"])
            .args(words)
            .current_dir(dir.path())
            .env_remove("RUST_LOG")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Imagasaur is ready at ").expect(&line).to_owned();
        Self { child, url, dir }
    }

    /// Stops it as an operator does; returns its log.
    fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success());
        log
    }

    fn credentials(&self, format: &str) -> String {
        let output = Command::new(PROGRAM)
            .args(["credentials", "--data", "data", "--format", format])
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already, unless a test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The addresses on which a process listens, as the kernel writes them.
fn listening(pid: u32) -> Vec<String> {
    let proc = Path::new("/proc").join(pid.to_string());
    let sockets: HashSet<String> = fs::read_dir(proc.join("fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()?.to_str().map(str::to_owned))
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6"] {
        for line in fs::read_to_string(proc.join("net").join(table)).unwrap().lines().skip(1) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            // Column 3 is the state, of which 0A is LISTEN; column 9 is the socket's inode.
            if columns[3] == "0A" && sockets.contains(&format!("socket:[{}]", columns[9])) {
                found.push(columns[1].split(':').next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn nothing_listens_beyond_loopback_unless_asked() {
    let process = Process::start(&["--metrics-listen", "127.0.0.1:0"]);
    let addresses = listening(process.child.id());
    // Page, S3, the inner door to S3, metrics.
    assert_eq!(addresses, ["0100007F"; 4], "127.0.0.1, byte by byte from the last");
    process.stop();
    let open = Process::start(&["--host", "0.0.0.0"]);
    let addresses = listening(open.child.id());
    assert_eq!(addresses.iter().filter(|address| *address == "00000000").count(), 2, "{addresses:?}");
    open.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_its_owners_and_other_clients_get_in_with_what_is_printed() {
    let process = Process::start(&[]);
    let mode = |path: &str| fs::metadata(process.dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/credentials.json")), (0o700, 0o600));
    let printed: Value = serde_json::from_str(&process.credentials("json")).unwrap();
    let text = |name: &str| printed[name].as_str().unwrap().to_owned();
    for (format, line) in [
        ("env", format!("export AWS_SECRET_ACCESS_KEY={}", text("secret_access_key"))),
        ("aws", format!("endpoint_url = {}", text("endpoint"))),
    ] {
        let printed = process.credentials(format);
        assert!(printed.lines().any(|printed| printed == line), "{printed}");
    }
    let keys = aws_credential_types::Credentials::new(
        text("access_key_id"),
        text("secret_access_key"),
        None,
        None,
        "test",
    );
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(aws_sdk_s3::config::Region::new(text("region")))
        .credentials_provider(keys)
        .endpoint_url(text("endpoint"))
        .force_path_style(true)
        .build();
    let client = aws_sdk_s3::Client::from_conf(config);
    client.put_object().bucket("frontend").key("a").body(b"b".to_vec().into()).send().await.unwrap();
    let log = process.stop();
    assert!(!log.contains(&text("secret_access_key")));
}

#[test]
fn there_are_no_credentials_before_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM).arg("credentials").current_dir(dir.path()).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("imagasaur serve"), "{said}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_look_for_an_id_finds_signature_upload_and_processing() {
    let process = Process::start(&["--log", "json"]);
    let (client, bytes) = (Client::new(), photo(64, 48));
    let file = json!({ "name": "a.jpg", "type": "image/jpeg", "size": bytes.len() });
    let url = format!("{}/api/upload", process.url);
    let answer = client.post(url).json(&json!({ "files": [file] })).send().await.unwrap();
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let signed = answer.json::<Value>().await.unwrap()["uploads"][0].clone();
    let mut form = Form::new();
    for (name, value) in signed["fields"].as_object().unwrap() {
        form = form.text(name.clone(), value.as_str().unwrap().to_owned());
    }
    let form = form.part("file", Part::bytes(bytes));
    assert!(
        client
            .post(signed["url"].as_str().unwrap())
            .multipart(form)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let key = signed["key"].as_str().unwrap();
    let url = format!("{}/api/images?keys={key}", process.url);
    while client.get(&url).send().await.unwrap().json::<Value>().await.unwrap()["images"][0]["status"]
        != "ready"
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let log = process.stop();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let found: Vec<&Value> = lines.iter().filter(|line| line.to_string().contains(key)).collect();
    let messages: Vec<&str> = found.iter().filter_map(|line| line["message"].as_str()).collect();
    assert_eq!(messages, ["signed", "answered", "ready"], "{log}");
    assert_eq!(found[0]["span"]["id"], *request_id, "the browser's request is named: {}", found[0]);
    assert_eq!((&found[1]["listener"], &found[1]["method"]), (&json!("s3"), &json!("POST")));
}

/// Counts, checks and gives the value of a metric's only sample.
fn sample(text: &str, start: &str) -> u64 {
    let mut lines = text.lines().filter(|line| line.starts_with(start));
    let line = lines.next().unwrap_or_else(|| panic!("no {start} in {text}"));
    assert!(lines.next().is_none(), "several {start} in {text}");
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// What Prometheus asks of the text: types before samples, each family once and in one piece, totals of counters,
/// buckets that grow, an end.
fn check(text: &str) {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut families = HashSet::new();
    let (mut family, mut kind) = ("", "");
    let mut last_bucket = (String::new(), 0.0);
    for line in text.lines().take_while(|line| *line != "# EOF") {
        if let Some(comment) = line.strip_prefix("# ") {
            let (keyword, rest) = comment.split_once(' ').unwrap();
            let (name, rest) = rest.split_once(' ').unwrap();
            if keyword == "HELP" {
                (family, kind) = (name, "");
                assert!(families.insert(family), "{family} twice");
            } else if keyword == "TYPE" {
                kind = rest;
            }
            assert_eq!(name, family, "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        let (name, labels) = name.split_once('{').unwrap_or((name, ""));
        let suffix = name.strip_prefix(family).unwrap_or_else(|| panic!("{line} is not of {family}"));
        let expected: &[&str] = match kind {
            "counter" => &["_total"],
            "gauge" => &[""],
            "info" => &["_info"],
            "histogram" => &["_sum", "_count", "_bucket"],
            other => panic!("{other}"),
        };
        assert!(expected.contains(&suffix), "{line} is no {kind}");
        if suffix == "_bucket" {
            let series: String = labels.split(',').filter(|label| !label.contains("le=\"")).collect();
            let series = format!("{name} {}", series.trim_end_matches('}'));
            assert!(series != last_bucket.0 || value >= last_bucket.1, "{line} shrinks");
            last_bucket = (series, value);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_what_happens() {
    let system =
        Running::start_with(|settings| settings.metrics = Some("127.0.0.1:0".parse().unwrap())).await;
    let bytes = photo(64, 48);
    let good = system.upload("a.jpg", &bytes).await;
    let bad = system.upload("b.jpg", &fixtures::truncated_jpeg()).await;
    system.finished(&good).await;
    system.finished(&bad).await;
    system.wait_until_idle().await;
    system.get("/api/nothing/here").await;
    assert_eq!(system.get("/metrics").await.text().await.unwrap(), "<!doctype html><title>Test</title>");

    let url = format!("http://{}/metrics", system.system.metrics().unwrap());
    let answer = reqwest::get(url).await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = answer.text().await.unwrap();
    check(&text);
    assert!(sample(&text, "imagasaur_uploads_total") >= 2);
    let sizes = (bytes.len() + fixtures::truncated_jpeg().len()) as u64;
    assert_eq!(sample(&text, "imagasaur_upload_bytes_total"), sizes);
    assert_eq!(sample(&text, "imagasaur_processed_total{outcome=\"ready\"}"), 1);
    assert_eq!(sample(&text, "imagasaur_failures_total{code=\"corrupt\"}"), 1);
    assert_eq!(sample(&text, "imagasaur_processing_duration_seconds_count"), 2);
    assert_eq!(sample(&text, "imagasaur_queue_messages{state=\"live\"}"), 0);
    assert_eq!(sample(&text, "imagasaur_queue_messages{state=\"dead\"}"), 0);
    // Two originals, two entries, one thumbnail.
    assert_eq!(sample(&text, "imagasaur_store_objects"), 5);
    assert!(sample(&text, "imagasaur_store_bytes") > sample(&text, "imagasaur_upload_bytes_total"));
    let missing =
        "imagasaur_http_requests_total{listener=\"front\",route=\"/api\",method=\"GET\",status=\"404\"}";
    assert_eq!(sample(&text, missing), 1);
    assert!(text.contains(&format!("imagasaur_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))));
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_is_not_healthy_but_is_read() {
    let system = Running::start_with(|settings| settings.max_storage_bytes = Some(1)).await;
    assert_eq!(system.get("/api/health").await.status(), 503);
    assert_eq!(system.get_json("/api/images").await["images"], json!([]));
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_fails_with_the_store_and_comes_back_with_it() {
    let system = Running::start().await;
    assert_eq!(system.get("/api/health").await.status(), 200);
    let (incoming, elsewhere) = (system.data().join("incoming"), system.data().join("elsewhere"));
    let becomes = |status: u16| {
        let system = &system;
        async move {
            for _ in 0..200 {
                let answer = system.get("/api/health").await;
                if answer.status() == status {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            panic!("health does not become {status}");
        }
    };
    fs::rename(&incoming, &elsewhere).unwrap();
    let failing = becomes(503).await;
    assert_eq!(failing.headers()["content-type"], "application/problem+json");
    assert_eq!(failing.json::<Value>().await.unwrap()["code"], "unavailable");
    fs::rename(&elsewhere, &incoming).unwrap();
    becomes(200).await;
    assert_eq!(fs::read_dir(&incoming).unwrap().count(), 0, "asking leaves nothing behind");
    system.stop().await;
}
