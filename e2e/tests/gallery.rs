//! The gallery, however long it is.

use anyhow::Result;
use e2e::{Browser, Page, System};

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
