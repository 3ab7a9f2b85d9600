//! What can be typed after `imagasaur serve`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use ipnet::IpNet;
use processor::LargerSize;

use super::origin::Origin;
use super::settings::{Settings, SiteSource};
use crate::limits::Limits;
use crate::log;
use crate::server::TlsFiles;

/// How to serve.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address to listen on; 0.0.0.0 to let other machines in
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// Where the page is served; S3 is served on the next port
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where pictures are kept
    #[arg(long, default_value = super::DATA)]
    data: PathBuf,
    /// The folder of the built page, if not the one that the program carries
    #[arg(long, required = cfg!(not(feature = "embed")))]
    site: Option<PathBuf>,
    /// Where browsers reach the page when it is behind a reverse proxy, such as <https://photos.example>
    #[arg(long, value_name = "URL")]
    public_url: Option<Origin>,
    /// Where browsers reach the S3 endpoint, if not at the next port of the host that they reach the page at
    #[arg(long, value_name = "URL")]
    s3_url: Option<Origin>,
    /// Networks of reverse proxies, whose X-Forwarded-For and X-Forwarded-Proto are believed
    #[arg(long, value_name = "CIDR", value_delimiter = ',', value_parser = network)]
    trust_proxy: Vec<IpNet>,
    /// Encrypts both ports with this certificate (PEM, with those that lead to a root); SIGHUP reads it again
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// How many uploads an address may have signed in a minute; 0 for any number
    #[arg(long, value_name = "FILES", default_value_t = super::SIGN_RATE)]
    sign_rate: u32,
    /// The most that is stored, bytes; beyond it uploads are refused. The disk is the limit otherwise
    #[arg(long, value_name = "BYTES")]
    max_storage: Option<u64>,
    /// Tells whoever sees a photo where it was taken, if the photo says so
    #[arg(long)]
    with_position: bool,
    /// Makes larger pictures beside thumbnails, such as 200x200,400,1600: the square middle, or all with that as its
    /// longest side, pixels
    #[arg(long, value_name = "SIZES", value_delimiter = ',')]
    larger: Vec<LargerSize>,
    /// How many connections each port has at once
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().connections)]
    max_connections: usize,
    /// Where metrics for Prometheus are served; nowhere if not given
    #[arg(long, value_name = "ADDRESS:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// How the log on standard error is written
    #[arg(long, default_value = "human")]
    pub(super) log: log::Format,
}

/// A network, or an address alone.
fn network(text: &str) -> Result<IpNet, String> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "not an address or a network such as 10.0.0.0/8".to_owned())
}

impl Args {
    pub(super) fn settings(self) -> Result<Settings> {
        // Port 0 stands for any that is free.
        let next = || self.port.checked_add(1).context("--port must be below 65535: S3 takes the next one");
        let s3_port = if self.port == 0 { 0 } else { next()? };
        let is_encrypted = self.public_url.as_ref().is_some_and(Origin::is_encrypted);
        if is_encrypted && self.s3_url.is_none() && self.tls_cert.is_none() {
            bail!(
                "a page from {} may post to https only: say with --s3-url where the S3 endpoint is reached",
                self.public_url.unwrap_or_default()
            );
        }
        let site = match self.site {
            Some(folder) => SiteSource::Folder(folder),
            None => SiteSource::Carried,
        };
        let files = self.tls_cert.zip(self.tls_key);
        Ok(Settings {
            front: SocketAddr::new(self.host, self.port),
            s3: SocketAddr::new(self.host, s3_port),
            metrics: self.metrics_listen,
            public_url: self.public_url,
            s3_url: self.s3_url,
            proxies: self.trust_proxy.into_iter().collect(),
            tls: files.map(|(certificates, key)| TlsFiles { certificates, key }),
            sign_rate: self.sign_rate,
            max_storage_bytes: self.max_storage,
            with_position: self.with_position,
            larger: self.larger,
            limits: Limits { connections: self.max_connections.max(1), ..Limits::default() },
            ..Settings::new(self.data, site)
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    fn settings(words: &[&str]) -> Result<Settings> {
        let words = ["serve", "--site", "site"].iter().chain(words);
        Command::try_parse_from(words)?.args.settings()
    }

    #[test]
    fn nothing_is_open_to_others_unless_asked() {
        let settings = settings(&[]).unwrap();
        assert!(settings.front.ip().is_loopback() && settings.s3.ip().is_loopback());
        assert_eq!((settings.metrics, settings.proxies.trust(IpAddr::from([127, 0, 0, 1]))), (None, false));
    }

    #[test]
    fn an_encrypted_page_needs_an_encrypted_endpoint() {
        let public = ["--public-url", "https://photos.example"];
        let error = settings(&public).unwrap_err();
        assert!(error.to_string().contains("--s3-url"), "{error}");
        let s3 = ["--s3-url", "https://s3.photos.example/"];
        let settings = settings(&[public, s3].concat()).unwrap();
        assert_eq!(settings.s3_url.unwrap().to_string(), "https://s3.photos.example");
    }

    #[test]
    fn addresses_that_cannot_work_are_refused() {
        for words in [
            &["--s3-url", "https://photos.example/s3"][..],
            &["--s3-url", "photos.example"],
            &["--public-url", "ftp://photos.example"],
            &["--trust-proxy", "proxy.example"],
            &["--tls-cert", "cert.pem"],
            &["--port", "65535"],
        ] {
            assert!(settings(words).is_err(), "{words:?}");
        }
    }
}
