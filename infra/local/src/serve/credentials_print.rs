//! `imagasaur credentials`: what an S3 client needs to reach the store.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::json;

use super::credentials::Credentials;
use super::origin::Origin;
use crate::s3::REGION;

/// Where `serve` writes down how the endpoint is reached.
const ENDPOINT_FILE: &str = "s3-endpoint";

/// What to print, and how.
#[derive(Debug, clap::Args)]
pub struct CredentialsArgs {
    /// Where pictures are kept
    #[arg(long, default_value = super::DATA)]
    data: PathBuf,
    /// In which form
    #[arg(long, default_value = "env")]
    format: Format,
    /// Where the S3 endpoint is reached, if not where it last said
    #[arg(long, value_name = "URL")]
    s3_url: Option<Origin>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Variables for a shell: eval "$(imagasaur credentials)"
    Env,
    /// One object
    Json,
    /// A profile for ~/.aws/config
    Aws,
}

/// Writes down how the endpoint is reached, for [`print`].
pub(super) fn note_endpoint(data: &Path, endpoint: &str) -> std::io::Result<()> {
    fs::write(data.join(ENDPOINT_FILE), endpoint)
}

/// Prints the credentials of a data directory.
pub fn print(args: &CredentialsArgs) -> Result<()> {
    let hint = || format!("{} has no credentials; `imagasaur serve` makes them", args.data.display());
    let credentials = Credentials::load(&args.data)?.with_context(hint)?;
    let endpoint = match &args.s3_url {
        Some(url) => url.to_string(),
        None => fs::read_to_string(args.data.join(ENDPOINT_FILE))
            .with_context(|| format!("{ENDPOINT_FILE}: say with --s3-url where the endpoint is reached"))?,
    };
    let text = args.format.write(&credentials, endpoint.trim());
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

impl Format {
    /// None of the values can have a character in it that a shell or a profile would misread.
    fn write(self, credentials: &Credentials, endpoint: &str) -> String {
        let Credentials { access_key_id: id, secret_access_key: secret } = credentials;
        match self {
            Self::Env => format!(
                "export AWS_ACCESS_KEY_ID={id}\nexport AWS_SECRET_ACCESS_KEY={secret}\n\
                 export AWS_DEFAULT_REGION={REGION}\nexport AWS_ENDPOINT_URL_S3={endpoint}"
            ),
            Self::Json => json!({
                "access_key_id": id, "secret_access_key": secret, "region": REGION, "endpoint": endpoint,
            })
            .to_string(),
            Self::Aws => format!(
                "[profile imagasaur]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\
                 region = {REGION}\nendpoint_url = {endpoint}\ns3 =\n    addressing_style = path"
            ),
        }
    }
}
