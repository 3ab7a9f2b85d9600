//! The running system against its own description, by schemathesis.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api_support;

use std::fs;

use api_support::{Running, photo};
use fixtures::truncated_jpeg;
use tokio::process::Command;

/// Not among them: `positive_data_acceptance`, since a cursor cannot be made up.
const EXCEPT: &str = "positive_data_acceptance";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis, which `cargo xtask test --only api` brings"]
async fn every_answer_is_as_the_description_says() {
    let program = std::env::var_os("SCHEMATHESIS").expect("SCHEMATHESIS names the program");
    let system = Running::start().await;
    let ready = system.upload("a.jpg", &photo(64, 64)).await;
    let failed = system.upload("b.jpg", &truncated_jpeg()).await;
    system.finished(&ready).await;
    system.finished(&failed).await;
    let dir = tempfile::tempdir().unwrap();
    let document = system.url("/api/openapi.json");
    let run = |folder: &str, config: String, args: &[&str]| {
        let folder = dir.path().join(folder);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("schemathesis.toml"), config).unwrap();
        let mut command = Command::new(&program);
        command.current_dir(folder).args(["run", &document, "--checks", "all", "--exclude-checks", EXCEPT]);
        command.args(["--seed", "1", "--no-color"]).args(args);
        command
    };
    // First the images that there are, then whatever can be thought of, which also deletes.
    for key in [&ready, &failed] {
        let config = format!(
            "[[operations]]\ninclude-path = \"/api/image/{{key}}\"\nparameters = {{ key = \"{key}\" }}\n"
        );
        let mut known =
            run(key, config, &["--include-method", "GET", "--mode", "positive", "--max-examples", "5"]);
        assert!(known.status().await.unwrap().success(), "answers for an image that there is");
    }
    let mut all = run("all", String::new(), &["--max-examples", "40"]);
    assert!(all.status().await.unwrap().success(), "answers for anything");
    system.stop().await;
}
