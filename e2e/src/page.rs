//! The page as a person sees it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;
use thirtyfour::prelude::*;

/// How long anything may take before a test gives up. The machines that run tests are slow and shared.
const PATIENCE: Duration = Duration::from_mins(2);

/// The page in a browser.
#[derive(Clone, Debug)]
pub struct Page {
    driver: WebDriver,
}

/// An upload as its tile shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The file's name.
    pub name: String,
    /// Where it stands, in one word.
    pub state: String,
    /// Whether the tile says that preview and thumbnail are the same bytes.
    pub is_verified: bool,
    /// Whether it shows a preview that the browser could decode, of 100×100 pixels.
    pub has_preview: bool,
    /// All its text.
    pub text: String,
}

impl Tile {
    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.state.as_str(), "ready" | "failed" | "duplicate")
    }
}

impl Page {
    /// Opens the page and waits until it can be used.
    pub async fn open(driver: &WebDriver, url: &str) -> Result<Self> {
        driver.goto(url).await?;
        let page = Self { driver: driver.clone() };
        page.wait_usable().await?;
        Ok(page)
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Result<()> {
        self.driver.refresh().await?;
        self.wait_usable().await
    }

    async fn wait_usable(&self) -> Result<()> {
        self.driver
            .query(By::Css("[data-testid=file-input]"))
            .wait(PATIENCE, Duration::from_millis(50))
            .exists()
            .await?;
        Ok(())
    }

    /// Chooses files in the picker, all at once.
    pub async fn choose(&self, files: &[PathBuf]) -> Result<()> {
        let paths: Vec<_> = files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let input = self.driver.find(By::Css("[data-testid=file-input]")).await?;
        input.send_keys(paths.join("\n")).await?;
        Ok(())
    }

    /// The tiles of all uploads.
    pub async fn tiles(&self) -> Result<Vec<Tile>> {
        let script = r"
            return [...document.querySelectorAll('[data-testid=tile]')].map(tile => {
                const preview = tile.querySelector('[data-testid=preview]');
                return {
                    name: tile.dataset.name,
                    state: tile.dataset.state,
                    is_verified: tile.querySelector('[data-verified=true]') !== null,
                    has_preview: preview !== null && preview.complete && preview.naturalWidth === 100
                        && preview.naturalHeight === 100,
                    text: tile.textContent,
                };
            });";
        let tiles = self.script(script).await?;
        let text = |tile: &Value, field: &str| tile[field].as_str().unwrap_or_default().to_owned();
        Ok(tiles
            .as_array()
            .into_iter()
            .flatten()
            .map(|tile| Tile {
                name: text(tile, "name"),
                state: text(tile, "state"),
                is_verified: tile["is_verified"] == true,
                has_preview: tile["has_preview"] == true,
                text: text(tile, "text"),
            })
            .collect())
    }

    /// Waits until there are `count` tiles and all of them are finished.
    pub async fn wait_finished(&self, count: usize) -> Result<Vec<Tile>> {
        let start = Instant::now();
        loop {
            let tiles = self.tiles().await?;
            if tiles.len() == count && tiles.iter().all(Tile::is_finished) {
                return Ok(tiles);
            }
            if start.elapsed() > PATIENCE {
                bail!("{} of {count} uploads, not all finished: {tiles:#?}", tiles.len());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The keys of the images in the gallery, in the order shown. Only what is near the screen is in the page, so
    /// this scrolls through all of it.
    pub async fn gallery(&self) -> Result<Vec<String>> {
        let script = "
            const done = arguments[0];
            const frame = () => new Promise(requestAnimationFrame);
            const grid = document.querySelector('[data-testid=grid]');
            const keys = new Set();
            (async () => {
                for (let at = 0; at <= grid.offsetHeight; at += 300) {
                    scrollTo(0, grid.getBoundingClientRect().top + scrollY + at);
                    await frame(); await frame(); await frame();
                    grid.querySelectorAll('[data-testid=gallery-item]').forEach(item => keys.add(item.dataset.key));
                }
                scrollTo(0, 0);
                done([...keys]);
            })();";
        let keys = self.script_async(script).await?;
        Ok(keys.as_array().into_iter().flatten().filter_map(|key| Some(key.as_str()?.to_owned())).collect())
    }

    /// Waits until the gallery shows `count` images.
    pub async fn wait_gallery(&self, count: usize) -> Result<Vec<String>> {
        let start = Instant::now();
        loop {
            let keys = self.gallery().await?;
            if keys.len() == count {
                return Ok(keys);
            }
            if start.elapsed() > PATIENCE {
                bail!("the gallery shows {} images instead of {count}", keys.len());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a script in the page returns true.
    pub async fn wait_for(&self, what: &str, script: &str) -> Result<()> {
        let start = Instant::now();
        while self.script(script).await? != Value::Bool(true) {
            if start.elapsed() > PATIENCE {
                bail!("waited in vain until {what}; the tiles: {:#?}", self.tiles().await?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Clicks the first element with this test id, as a person does.
    pub async fn click(&self, test_id: &str) -> Result<()> {
        let css = format!("[data-testid={test_id}]:not([hidden])");
        let found = self.driver.query(By::Css(css)).wait(PATIENCE, Duration::from_millis(50)).first().await?;
        Ok(found.click().await?)
    }

    /// Presses a key, wherever the focus is.
    pub async fn press(&self, key: Key) -> Result<()> {
        Ok(self.driver.action_chain().send_keys(key).perform().await?)
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute(script, Vec::new()).await?.json().clone())
    }

    /// Runs a script that calls its first argument with what it returns.
    pub async fn script_async(&self, script: &str) -> Result<Value> {
        Ok(self.driver.execute_async(script, Vec::new()).await?.json().clone())
    }
}
