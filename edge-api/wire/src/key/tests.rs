use super::*;
use crate::failure::FailureCode;
use crate::media::MediaType;

fn ready() -> EntryKey {
    EntryKey {
        id: ImageId::new(1_795_000_000_000, [9; 10]),
        name: SafeName::new("a,b été.jpg"),
        media_type: Some(MediaType::Jpeg),
        bytes: 2_190_194,
        outcome: Outcome::Ready {
            width: 4000,
            height: 3000,
            thumbnail: Rendition { width: 100, height: 100, bytes: 4630, sha256: Sha256([0xab; 32]) },
            placeholder: Placeholder::new(vec![7; 30]),
            larger: (1..=3)
                .map(|n| Larger { width: 400 * n, height: 300 * n, bytes: 40_000, hash: [0xcd; 8] })
                .collect(),
        },
    }
}

#[test]
fn entries_read_back_what_they_write() {
    let failed = EntryKey { media_type: None, outcome: Outcome::Failed(FailureCode::Corrupt), ..ready() };
    let mut without = ready();
    if let Outcome::Ready { placeholder, larger, .. } = &mut without.outcome {
        (*placeholder, *larger) = (None, Vec::new());
    }
    assert!(without.to_string() < ready().to_string(), "the entry with more counts");
    for entry in [ready(), failed, without.clone()] {
        assert_eq!(entry.to_string().parse(), Ok(entry));
    }
    assert_eq!(without.to_string().replace(",-,-/", "/").parse(), Ok(without), "that of an older version");
}

#[test]
fn the_longest_name_fits_in_a_key() {
    let entry = EntryKey { name: SafeName::new(&"é".repeat(400)), bytes: u64::MAX, ..ready() };
    assert!(entry.to_string().len() <= 1024);
}

#[test]
fn an_entry_names_its_thumbnail() {
    let entry = ready();
    let key = entry.thumbnail().unwrap().to_string();
    assert_eq!(key, format!("thumbs/{}/100x100-abababababababab.jpg", entry.id));
}

#[test]
fn pages_continue_after_all_entries_of_an_image() {
    let entry = ready();
    let older = EntryKey { id: ImageId::new(1_794_999_999_999, [0; 10]), ..ready() };
    assert!(EntryKey::after(entry.id) > entry.to_string());
    assert!(EntryKey::after(entry.id) < older.to_string());
}

#[test]
fn originals_read_back_what_they_write_and_nothing_else() {
    let key = OriginalKey { id: ready().id, name: SafeName::new("x.jpg") };
    assert_eq!(key.to_string().parse(), Ok(key.clone()));
    let id = key.id;
    for bad in [
        format!("uploads/{id}/"),
        format!("uploads/{id}"),
        format!("uploads/{id}/../x.jpg"),
        format!("images/{id}/x.jpg"),
        "uploads/abc/x.jpg".to_owned(),
        String::new(),
    ] {
        assert_eq!(bad.parse::<OriginalKey>(), Err(ParseKeyError), "{bad}");
    }
}

#[test]
fn entries_refuse_other_forms() {
    let good = ready().to_string();
    for bad in [
        good.replace("ready", "done"),
        good.replace("4000x3000", "4000"),
        good.replace(",4630", ""),
        good.replace("abab", "ABAB"),
        good.replace("image/jpeg", "image/heic"),
        good.replace("0707,400", "0707,070,400"),
        good.replace(",070707", ",07070"),
        good.replace(",070707", &format!(",{}", "07".repeat(4))),
        good.replace("-cdcd", "-CDcd"),
        good.replace("+800", "+"),
    ] {
        assert_eq!(bad.parse::<EntryKey>(), Err(ParseKeyError), "{bad}");
    }
}
