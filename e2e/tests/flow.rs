//! The whole flow, as a person goes through it: drop photos, see them, find them again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use anyhow::Result;
use e2e::{Browser, Page, Pictures, System, corpus_photos};
use serde_json::Value;
use sha2::{Digest, Sha256};

async fn images(system: &System) -> Result<Vec<Value>> {
    let page: Value = reqwest::get(format!("{}/api/images?limit=200", system.url())).await?.json().await?;
    assert_eq!(page["next_cursor"], Value::Null, "more than one page: {page}");
    Ok(page["images"].as_array().unwrap().clone())
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[tokio::test]
async fn photos_travel_from_the_picker_to_the_gallery_and_bad_files_stop_on_the_page() -> Result<()> {
    let mut system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let mut pictures = Pictures::write()?;
    pictures.add_photos(4, 4032, 3024)?;
    let mut good = pictures.good.clone();
    good.extend(corpus_photos(10)?);
    let mut all = good.clone();
    // Bad ones among the good, not after them.
    for (index, bad) in pictures.bad.iter().enumerate() {
        all.insert(index * 2, bad.clone());
    }

    let page = Page::open(&browser.driver, &system.url()).await?;
    browser.screenshot("empty").await?;
    page.choose(&all).await?;
    let tiles = page.wait_finished(all.len()).await?;
    browser.screenshot("finished").await?;

    for path in &good {
        let tile = tiles.iter().find(|tile| tile.name == name_of(path)).unwrap();
        assert_eq!((tile.state.as_str(), tile.is_verified), ("ready", true), "{tile:?}");
        assert!(tile.has_preview, "{tile:?}");
    }
    for path in &pictures.bad {
        let tile = tiles.iter().find(|tile| tile.name == name_of(path)).unwrap();
        assert_eq!(tile.state, "failed", "{tile:?}");
        assert!(tile.text.contains(". "), "a sentence with what to do: {tile:?}");
    }

    // The store holds the good ones and nothing of the bad ones; the gallery shows them, newest first.
    let stored = images(&system).await?;
    let mut stored_names: Vec<_> =
        stored.iter().map(|image| image["name"].as_str().unwrap().to_owned()).collect();
    let mut good_names: Vec<_> = good.iter().map(|path| name_of(path)).collect();
    stored_names.sort();
    good_names.sort();
    assert_eq!(stored_names, good_names);
    let keys: Vec<_> = stored.iter().map(|image| image["key"].as_str().unwrap().to_owned()).collect();
    assert!(keys.is_sorted());
    assert_eq!(page.wait_gallery(keys.len()).await?, keys);

    // What is served is what was promised.
    for image in &stored {
        let thumbnail = &image["thumbnail"];
        let url = format!("{}{}", system.url(), thumbnail["url"].as_str().unwrap());
        let bytes = reqwest::get(url).await?.bytes().await?;
        assert_eq!(hex::encode(Sha256::digest(&bytes)), thumbnail["sha256"].as_str().unwrap(), "{image}");
    }

    // A reload and a restart keep everything.
    page.reload().await?;
    assert_eq!(page.wait_gallery(keys.len()).await?, keys);
    system.restart()?;
    page.reload().await?;
    assert_eq!(page.wait_gallery(keys.len()).await?, keys);
    browser.screenshot("after-restart").await?;
    browser.quit().await
}

#[tokio::test]
async fn each_upload_starts_after_its_preview_and_goes_straight_to_s3() -> Result<()> {
    let system = System::start()?;
    let browser = Browser::start(1280, 900).await?;
    let mut pictures = Pictures::write()?;
    pictures.good.clear();
    pictures.add_photos(6, 2000, 1500)?;
    let page = Page::open(&browser.driver, &system.url()).await?;
    page.choose(&pictures.good).await?;
    page.wait_finished(pictures.good.len()).await?;

    let script = "
        const of = kind => performance.getEntriesByType(kind);
        return {
            previews: of('mark').filter(m => m.name.startsWith('imagasaur:preview:')).map(m => m.startTime),
            posts: of('resource').filter(r => r.name.endsWith('/uploads')).map(r => r.startTime),
            canvases: document.querySelectorAll('canvas').length,
            workers: of('resource').filter(r => r.name.includes('/assets/worker-')).length,
        };";
    let seen = page.script(script).await?;
    let times = |what: &str| {
        let mut times: Vec<_> = seen[what].as_array().unwrap().iter().map(|t| t.as_f64().unwrap()).collect();
        times.sort_by(f64::total_cmp);
        times
    };
    let (previews, posts) = (times("previews"), times("posts"));
    assert_eq!((previews.len(), posts.len()), (6, 6), "{seen}");
    for (preview, post) in previews.iter().zip(&posts) {
        assert!(preview < post, "an upload started before its preview was there: {seen}");
    }
    assert_eq!(seen["canvases"], 0);
    browser.quit().await
}

#[tokio::test]
async fn the_page_fits_a_phone_in_light_and_dark() -> Result<()> {
    let system = System::start()?;
    for (width, height, scheme) in
        [(390, 844, "light"), (390, 844, "dark"), (1440, 900, "light"), (1440, 900, "dark")]
    {
        let browser = Browser::start(width, height).await?;
        browser.emulate(width, height, scheme).await?;
        let mut pictures = Pictures::write()?;
        pictures.good.truncate(2);
        pictures.add_photos(4, 1600, 1200)?;
        let page = Page::open(&browser.driver, &system.url()).await?;
        let mut files = pictures.good.clone();
        files.extend(pictures.bad.iter().take(1).cloned());
        page.choose(&files).await?;
        page.wait_finished(files.len()).await?;
        browser.screenshot(&format!("page-{width}-{scheme}")).await?;
        let overflow = page.script("return document.documentElement.scrollWidth - window.innerWidth").await?;
        assert!(overflow.as_f64().unwrap() <= 0.0, "wider than the window by {overflow} px at {width} px");
        browser.quit().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_upload_that_was_answered_survives_a_kill() -> Result<()> {
    let mut system = System::start()?;
    // Without a pool: a connection to the system that was killed must not be used again.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
    let mut keys = Vec::new();
    for seed in 0..5 {
        let photo = fixtures::photo_jpeg(3000, 2000, seed);
        let file = serde_json::json!({ "name": "photo.jpg", "type": "image/jpeg", "size": photo.len() });
        let request = serde_json::json!({ "files": [file] });
        let answer: Value =
            client.post(format!("{}/api/upload", system.url())).json(&request).send().await?.json().await?;
        let upload = &answer["uploads"][0];
        let mut form = reqwest::multipart::Form::new();
        for (name, value) in upload["fields"].as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().unwrap().to_owned());
        }
        form = form.part("file", reqwest::multipart::Part::bytes(photo));
        let posted = client.post(upload["url"].as_str().unwrap()).multipart(form).send().await?;
        assert!(posted.status().is_success(), "{}", posted.text().await?);
        keys.push(upload["key"].as_str().unwrap().to_owned());
        system.kill_and_restart()?;
    }
    let url = format!("{}/api/images?keys={}", system.url(), keys.join(","));
    for _ in 0..600 {
        let states: Value = client.get(&url).send().await?.json().await?;
        let images = states["images"].as_array().unwrap();
        assert_eq!(images.len(), keys.len(), "an answered upload is gone: {states}");
        if images.iter().all(|image| image["status"] == "ready") {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("not all became ready");
}
