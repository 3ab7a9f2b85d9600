//! What a person does with uploads, and what the network does to them.

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System};

const SLOW: u32 = 60_000;

/// `count` photos of some 100 KB.
fn photos(count: u32) -> Result<Pictures> {
    let mut pictures = Pictures::write()?;
    pictures.good.clear();
    pictures.add_photos(count, 1600, 1200)?;
    Ok(pictures)
}

fn has(state: &str) -> String {
    format!("return document.querySelector('[data-testid=tile][data-state={state}]') !== null")
}

#[tokio::test]
async fn a_reload_brings_the_queue_back() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let pictures = photos(6)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    browser.network(Some(SLOW)).await?;
    page.choose(&pictures.good).await?;
    page.wait_for("something is sent", &has("uploading")).await?;
    let kept = "
        const open = indexedDB.open('imagasaur');
        open.onsuccess = () => {
            const count = open.result.transaction('files').objectStore('files').count();
            count.onsuccess = () => { globalThis.kept = count.result; open.result.close(); };
        };
        return globalThis.kept >= 6;";
    page.wait_for("all are kept", kept).await?;
    page.reload().await?;
    browser.network(Some(10_000_000)).await?;
    page.wait_for("they are back", "return document.querySelectorAll('[data-testid=tile]').length === 6")
        .await?;
    let tiles = page.wait_finished(6).await?;
    assert!(tiles.iter().all(|tile| tile.state == "ready" && tile.is_verified), "{tiles:#?}");
    page.wait_for("nothing is kept any more", &kept.replace(">= 6", "=== 0")).await?;
    browser.quit().await
}

#[tokio::test]
async fn a_thousand_files_do_not_freeze_the_page() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    let script = "
        globalThis.longest = 0;
        let last = performance.now();
        const frame = () => {
            const now = performance.now();
            globalThis.longest = Math.max(globalThis.longest, now - last);
            last = now;
            requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
        const files = new DataTransfer();
        for (let i = 0; i < 1000; i++) files.items.add(new File(['no picture ' + i], 'IMG_' + i + '.jpg'));
        for (const junk of ['.DS_Store', 'Thumbs.db']) files.items.add(new File(['x'], junk));
        dispatchEvent(new ClipboardEvent('paste', { clipboardData: files }));
        return true;";
    page.script(script).await?;
    let done = "return document.querySelectorAll('[data-testid=tile][data-state=failed]').length === 1000";
    page.wait_for("a thousand are judged", done).await?;
    let longest_ms = page.script("return globalThis.longest").await?.as_f64().unwrap();
    println!("figure: longest frame while 1,000 files are added: {longest_ms:.0} ms");
    assert!(longest_ms < 3000.0, "{longest_ms} ms without a frame");
    let skipped = page.script("return document.querySelector('[data-testid=skipped]').textContent").await?;
    assert!(skipped.as_str().unwrap().contains(".DS_Store: a system file"), "{skipped}");
    browser.quit().await
}
