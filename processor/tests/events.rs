//! What each kind of event asks for: a file in `events/` for each, as the services send them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use processor::event::parse;

const ID: &str = "fe5c1a2b3c4d00112233445566778899";
const NEXT: &str = "fe5c1a2b3c4e00112233445566778899";
const S3: &str = "0123456789ABCDEF";
const BRIDGE: &str = "N4N7GDK58NMKJ12R";

/// The file, and of each original that it names the key and the id of the request.
fn table() -> Vec<(&'static str, Vec<(String, &'static str)>)> {
    let a = || (format!("uploads/{ID}/a.jpg"), S3);
    vec![
        ("object_created_post", vec![(format!("uploads/{ID}/photo.jpg"), S3)]),
        ("form_encoded_key", vec![(format!("uploads/{ID}/a b+c é & 100%.jpg"), S3)]),
        (
            "several_records",
            vec![a(), (format!("uploads/{NEXT}/b.jpg"), S3), (format!("uploads/{ID}/c.jpg"), S3)],
        ),
        ("same_object_twice", vec![a(), a()]),
        ("newer_before_older", vec![a(), a()]),
        ("versioned_bucket", vec![a()]),
        ("object_removed", vec![]),
        ("our_own_output", vec![]),
        ("outside_uploads", vec![]),
        ("test_event", vec![]),
        ("event_bridge_created", vec![(format!("uploads/{ID}/a b+c é & 100%.jpg"), BRIDGE)]),
        ("event_bridge_deleted", vec![]),
        ("event_bridge_our_own_output", vec![]),
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/events")
}

#[test]
fn each_event_names_its_originals() {
    for (file, expected) in table() {
        let message = std::fs::read_to_string(folder().join(format!("{file}.json"))).unwrap();
        let created = parse(&message).unwrap();
        let found: Vec<_> = created
            .iter()
            .map(|created| (created.key.to_string(), created.request_id.as_deref().unwrap()))
            .collect();
        assert_eq!(found, expected, "{file}");
        assert!(created.iter().all(|created| created.bucket == "uploads"), "{file}");
    }
}

/// A batch is read by `lambda`, and `tests/function.rs` sends it.
#[test]
fn every_event_in_the_folder_is_tested() {
    let known: BTreeSet<_> = table().into_iter().map(|(file, _)| format!("{file}.json")).collect();
    let there = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let there: BTreeSet<_> = there.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(there.difference(&known).collect::<Vec<_>>(), ["sqs_batch.json"]);
}

#[test]
fn what_s3_does_not_send_is_refused() {
    for bad in ["", "{", "{}", "[]", r#"{"Records":1}"#, "null", "\"uploads\""] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}
