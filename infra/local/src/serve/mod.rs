//! `imagasaur serve`: the whole system in one process.

mod args;
mod credentials;
mod credentials_print;
mod data;
mod origin;
mod process;
mod settings;
mod system;
mod work;

use std::io::Write as _;

use anyhow::Result;

pub use self::args::Args;
pub use self::credentials::{Credentials, CredentialsError};
pub use self::credentials_print::{CredentialsArgs, print as print_credentials};
pub use self::origin::{Origin, ParseOriginError};
pub use self::settings::{PROCESSED, Settings, SiteSource, UPLOADS};
pub use self::system::{INNER_ENDPOINT_FILE, System, s3_client};
pub use self::work::work_off;
use crate::log;

/// Where pictures are kept unless something else is said.
const DATA: &str = ".imagasaur";

/// How many files an address may have signed in a minute: more than a person's connection carries.
pub const SIGN_RATE: u32 = 1200;

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub fn run(args: Args) -> Result<()> {
    log::start(args.log);
    process::raise_file_limit();
    let settings = args.settings()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let hang_up = process::hang_up()?;
        let system = System::start(settings).await?;
        // The one line that is not a log: what a person, or a script, is waiting for.
        writeln!(std::io::stdout(), "Imagasaur is ready at {}", system.url())?;
        let metrics = system.metrics().map(|address| address.to_string());
        tracing::info!(front = %system.front(), s3 = %system.s3(), metrics, "listening");
        let reload = process::each(hang_up, || system.reload_certificate());
        tokio::select! {
            stopped = process::terminated() => stopped?,
            () = reload => {}
        }
        tracing::info!("stopping: finishing what is under way");
        system.stop().await;
        Ok(())
    })
}
