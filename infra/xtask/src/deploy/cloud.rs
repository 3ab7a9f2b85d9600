//! The command line of AWS, in an environment of ours.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell::Run;
use crate::{packages, place};

/// What a release changes under an address that stays the same.
const PAGES: [&str; 2] = ["/", "/index.html*"];

/// An account and a region.
#[derive(Debug)]
pub(crate) struct Cloud {
    python: PathBuf,
    region: String,
}

impl Cloud {
    pub(crate) fn connect(region: &str) -> Result<Self> {
        let wanted = place::root().join("infra/xtask/python/deploy.txt");
        let python = packages::python(&place::target().join("tools/aws"), &wanted)?;
        Ok(Self { python, region: region.to_owned() })
    }

    /// A Python to run our own scripts with.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    fn call(&self, args: &[&str]) -> Run {
        let aws = self.python.with_file_name("aws");
        Run::new(aws).args(["--region", &self.region, "--output", "text"]).args(args).env("AWS_PAGER", "")
    }

    /// The account that the credentials are for.
    pub(crate) fn account(&self) -> Result<String> {
        let said = self.call(&["sts", "get-caller-identity", "--query", "Account"]).output()?;
        Ok(said.trim().to_owned())
    }

    /// Writes one object.
    pub(crate) fn put(&self, bucket: &str, key: &str, file: &Path, headers: &[(&str, &str)]) -> Result<()> {
        let file = file.display().to_string();
        let target = format!("s3://{bucket}/{key}");
        let mut args = vec!["s3", "cp", "--only-show-errors", &file, &target];
        for (name, value) in headers {
            args.extend([*name, *value]);
        }
        self.call(&args).run()
    }

    /// Empties the CDN's cache of the page, and waits until it is done.
    pub(crate) fn invalidate(&self, distribution: &str) -> Result<()> {
        let mut args = vec!["cloudfront", "create-invalidation", "--distribution-id", distribution];
        args.extend(["--query", "Invalidation.Id", "--paths"]);
        args.extend(PAGES);
        let id = self.call(&args).output()?;
        let wait =
            ["cloudfront", "wait", "invalidation-completed", "--distribution-id", distribution, "--id"];
        self.call(&wait).arg(id.trim()).run()
    }
}
