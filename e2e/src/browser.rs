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
    processes: Processes,
}

impl Browser {
    /// Starts a browser with a window of the given size in pixels.
    pub async fn start(width: u32, height: u32) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let driver_process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start chromedriver")?;
        // From here on an early return ends what was started.
        let processes = Processes { driver: driver_process, profile };
        let driver = connect(port, processes.profile.path(), width, height).await?;
        Ok(Self { driver, processes })
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

    /// Has the network pass so many bytes a second upwards, or nothing at all.
    pub async fn network(&self, upload_bytes_per_second: Option<u32>) -> Result<()> {
        let tools = self.driver.cdp();
        tools.send_raw("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": upload_bytes_per_second.is_none(),
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": upload_bytes_per_second.map_or(-1, i64::from),
        });
        tools.send_raw("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }

    /// Closes the browser. A test that fails before it gets here has it ended all the same.
    pub async fn quit(self) -> Result<()> {
        self.driver.clone().quit().await?;
        drop(self.processes);
        Ok(())
    }
}

/// The driver, and the browser that it has started.
#[derive(Debug)]
struct Processes {
    driver: Child,
    profile: TempDir,
}

impl Drop for Processes {
    /// The browser outlives a driver that is killed: it is known by its profile, which nobody else has.
    fn drop(&mut self) {
        drop(self.driver.kill());
        drop(self.driver.wait());
        let profile = self.profile.path().as_os_str().as_encoded_bytes();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if command.windows(profile.len()).any(|part| part == profile) {
                drop(Command::new("kill").arg("-9").arg(entry.file_name()).stderr(Stdio::null()).status());
            }
        }
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
        // A mouse, which a machine without a screen does not have.
        "--blink-settings=primaryPointerType=4,availablePointerTypes=4,primaryHoverType=2,availableHoverTypes=2",
        &format!("--window-size={width},{height}"),
        &format!("--user-data-dir={}", profile.display()),
    ] {
        capabilities.add_arg(argument)?;
    }
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await?;
            driver.set_script_timeout(Duration::from_mins(2)).await?;
            return Ok(driver);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("chromedriver does not answer on port {port}")
}
