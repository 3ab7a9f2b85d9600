//! The S3 endpoint alone, on a free port, for other people's clients and test suites:
//! `s3-endpoint DIR BUCKET…`. Prints one line of JSON that says how to reach it, and serves until its standard input
//! ends.

#![expect(clippy::print_stdout, reason = "the line is what the program is for")]

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};
use imagasaur::s3::{self, AllowedOrigins, S3Settings};
use imagasaur::store::{Settings, Store};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1);
    let dir = PathBuf::from(args.next().context("s3-endpoint DIR BUCKET…")?);
    let buckets = args.map(|name| name.to_string_lossy().into_owned()).collect();
    std::fs::create_dir_all(&dir)?;
    let store = Store::open(&dir, Settings { buckets, ..Settings::default() })?;
    let (access_key, secret_key) = ("AKIAEXAMPLE".to_owned(), "a-secret-of-the-tests".to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        serde_json::json!({
            "url": format!("http://{}", listener.local_addr()?),
            "access_key": access_key,
            "secret_key": secret_key,
        })
    );
    let settings = S3Settings { access_key, secret_key, allowed_origins: AllowedOrigins::default() };
    let stopped = async {
        // An error means that nobody is there any longer, which is the same.
        let _ = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await;
    };
    s3::serve(listener, s3::service(&store, settings), stopped).await;
    Ok(())
}
