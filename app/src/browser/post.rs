//! Posts a form with a file, and tells how far it is. `XMLHttpRequest`, because `fetch` reports no progress.

use js_sys::Promise;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An HTTP answer.
    Status(u16, String),
    /// None: the connection broke off, the file could not be read, or the request was aborted.
    Nothing,
}

/// A request that is ready to be sent; a clone aborts the same request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Post(XmlHttpRequest);

impl Post {
    /// Opens the request. None if the address is not one.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let xhr = XmlHttpRequest::new().ok()?;
        xhr.open("POST", url).ok()?;
        Some(Self(xhr))
    }

    /// Stops the request, which then answers [`Answer::Nothing`].
    pub(crate) fn abort(&self) {
        let _ = self.0.abort();
    }

    /// Sends the fields in their order, the file last. `progress` hears how many bytes of the file have left.
    pub(crate) async fn send(
        self,
        fields: &[(String, String)],
        file: &File,
        progress: impl Fn(u64) + 'static,
    ) -> Answer {
        let Ok(form) = form(fields, file) else { return Answer::Nothing };
        let file_bytes = file.size();
        let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            progress(share(event.loaded(), event.total(), file_bytes));
        });
        if let Ok(upload) = self.0.upload() {
            upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        let end = Promise::new(&mut |resolve, _| self.0.set_onloadend(Some(&resolve)));
        if self.0.send_with_opt_form_data(Some(&form)).is_err() {
            return Answer::Nothing;
        }
        let _ = JsFuture::from(end).await;
        match self.0.status() {
            Ok(0) | Err(_) => Answer::Nothing,
            Ok(status) => Answer::Status(status, self.0.response_text().ok().flatten().unwrap_or_default()),
        }
    }
}

fn form(fields: &[(String, String)], file: &File) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    for (name, value) in fields {
        form.append_with_str(name, value)?;
    }
    form.append_with_blob("file", file)?;
    Ok(form)
}

/// The browser counts the whole form; people count the file.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
fn share(loaded: f64, total: f64, file_bytes: f64) -> u64 {
    if total > 0.0 { (loaded / total * file_bytes) as u64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_form_around_the_file_does_not_count() {
        assert_eq!(share(600.0, 1200.0, 1000.0), 500);
        assert_eq!(share(1200.0, 1200.0, 1000.0), 1000);
        assert_eq!(share(0.0, 0.0, 1000.0), 0);
    }
}
