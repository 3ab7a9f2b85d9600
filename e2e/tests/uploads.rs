//! What a person does with uploads, and what the network does to them.

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System};

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
    // What is sent stays under way, as on a bad line, until the page is loaded again.
    page.script("XMLHttpRequest.prototype.send = () => {}").await?;
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

#[tokio::test]
async fn the_same_file_is_offered_again_and_another_tab_sees_what_is_new_at_once() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let pictures = photos(1)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    let first = browser.driver.window().await?;
    // Of the second page nobody asks anything: it shows what it is told.
    let second = browser.driver.new_tab().await?;
    browser.driver.switch_to_window(second.clone()).await?;
    let other = Page::open(&browser.driver, &system.url()).await?;
    browser.driver.switch_to_window(first).await?;
    let twice = [pictures.good.clone(), pictures.good.clone()].concat();
    page.choose(&pictures.good).await?;
    page.wait_finished(1).await?;
    page.choose(&pictures.good).await?;
    let tiles = page.wait_finished(twice.len()).await?;
    assert_eq!(tiles[1].state, "duplicate", "{tiles:#?}");
    page.click("retry").await?;
    page.wait_for(
        "it is sent again",
        "return document.querySelectorAll('[data-state=ready][data-testid=tile]').length === 2",
    )
    .await?;
    browser.driver.switch_to_window(second).await?;
    assert_eq!(other.wait_gallery(2).await?.len(), 2);
    browser.quit().await
}

/// The first answer says that the server is busy, the second gives leave that S3 does not take any more.
#[tokio::test]
async fn leave_is_asked_for_again_when_the_server_was_busy_or_it_has_expired() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let pictures = photos(3)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    let script = "
        const real = fetch;
        globalThis.asked = [];
        globalThis.fetch = async (...call) => {
            if (!(call[0].url ?? call[0]).endsWith('/api/upload')) return real(...call);
            asked.push(performance.now());
            if (asked.length === 1) return new Response('', { status: 429, headers: { 'retry-after': '2' } });
            const answer = await real(...call);
            if (asked.length > 2) return answer;
            const body = await answer.json();
            for (const upload of body.uploads) {
                for (const name of Object.keys(upload.fields)) {
                    if (/signature/i.test(name)) upload.fields[name] = '0'.repeat(64);
                }
            }
            return new Response(JSON.stringify(body));
        };";
    page.script(script).await?;
    page.choose(&pictures.good).await?;
    let tiles = page.wait_finished(3).await?;
    assert!(tiles.iter().all(|tile| tile.state == "ready" && tile.is_verified), "{tiles:#?}");
    let asked = page.script("return asked").await?;
    let asked: Vec<f64> = asked.as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).collect();
    // For three files once: they are signed together, though files may be ready one after the other.
    assert!((3..=7).contains(&asked.len()), "{asked:?}");
    assert!(asked[1] - asked[0] >= 2000.0, "asked again too early: {asked:?}");
    browser.quit().await
}
