//! axe-core looks at the page in each state it can be in, in light and dark, from left to right and from right to left.

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System, from_xtask};
use thirtyfour::Key;

/// Fails with what axe-core finds.
async fn look(page: &Page, state: &str) -> Result<()> {
    let axe = std::fs::read_to_string(from_xtask("AXE_CORE"))?;
    page.script(&axe).await?;
    let script = "
        const done = arguments[0];
        axe.run().then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' '))));";
    let found = page.script_async(script).await?;
    assert_eq!(found, serde_json::json!([]), "in the state {state}");
    Ok(())
}

async fn look_at_all(language: &str, width: u32, scheme: &str) -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(width, 800).await?;
    browser.emulate(width, 800, scheme).await?;
    let mut pictures = Pictures::write()?;
    pictures.good.truncate(2);
    pictures.add_photos(4, 1600, 1200)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    page.script(&format!("localStorage.setItem('imagasaur.language', '{language}')")).await?;
    page.reload().await?;
    assert_eq!(page.script("return document.documentElement.lang").await?, language);
    page.wait_for(
        "the gallery is known to be empty",
        "return !document.querySelector('[data-testid=gallery-empty]').hidden",
    )
    .await?;
    look(&page, "empty").await?;
    browser.screenshot(&format!("empty-{width}-{scheme}-{language}")).await?;

    browser.network(Some(60_000)).await?;
    let mut files = pictures.good.clone();
    files.extend(pictures.bad.iter().take(2).cloned());
    files.push(pictures.good[0].clone());
    page.choose(&files).await?;
    page.wait_for("something is sent", "return document.querySelector('[data-state=uploading]') !== null")
        .await?;
    look(&page, "uploading").await?;
    browser.screenshot(&format!("uploading-{width}-{scheme}-{language}")).await?;
    page.click("pause-all").await?;
    page.wait_for("all wait", "return document.querySelector('[data-state=uploading]') === null").await?;
    look(&page, "paused").await?;
    browser.network(Some(10_000_000)).await?;
    page.click("resume-all").await?;
    page.wait_finished(files.len()).await?;
    look(&page, "finished").await?;
    browser.screenshot(&format!("page-{width}-{scheme}-{language}")).await?;

    page.click("choose").await?;
    page.script("document.querySelector('[data-testid=gallery-item] .open').click()").await?;
    look(&page, "choosing").await?;
    browser.screenshot(&format!("choosing-{width}-{scheme}-{language}")).await?;
    page.click("choose").await?;
    page.script("document.querySelector('[data-testid=gallery-item] .open').click()").await?;
    let shows = "const p = document.querySelector('[data-testid=photo][data-original=true]'); return p !== null && p.complete";
    page.wait_for("the photo is shown", shows).await?;
    look(&page, "photo").await?;
    page.script("document.querySelector('[data-testid=zoom-in]').click()").await?;
    page.click("facts").await?;
    look(&page, "details and zoom").await?;
    browser.screenshot(&format!("photo-{width}-{scheme}-{language}")).await?;
    page.press(Key::Delete).await?;
    page.wait_for(
        "it can be taken back",
        "return document.querySelector('dialog [data-testid=undo]:not([hidden])') !== null",
    )
    .await?;
    look(&page, "deleted").await?;
    page.press(Key::Escape).await?;
    look(&page, "notice").await?;
    let overflow = page.script("return document.documentElement.scrollWidth - window.innerWidth").await?;
    assert!(overflow.as_f64().is_some_and(|px| px <= 0.0), "wider than the window by {overflow} px");
    browser.quit().await
}

#[tokio::test]
async fn nothing_is_found_on_a_desk() -> Result<()> {
    look_at_all("en", 1440, "light").await
}

#[tokio::test]
async fn nothing_is_found_on_a_phone_from_right_to_left() -> Result<()> {
    look_at_all("ar", 360, "dark").await
}

#[tokio::test]
async fn nothing_is_found_on_a_tablet() -> Result<()> {
    look_at_all("de", 768, "dark").await
}

/// 1280 pixels at 200 % zoom are 640 CSS pixels.
#[tokio::test]
async fn nothing_is_found_at_twice_the_size() -> Result<()> {
    look_at_all("es", 640, "light").await
}
