//! The gallery: many images, one image, deleting, links, keys.

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System};
use thirtyfour::Key;

async fn with_photos(count: u32) -> Result<(System, Browser, Page)> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let mut pictures = Pictures::write()?;
    pictures.good.clear();
    pictures.add_photos(count, 400, 300)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    page.choose(&pictures.good).await?;
    page.wait_finished(pictures.good.len()).await?;
    page.reload().await?;
    page.wait_gallery(pictures.good.len()).await?;
    Ok((system, browser, page))
}

const IS_OPEN: &str = "return document.querySelector('dialog').open";
const SHOWS_ORIGINAL: &str = "
    const photo = document.querySelector('[data-testid=photo][data-original=true]');
    return photo !== null && photo.complete && photo.naturalWidth === 400";

#[tokio::test]
async fn a_photo_opens_by_link_and_closes_by_the_back_button() -> Result<()> {
    let (system, browser, page) = with_photos(3).await?;
    let keys = page.gallery().await?;
    page.script("document.querySelector('[data-testid=gallery-item] .open').click()").await?;
    page.wait_for("the original is shown", SHOWS_ORIGINAL).await?;
    assert!(browser.driver.current_url().await?.as_str().ends_with(&format!("#photo={}", keys[0])));
    page.press(Key::Right).await?;
    page.wait_for("the next is open", &format!("return location.hash === '#photo={}'", keys[1])).await?;
    browser.driver.back().await?;
    page.wait_for("it is closed", "return !document.querySelector('dialog').open").await?;
    assert_eq!(browser.driver.current_url().await?.path(), "/");
    browser.driver.forward().await?;
    page.wait_for("it is open again", IS_OPEN).await?;
    page.press(Key::Escape).await?;
    page.wait_for("it is closed by a key", "return !document.querySelector('dialog').open").await?;
    // A link from elsewhere.
    browser.driver.goto("about:blank").await?;
    browser.driver.goto(format!("{}/#photo={}", system.url(), keys[2])).await?;
    page.wait_for("the link opens the photo", SHOWS_ORIGINAL).await?;
    page.click("facts").await?;
    page.wait_for(
        "details are there",
        "return document.querySelector('[data-testid=facts-list]').innerText.includes('400 × 300 px')",
    )
    .await?;
    page.click("close").await?;
    page.wait_for("it is closed by its button", "return !document.querySelector('dialog').open").await?;
    browser.quit().await
}

