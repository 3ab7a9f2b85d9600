//! The API as functions: one a call of the contract, each with its typed answer or an [`ApiError`].

mod read;
mod write;

use js_sys::JsString;
use messages::Json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, Request, RequestInit, Response};
use wire::{
    Code, Config, ImageDetails, ImageId, ImagePage, LiveMessage, Problem, UploadFile, UploadResponse,
};

use crate::browser;
use crate::words::t;

/// How many images the gallery asks for at first: more than a screen holds, and no more than is soon read.
const FIRST_PAGE: u16 = 60;
/// And then at a time.
const PAGE: u16 = 200;
/// An answer that takes longer is given up, ms.
const TIMEOUT_MS: u32 = 30_000;
/// How long to wait where a busy server does not say, seconds.
const DEFAULT_RETRY_AFTER_S: u32 = 5;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// The server was not reached, or did not answer in time.
    Network,
    /// Too much was asked for at once.
    Busy {
        /// When to ask again, seconds.
        retry_after_s: u32,
    },
    /// The server says what is wrong.
    Problem(Problem),
    /// Neither the answer that was asked for nor a problem.
    Unexpected {
        /// The HTTP status.
        status: u16,
    },
}

impl ApiError {
    /// For the person: what happened and what to do.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Network => t("network"),
            Self::Busy { .. } => t("busy"),
            Self::Problem(problem) => match problem.code {
                Code::Unavailable => t("unavailable"),
                Code::UnsupportedType => t("unsupported-type"),
                Code::TooLarge => t("store-too-large"),
                Code::Internal => t("failure-internal"),
                _ => problem.detail.clone(),
            },
            Self::Unexpected { .. } => t("unexpected"),
        }
    }

    /// The same call may work in a moment.
    pub(crate) fn is_passing(&self) -> bool {
        let status = match self {
            Self::Network | Self::Busy { .. } => return true,
            Self::Problem(problem) => problem.status,
            Self::Unexpected { status } => *status,
        };
        matches!(status, 408 | 425 | 429 | 500..)
    }

    /// There is no such image.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem(problem) if problem.status == 404)
    }
}

/// `GET /api/config`.
pub(crate) async fn config() -> Result<Config, ApiError> {
    get("/api/config", read::config).await
}

/// `POST /api/upload`: leave to send these files, one outcome each in the same order.
pub(crate) async fn sign(files: Vec<UploadFile>) -> Result<UploadResponse, ApiError> {
    let count = files.len();
    let body = write::upload_request(&files);
    let response: UploadResponse = answer(&call("POST", "/api/upload", Some(&body)).await?, read::uploads)?;
    if response.uploads.len() == count { Ok(response) } else { Err(ApiError::Unexpected { status: 200 }) }
}

/// `GET /api/images`: a page of the gallery.
pub(crate) async fn images(cursor: Option<&str>) -> Result<ImagePage, ApiError> {
    let path = match cursor {
        None => format!("/api/images?limit={FIRST_PAGE}"),
        Some(cursor) => format!("/api/images?limit={PAGE}&cursor={}", encode(cursor)),
    };
    get(&path, read::page).await
}

/// `GET /api/images?keys=`: how these images stand; unknown ones are left out.
pub(crate) async fn states(keys: &[ImageId]) -> Result<ImagePage, ApiError> {
    let keys: Vec<String> = keys.iter().map(ImageId::to_string).collect();
    get(&format!("/api/images?keys={}", keys.join(",")), read::page).await
}

/// `GET /api/image/{key}`.
pub(crate) async fn details(key: ImageId) -> Result<ImageDetails, ApiError> {
    get(&format!("/api/image/{key}"), read::details).await
}

/// `DELETE /api/image/{key}`. An image that is gone already counts as deleted.
pub(crate) async fn delete(key: ImageId) -> Result<(), ApiError> {
    match call("DELETE", &format!("/api/image/{key}"), None).await {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(()),
    }
}

async fn get<T>(path: &str, read: fn(&Json) -> Option<T>) -> Result<T, ApiError> {
    answer(&call("GET", path, None).await?, read)
}

fn answer<T>(body: &str, read: fn(&Json) -> Option<T>) -> Result<T, ApiError> {
    Json::parse(body).and_then(|json| read(&json)).ok_or(ApiError::Unexpected { status: 200 })
}

/// What is said on the live connection. None if it is nothing that is known.
pub(crate) fn live_message(json: &Json) -> Option<LiveMessage> {
    read::live_message(json)
}

/// Deletes although the page is being left: the browser ends the call after it.
pub(crate) fn delete_while_leaving(key: ImageId) {
    let init = RequestInit::new();
    init.set_method("DELETE");
    // `web-sys` does not know of it yet.
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    let _ = browser::window().fetch_with_str_and_init(&format!("/api/image/{key}"), &init);
}

fn encode(text: &str) -> JsString {
    js_sys::encode_uri_component(text)
}

/// Makes the call and reads the whole answer.
async fn call(method: &str, path: &str, body: Option<&str>) -> Result<String, ApiError> {
    let response: Response =
        JsFuture::from(browser::window().fetch_with_request(&request(method, path, body)?))
            .await
            .and_then(JsCast::dyn_into)
            .map_err(|_| ApiError::Network)?;
    let answer = JsFuture::from(response.text().map_err(|_| ApiError::Network)?)
        .await
        .map_err(|_| ApiError::Network)?
        .as_string()
        .unwrap_or_default();
    match response.status() {
        200..300 => Ok(answer),
        429 => {
            let after = response.headers().get("retry-after").ok().flatten();
            let retry_after_s = after.and_then(|after| after.parse().ok()).unwrap_or(DEFAULT_RETRY_AFTER_S);
            Err(ApiError::Busy { retry_after_s })
        }
        status => {
            let problem = Json::parse(&answer).and_then(|json| read::problem(&json));
            Err(problem.map_or(ApiError::Unexpected { status }, ApiError::Problem))
        }
    }
}

fn request(method: &str, path: &str, body: Option<&str>) -> Result<Request, ApiError> {
    let build = || -> Result<Request, JsValue> {
        let init = RequestInit::new();
        init.set_method(method);
        init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS)));
        if let Some(body) = body {
            let headers = Headers::new()?;
            headers.set("content-type", "application/json")?;
            init.set_headers(&headers);
            init.set_body(&JsValue::from_str(body));
        }
        Request::new_with_str_and_init(path, &init)
    };
    build().map_err(|_| ApiError::Network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert!(ApiError::Network.is_passing());
        assert!(ApiError::Problem(Problem::new(Code::Unavailable, "Later.")).is_passing());
        assert!(ApiError::Unexpected { status: 502 }.is_passing());
        assert!(!ApiError::Problem(Problem::new(Code::UnsupportedType, "No.")).is_passing());
        assert!(!ApiError::Unexpected { status: 200 }.is_passing());
    }

    #[test]
    fn a_problem_without_a_sentence_of_ours_speaks_for_itself() {
        let error = ApiError::Problem(Problem::new(Code::BadRequest, "The name is too long."));
        assert_eq!(error.sentence(), "The name is too long.");
    }
}
