//! A system in this process, and the requests that the tests make of it.

#![allow(dead_code, reason = "each test file uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagasaur::serve::{Settings, SiteSource, System};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub(crate) struct Running {
    pub(crate) system: System,
    client: Client,
    dir: TempDir,
}

/// The fields of a signed form.
pub(crate) fn fields(signed: &Value) -> Vec<(String, String)> {
    let field = |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap().to_owned());
    signed["fields"].as_object().unwrap().iter().map(field).collect()
}

pub(crate) fn photo(width: u32, height: u32) -> Vec<u8> {
    fixtures::photo_jpeg(width, height, 7)
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Names and bytes of up to `count` photos of the corpus, if there is one.
pub(crate) fn real_photos(count: usize) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = std::env::var_os("IMAGASAUR_CORPUS")?;
    let mut paths: Vec<_> = fs::read_dir(Path::new(&folder).join("photos"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    paths.sort();
    let read =
        |path: &PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap());
    Some(paths.iter().take(count).map(read).collect())
}

impl Running {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with other settings than the usual ones.
    pub(crate) async fn start_with(adjust: impl FnOnce(&mut Settings)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        fs::create_dir_all(site.join("assets")).unwrap();
        fs::write(site.join("index.html"), "<!doctype html><title>Test</title>").unwrap();
        fs::write(site.join("assets/app-0123456789.js"), "export {}").unwrap();
        fs::write(site.join("assets/app-0123456789.js.br"), "brotli").unwrap();
        fs::write(site.join("assets/app-0123456789.js.gz"), "gzip").unwrap();
        let mut settings = Settings::new(dir.path().join("data"), SiteSource::Folder(site));
        adjust(&mut settings);
        let system = System::start(settings).await.unwrap();
        Self { system, client: Client::new(), dir }
    }

    /// Where the pictures are kept.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) async fn stop(self) {
        self.system.stop().await;
    }

    /// Stops it; what it kept is there until the folder is dropped.
    pub(crate) async fn stop_and_keep(self) -> TempDir {
        self.system.stop().await;
        self.dir
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.system.front())
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = self.client.get(self.url(path));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> StatusCode {
        self.client.delete(self.url(path)).send().await.unwrap().status()
    }

    pub(crate) async fn request(&self, method: &str, path: &str, body: Option<String>) -> Response {
        let mut request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), self.url(path));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn sign(&self, request: &Value) -> Value {
        let answer = self.client.post(self.url("/api/upload")).json(request).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// Leave to upload a JPEG with these bytes.
    pub(crate) async fn sign_one(&self, name: &str, bytes: &[u8]) -> Value {
        let sha256 = STANDARD.encode(Sha256::digest(bytes));
        let file = json!({ "name": name, "type": "image/jpeg", "size": bytes.len(), "sha256": sha256 });
        self.sign(&json!({ "files": [file] })).await["uploads"][0].clone()
    }

    /// Posts to S3 as a browser does.
    pub(crate) async fn post(&self, signed: &Value, bytes: &[u8]) -> StatusCode {
        self.post_form(signed["url"].as_str().unwrap(), &fields(signed), bytes).await
    }

    /// Posts a form of any fields.
    pub(crate) async fn post_form(&self, url: &str, fields: &[(String, String)], bytes: &[u8]) -> StatusCode {
        let with = |form: Form, (name, value): &(String, String)| form.text(name.clone(), value.clone());
        let form = fields.iter().fold(Form::new(), with).part("file", Part::bytes(bytes.to_vec()));
        self.client.post(url).multipart(form).send().await.unwrap().status()
    }

    /// Uploads a file; returns the image's key.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let signed = self.sign_one(name, bytes).await;
        let status = self.post(&signed, bytes).await;
        assert!(status.is_success(), "{status}");
        signed["key"].as_str().unwrap().to_owned()
    }

    /// The image once it is ready or failed.
    pub(crate) async fn finished(&self, key: &str) -> Value {
        for _ in 0..1_200 {
            let states = self.get_json(&format!("/api/images?keys={key}")).await;
            let image = &states["images"][0];
            assert!(image.is_object(), "{key} is unknown: {states}");
            if image["status"] != "processing" {
                return image.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{key} is still not finished");
    }

    /// Waits until the queue is empty.
    pub(crate) async fn wait_until_idle(&self) {
        for _ in 0..1_200 {
            if self.system.queue_depth().await.unwrap().live == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the queue is never empty");
    }
}
