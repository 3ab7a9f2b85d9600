//! From the types of the contract to JSON. By hand, since a derived writer is most of what a page this small writes.

use messages::json::quote;
use wire::UploadFile;

/// The body of `POST /api/upload`.
pub(super) fn upload_request(files: &[UploadFile]) -> String {
    let mut body = String::from("{\"files\":[");
    for (index, file) in files.iter().enumerate() {
        body.push_str(if index == 0 { "{\"name\":" } else { ",{\"name\":" });
        quote(&file.name, &mut body);
        body.push_str(",\"type\":");
        quote(&file.media_type, &mut body);
        body.push_str(",\"size\":");
        body.push_str(&file.size.to_string());
        if let Some(sha256) = &file.sha256 {
            body.push_str(",\"sha256\":");
            quote(sha256, &mut body);
        }
        body.push('}');
    }
    body.push_str("]}");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_the_server_reads() {
        let file = |sha256: Option<&str>| UploadFile {
            name: "\"é\\\n\u{1}😀.jpg".into(),
            media_type: "image/jpeg".into(),
            size: u64::MAX,
            sha256: sha256.map(Into::into),
        };
        let files = vec![file(None), file(Some("a+/="))];
        let full = serde_json::to_value(wire::UploadRequest { files: files.clone() }).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&upload_request(&files)).unwrap(), full);
    }
}
