//! The API as a Lambda function behind API Gateway.

use aws_config::BehaviorVersion;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use edge_api::lambda::Pages;
use edge_api::{Aws, Config};
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().with_target(false).without_time().init();
    let config = Config::from_env(|name| std::env::var(name).ok())?;
    let http =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let shared = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let missing = "AWS_REGION and credentials have to be set";
    let aws = Aws {
        s3: aws_sdk_s3::Client::new(&shared),
        credentials: SharedCredentialsProvider::new(shared.credentials_provider().ok_or(missing)?),
        region: shared.region().ok_or(missing)?.to_string(),
    };
    let http = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
    let pages = Pages::from_env(|name| std::env::var(name).ok(), &aws, http);
    edge_api::lambda::run(config, aws, pages).await
}
