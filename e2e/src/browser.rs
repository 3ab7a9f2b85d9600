//! Chromium, driven through its driver.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;

/// A fresh browser with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    /// What to drive it with.
    pub driver: WebDriver,
    driver_process: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser with a window of the given size in pixels.
    pub async fn start(width: u32, height: u32) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut driver_process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start chromedriver")?;
        let driver = match connect(port, profile.path(), width, height).await {
            Ok(driver) => driver,
            Err(error) => {
                driver_process.kill()?;
                return Err(error);
            }
        };
        Ok(Self { driver, driver_process, _profile: profile })
    }

    /// Writes what the window shows to the folder of screenshots, as `{name}.png`.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&dir)?;
        self.driver.screenshot(&dir.join(format!("{name}.png"))).await?;
        Ok(())
    }

    /// Behaves like a screen of `width`×`height` CSS pixels whose owner prefers the colour scheme `light` or `dark`.
    pub async fn emulate(&self, width: u32, height: u32, scheme: &str) -> Result<()> {
        let tools = self.driver.cdp();
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        tools.send_raw("Emulation.setEmulatedMedia", media).await?;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// Closes the browser. To be called at the end of a test; otherwise only its driver is stopped.
    pub async fn quit(mut self) -> Result<()> {
        self.driver.clone().quit().await?;
        self.driver_process.kill()?;
        self.driver_process.wait()?;
        Ok(())
    }
}

async fn connect(port: u16, profile: &Path, width: u32, height: u32) -> Result<WebDriver> {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in [
        "--headless",
        // Chromium refuses its sandbox to root, which is who runs tests in a container.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        &format!("--window-size={width},{height}"),
        &format!("--user-data-dir={}", profile.display()),
    ] {
        capabilities.add_arg(argument)?;
    }
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("chromedriver does not answer on port {port}")
}
