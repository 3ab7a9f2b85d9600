//! What a deployment does besides Terraform: the page's files, the CDN's cache, the secret between CDN and API.

mod cloud;
pub(crate) mod secret;
mod site;

pub(crate) use cloud::Cloud;
pub(crate) use site::Site;
