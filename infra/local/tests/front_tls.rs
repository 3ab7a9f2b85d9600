//! TLS on both ports, with certificates made here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use api_support::{Running, photo};
use imagasaur::server::TlsFiles;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Makes a certificate for localhost and writes it where the system reads it.
fn certify(dir: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(dir.join("cert.pem"), cert.pem()).unwrap();
    fs::write(dir.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

async fn start(dir: &Path) -> Running {
    let files = TlsFiles { certificates: dir.join("cert.pem"), key: dir.join("key.pem") };
    Running::start_with(|settings| settings.tls = Some(files)).await
}

/// One request over a connection that trusts `root` only: status line and headers, and the body.
async fn ask(
    root: &CertificateDer<'static>,
    address: SocketAddr,
    request: &str,
    body: &[u8],
) -> std::io::Result<(String, Vec<u8>)> {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(address).await?;
    let name = "localhost".try_into().unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
    let host = format!("host: localhost:{}\r\nconnection: close\r\n", address.port());
    let head = format!("{request}\r\n{host}content-length: {}\r\n", body.len());
    let kind = if request.contains("content-type") { "" } else { "content-type: application/json\r\n" };
    stream.write_all(format!("{head}{kind}\r\n").as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    Ok((String::from_utf8(answer).unwrap(), body))
}

fn form(signed: &Value, bytes: &[u8]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in signed["fields"].as_object().unwrap() {
        let value = value.as_str().unwrap();
        let part = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n");
    form.extend_from_slice(bytes);
    form.extend_from_slice(b"\r\n--B--\r\n");
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_uploaded_and_processed_with_both_ports_encrypted() {
    let dir = tempfile::tempdir().unwrap();
    let root = certify(dir.path());
    let running = start(dir.path()).await;
    let (front, s3) = (running.system.front(), running.system.s3());
    let (head, _) = ask(&root, front, "GET / HTTP/1.1", b"").await.unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("strict-transport-security: max-age=31536000"), "{head}");
    assert!(head.contains(&format!("connect-src 'self' https://localhost:{};", s3.port())), "{head}");
    assert!(running.system.url().starts_with("https://"), "{}", running.system.url());

    let bytes = photo(64, 48);
    let file = json!({ "name": "a.jpg", "type": "image/jpeg", "size": bytes.len() });
    let wish = json!({ "files": [file] }).to_string();
    let (_, answer) = ask(&root, front, "POST /api/upload HTTP/1.1", wish.as_bytes()).await.unwrap();
    let signed = serde_json::from_slice::<Value>(&answer).unwrap()["uploads"][0].clone();
    assert_eq!(signed["url"], format!("https://localhost:{}/uploads", s3.port()));
    let post = "POST /uploads HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=B\r\n\
                origin: https://localhost:1";
    let (head, _) = ask(&root, s3, post, &form(&signed, &bytes)).await.unwrap();
    assert!(head.starts_with("HTTP/1.1 20"), "{head}");
    assert!(head.contains("access-control-allow-origin: https://localhost:1"), "{head}");

    let path = format!("GET /api/images?keys={} HTTP/1.1", signed["key"].as_str().unwrap());
    loop {
        let (_, answer) = ask(&root, front, &path, b"").await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        match answer["images"][0]["status"].as_str() {
            Some("ready") => break,
            Some("processing") => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            other => panic!("{other:?}: {answer}"),
        }
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_taken_up_and_a_broken_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let old = certify(dir.path());
    let running = start(dir.path()).await;
    let front = running.system.front();
    let new = certify(dir.path());
    assert!(ask(&new, front, "GET / HTTP/1.1", b"").await.is_err(), "not read yet");
    running.system.reload_certificate();
    ask(&new, front, "GET / HTTP/1.1", b"").await.unwrap();
    assert!(ask(&old, front, "GET / HTTP/1.1", b"").await.is_err(), "the old one is gone");
    fs::write(dir.path().join("key.pem"), "no key").unwrap();
    running.system.reload_certificate();
    ask(&new, front, "GET / HTTP/1.1", b"").await.unwrap();
    running.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_has_a_renewed_certificate_read() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let dir = tempfile::tempdir().unwrap();
    let old = certify(dir.path());
    fs::create_dir(dir.path().join("site")).unwrap();
    fs::write(dir.path().join("site/index.html"), "<!doctype html>").unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_imagasaur"))
        .args(["serve", "--port", "0", "--site", "site", "--data", "data"])
        .args(["--tls-cert", "cert.pem", "--tls-key", "key.pem"])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().strip_prefix("Imagasaur is ready at https://localhost:").expect(&line);
    let front = SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
    ask(&old, front, "GET / HTTP/1.1", b"").await.unwrap();

    let new = certify(dir.path());
    assert!(ask(&new, front, "GET / HTTP/1.1", b"").await.is_err(), "nobody has said so yet");
    let kill =
        |signal: &str| Command::new("kill").args([signal, &program.id().to_string()]).status().unwrap();
    assert!(kill("-HUP").success());
    let renewed = async {
        while ask(&new, front, "GET / HTTP/1.1", b"").await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let renewed = tokio::time::timeout(Duration::from_secs(20), renewed).await;
    let is_old_gone = ask(&old, front, "GET / HTTP/1.1", b"").await.is_err();
    let is_running = program.try_wait().unwrap().is_none();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(is_running, "the signal ended it");
    assert!(renewed.is_ok() && is_old_gone, "the certificate stayed as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_served_without_encryption() {
    let dir = tempfile::tempdir().unwrap();
    certify(dir.path());
    let running = start(dir.path()).await;
    for address in [running.system.front(), running.system.s3()] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        // The end may be a clean one or a reset.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));
    }
    running.stop().await;
}