#[tokio::test]
async fn deleting_can_be_taken_back_for_some_seconds() -> Result<()> {
    let (system, browser, page) = with_photos(4).await?;
    let keys = page.gallery().await?;
    page.click("choose").await?;
    for index in [0, 2] {
        let script =
            format!("document.querySelectorAll('[data-testid=gallery-item] .open')[{index}].click()");
        page.script(&script).await?;
    }
    page.click("delete-chosen").await?;
    assert_eq!(page.wait_gallery(2).await?, [keys[1].clone(), keys[3].clone()]);
    page.click("undo").await?;
    assert_eq!(page.wait_gallery(4).await?, keys);
    // This time for good: leaving the page does not take it back.
    page.script("document.querySelector('[data-testid=gallery-item] .open').click()").await?;
    page.wait_for("it is open", IS_OPEN).await?;
    page.click("delete").await?;
    page.wait_for("the next is shown", &format!("return location.hash === '#photo={}'", keys[1])).await?;
    browser.driver.goto("about:blank").await?;
    for _ in 0..600 {
        let url = format!("{}/api/images", system.url());
        let answer: serde_json::Value = reqwest::get(url).await?.json().await?;
        if answer["images"].as_array().unwrap().len() == 3 {
            return browser.quit().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it was not deleted");
}

#[tokio::test]
async fn the_whole_way_goes_by_keys() -> Result<()> {
    let (_system, browser, page) = with_photos(2).await?;
    let focus = "const a = document.activeElement; return a.dataset.testid ?? a.className ?? a.tagName";
    page.script("document.body.focus()").await?;
    let mut seen = Vec::new();
    for _ in 0..12 {
        page.press(Key::Tab).await?;
        seen.push(page.script(focus).await?.as_str().unwrap_or_default().to_owned());
        if seen.last().unwrap() == "open" {
            break;
        }
    }
    assert!(seen.contains(&"primary".to_owned()) && seen.contains(&"choose".to_owned()), "{seen:?}");
    assert_eq!(seen.last().unwrap(), "open", "{seen:?}");
    page.press(Key::Enter).await?;
    page.wait_for("it is open", IS_OPEN).await?;
    // There and back by the buttons, all of which are new ones each time.
    page.script("document.querySelector('[data-testid=next]').focus()").await?;
    page.press(Key::Enter).await?;
    page.wait_for(
        "the next photo is open and the button that turns back can be used",
        "
        return document.querySelector('[data-testid=previous]:not([hidden])') !== null
            && document.querySelector('[data-testid=next]').hidden",
    )
    .await?;
    page.script("document.querySelector('[data-testid=previous]').focus()").await?;
    page.press(Key::Enter).await?;
    page.wait_for("the first is open", "return document.querySelector('[data-testid=previous]').hidden")
        .await?;
    // The focus stays in the dialog, however far one goes.
    for _ in 0..15 {
        page.press(Key::Tab).await?;
        let is_inside = page
            .script("const a = document.activeElement; return a === document.body || a.closest('dialog') !== null")
            .await?;
        assert_eq!(is_inside, true);
    }
    page.press(Key::Escape).await?;
    page.wait_for("it is closed", "return !document.querySelector('dialog').open").await?;
    assert_eq!(page.script(focus).await?, "open", "the focus is where it was");
    browser.quit().await
}

/// What the API would say of 100,000 images, said in the page: it is the page that is looked at.
const MANY: &str = "
    const real = fetch, most = 100000;
    const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const image = i => ({
        key: i.toString(16).padStart(12, '0') + '0'.repeat(20), name: 'IMG_' + i + '.jpg', status: 'ready',
        created_at: '2026-01-01T00:00:00.000Z', type: 'image/jpeg', bytes: 1000000, width: 4000, height: 3000,
        thumbnail: { url: pixel, width: 100, height: 100, bytes: 35, sha256: '0'.repeat(64) }, error: null });
    globalThis.fetch = async (...call) => {
        const url = new URL(call[0].url ?? call[0], location);
        if (url.pathname !== '/api/images') return real(...call);
        const start = Number(url.searchParams.get('cursor') ?? 0);
        const end = Math.min(most, start + Number(url.searchParams.get('limit')));
        const images = Array.from({ length: end - start }, (_, i) => image(start + i));
        return new Response(JSON.stringify({ images, next_cursor: end < most ? String(end) : null }));
    };";

#[tokio::test]
async fn a_hundred_thousand_images_are_scrolled_with_as_few_elements_as_a_hundred() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let source = serde_json::json!({ "source": MANY });
    browser.driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", source).await?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    // To the end, and on whenever there is more of it.
    let scroll = "
        const done = arguments[0];
        const frame = () => new Promise(requestAnimationFrame);
        const items = () => document.querySelectorAll('[data-testid=gallery-item]');
        const size = () => Number(items()[0]?.getAttribute('aria-setsize') ?? 0);
        (async () => {
            while (size() < 100000) { scrollTo(0, document.body.scrollHeight); await frame(); }
            let most = 0;
            const frames = [];
            for (let at = 0, last = performance.now(); at < 600; at++) {
                scrollBy(0, at < 300 ? -400 : -3000);
                await frame();
                most = Math.max(most, items().length);
                frames.push(performance.now() - last);
                last = performance.now();
            }
            frames.sort((a, b) => a - b);
            done([most, frames[300], frames[570], document.querySelector('[data-testid=grid]').offsetHeight]);
        })();";
    let seen = page.script_async(scroll).await?;
    let [most, median_ms, slow_ms, height_px] = [0, 1, 2, 3].map(|at| seen[at].as_f64().unwrap());
    println!(
        "figure: 100,000 images: {most} elements at most, a frame {median_ms:.1} ms in the middle, {slow_ms:.1} ms at 95 %"
    );
    assert!(most > 50.0 && most < 250.0, "{seen}");
    assert!(height_px > 1_000_000.0, "{seen}");
    assert!(median_ms < 100.0, "{seen}");
    browser.quit().await
}
