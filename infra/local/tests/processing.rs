//! What is known of a photo beside its thumbnail, through the API.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use api_support::{Running, photo};
use processor::LargerSize;
use serde_json::{Value, json};

/// A picture of 64×48 pixels on its side, with all that a camera says and where it was taken.
const CAMERA: &[u8] = include_bytes!("pictures/camera.jpg");

async fn metadata(system: &Running) -> Value {
    let key = system.upload("camera.jpg", CAMERA).await;
    assert_eq!(system.finished(&key).await["status"], "ready");
    let details = system.get_json(&format!("/api/image/{key}")).await;
    assert_eq!((&details["width"], &details["height"]), (&json!(48), &json!(64)));
    details["metadata"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_camera_told_is_told_but_not_the_place() {
    let system = Running::start().await;
    let expected = json!({
        "orientation": 6,
        "sha256": api_support::sha256_hex(CAMERA),
        "camera": "Canon EOS R6",
        "lens": "RF50mm F1.8 STM",
        "exposure": {
            "time_s": "1/250", "f_number": 2.8, "iso": 400, "focal_length_mm": 50.0, "focal_length_35_mm": 50,
            "bias_ev": -1.0 / 3.0,
        },
        "taken_at": "2026-06-21T12:34:56+02:00",
        "colour_profile": "sRGB built-in",
    });
    assert_eq!(metadata(&system).await, expected);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn larger_pictures_are_made_where_the_operator_says_so() {
    let system = Running::start_with(|settings| settings.larger = LargerSize::USUAL.to_vec()).await;
    let key = system.upload("a.jpg", &photo(2000, 1000)).await;
    assert_eq!(system.finished(&key).await["status"], "ready");
    system.wait_until_idle().await;
    let image = system.get_json("/api/images").await["images"][0].clone();
    let placeholder = image["placeholder"].as_str().unwrap();
    assert!((10..=60).contains(&placeholder.len()), "{placeholder}");
    let larger = image["larger"].as_array().unwrap();
    let size = |larger: &Value| (larger["width"].as_u64().unwrap(), larger["height"].as_u64().unwrap());
    assert_eq!(larger.iter().map(size).collect::<Vec<_>>(), [(200, 200), (400, 200), (1600, 800)]);
    for larger in larger {
        let answer = system.get(larger["url"].as_str().unwrap()).await;
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(larger["bytes"], bytes.len());
        let inspected = wasm_thumb::inspect(&bytes, &wasm_thumb::Limits::default()).unwrap();
        assert_eq!((inspected.width.into(), inspected.height.into()), size(larger));
    }
    let one = system.get_json(&format!("/api/image/{key}")).await;
    assert_eq!(one["larger"], image["larger"]);
    assert_eq!(one["metadata"]["orientation"], 1);
    assert_eq!(system.delete(&format!("/api/image/{key}")).await, 204);
    assert_eq!(system.get(larger[2]["url"].as_str().unwrap()).await.status(), 404);
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_is_told_where_the_operator_says_so() {
    let system = Running::start_with(|settings| settings.with_position = true).await;
    let position = &metadata(&system).await["position"];
    let near = |name: &str, degrees: f64| (position[name].as_f64().unwrap() - degrees).abs() < 1e-9;
    assert!(near("latitude_deg", 52.52) && near("longitude_deg", 13.405), "{position}");
    assert_eq!(position["altitude_m"], 34.0);
    system.stop().await;
}
