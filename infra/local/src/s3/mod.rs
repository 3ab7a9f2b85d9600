//! The S3 protocol over the [`Store`]: what a client of AWS can say, and AWS's answers.
//!
//! `s3s` parses requests and verifies signatures and presigned URLs. In reading order: `endpoint` stands around it,
//! `body`, `chunked` and `verified` read requests, [`cors`] lets pages of other origins in, `form` takes the forms of browsers,
//! `operations` is the list of what is implemented, `receive`, `put`, `multipart`, `copy`, `get`, `attributes`, `list`,
//! `delete` and `buckets` are the operations, `unsupported` refuses what there is not, `meta` and `error` translate,
//! `server` accepts connections.

mod attributes;
mod body;
mod buckets;
mod chunked;
mod copy;
pub mod cors;
mod delete;
mod endpoint;
mod error;
mod form;
mod get;
mod list;
mod meta;
mod multipart;
mod operations;
mod put;
mod receive;
mod server;
mod unsupported;
mod verified;

use std::fmt;

pub use self::cors::AllowedOrigins;
pub use self::endpoint::Endpoint;
pub use self::server::{give_up_old_uploads, serve, serve_with};

use crate::store::Store;

/// The region that the endpoint says it is in.
pub const REGION: &str = "us-east-1";

/// Who may use the endpoint.
#[derive(Clone)]
pub struct S3Settings {
    /// The access key id.
    pub access_key: String,
    /// The secret that signs.
    pub secret_key: String,
    /// Pages that may read answers.
    pub allowed_origins: AllowedOrigins,
}

impl fmt::Debug for S3Settings {
    /// Everything but the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("access_key", &self.access_key)
            .field("allowed_origins", &self.allowed_origins)
            .finish_non_exhaustive()
    }
}

/// The endpoint over a store, ready for [`serve`].
#[must_use]
pub fn service(store: &Store, settings: S3Settings) -> Endpoint {
    Endpoint::new(store, settings)
}
