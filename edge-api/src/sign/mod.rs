//! Leave to send one file, and only that one, straight to S3: POST policies with AWS Signature Version 4.
//!
//! Source: Amazon S3 API reference, "Authenticating Requests: Browser-Based Uploads Using POST (AWS Signature
//! Version 4)".

mod policy;

/// How many files a request has had signed: an extension of the answer, for who counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedFiles(pub usize);

pub use policy::{SignedForm, Upload, sign};
