//! Where the browser that asks can reach S3.

use aws_sdk_s3::Client;
use http::HeaderMap;
use http::header::HOST;
use http::uri::Authority;
use wire::Code;

use crate::config::PublicEndpoint;
use crate::problem::ApiError;
use crate::state::Api;

impl Api {
    /// The base address of S3 for the client that sent `headers`; `None` stands for AWS itself.
    fn public_base(&self, headers: &HeaderMap) -> Result<Option<String>, ApiError> {
        match &self.config.public_endpoint {
            PublicEndpoint::Aws => Ok(None),
            PublicEndpoint::PathStyle(url) => Ok(Some(url.clone())),
            PublicEndpoint::SameHost { scheme, port } => {
                let authority = headers
                    .get(HOST)
                    .and_then(|host| host.to_str().ok())
                    .and_then(|host| host.parse::<Authority>().ok())
                    .ok_or_else(|| {
                        ApiError::new(Code::BadRequest, "The request has no usable Host header.")
                    })?;
                Ok(Some(format!("{scheme}://{}:{port}", authority.host())))
            }
        }
    }

    /// Where the client posts its files.
    pub(crate) fn post_url(&self, headers: &HeaderMap) -> Result<String, ApiError> {
        let bucket = &self.config.uploads_bucket;
        Ok(match self.public_base(headers)? {
            None => format!("https://{bucket}.s3.{}.amazonaws.com/", self.aws.region),
            Some(base) => format!("{base}/{bucket}"),
        })
    }

    /// An S3 client whose presigned URLs work for the client that sent `headers`: the host is signed with them.
    pub(crate) fn public_s3(&self, headers: &HeaderMap) -> Result<Client, ApiError> {
        Ok(match self.public_base(headers)? {
            None => self.aws.s3.clone(),
            Some(base) => Client::from_conf(self.aws.s3.config().to_builder().endpoint_url(base).build()),
        })
    }
}
