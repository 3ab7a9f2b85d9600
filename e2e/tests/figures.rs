//! Figures that the README states, measured in the browser. Bounds are wide: they catch a blunder, not a bad day of
//! the machine.

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System, corpus_photos};

/// How often the preview is timed.
const RUNS: usize = 9;

#[tokio::test]
async fn drop_to_preview_of_a_twelve_megapixel_photo() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let mut pictures = Pictures::write()?;
    pictures.good.clear();
    pictures.add_photos(1, 4032, 3024)?;
    let made = pictures.good.remove(0);
    let real = corpus_photos(usize::MAX)?.into_iter().find(|path| path.ends_with("nikon-d90.jpg"));
    let photo = real.unwrap_or(made);

    let page = Page::open(&browser.driver, &system.url()).await?;
    for run in 1..=RUNS {
        page.choose(std::slice::from_ref(&photo)).await?;
        page.wait_finished(run).await?;
    }
    let script = "
        const at = name => performance.getEntriesByName(name)[0].startTime;
        return [...document.querySelectorAll('[data-testid=tile]')]
            .map(tile => at('imagasaur:preview:' + tile.dataset.id) - at('imagasaur:added:' + tile.dataset.id));";
    let mut times: Vec<f64> =
        page.script(script).await?.as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
    let first = times[times.len() - 1].max(times[0]);
    times.sort_by(f64::total_cmp);
    let name = photo.file_name().unwrap().to_string_lossy();
    println!(
        "figure: drop to preview of {name}: median {:.0} ms, least {:.0} ms, first {first:.0} ms, of {RUNS} runs",
        times[RUNS / 2],
        times[0]
    );
    assert!(times[RUNS / 2] < 2_000.0, "{times:?}");
    browser.quit().await
}

#[tokio::test]
async fn what_the_browser_downloads() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    let mut pictures = Pictures::write()?;
    pictures.good.truncate(1);
    page.choose(&pictures.good).await?;
    page.wait_finished(1).await?;
    let script = "
        const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter(entry => !entry.name.includes('/api/') && !entry.name.includes('/thumbs/'));
        const sum = isFor => files.filter(entry => isFor(new URL(entry.name).pathname))
            .reduce((total, entry) => total + entry.encodedBodySize, 0);
        const isBeside = path => path.startsWith('/assets/worker') || /[.](ftl|svg)$/.test(path);
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return [sum(path => path === '/' || path.startsWith('/assets/') && !isBeside(path)), paint ? paint.startTime : 0];";
    let seen = page.script(script).await?;
    // What a worker loads is not among the page's resources: take it from the site's folder.
    let assets = e2e::from_xtask("IMAGASAUR_SITE").join("assets");
    let mut worker_bytes = 0;
    for entry in std::fs::read_dir(assets)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("worker") && name.strip_suffix(".br").is_some() {
            worker_bytes += entry.metadata()?.len();
        }
    }
    let page_bytes = seen[0].as_u64().unwrap();
    println!(
        "figure: downloaded for the page: {page_bytes} bytes (first contentful paint after {:.0} ms); then for the \
         first preview: {worker_bytes} bytes",
        seen[1].as_f64().unwrap()
    );
    assert!(page_bytes > 10_000, "the page's own files were not counted: {seen}");
    // HTML, style, scripts and the app's module; words and icon come beside them.
    assert!(page_bytes < 110_000, "{page_bytes} bytes");
    assert!(worker_bytes < 200_000, "{worker_bytes} bytes");
    browser.quit().await
}
