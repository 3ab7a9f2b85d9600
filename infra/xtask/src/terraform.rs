//! Terraform, and the provider that it takes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::Run;
use crate::{packages, place};

/// A folder with a program `terraform-provider-aws` that is to be used instead of the registry's.
const PROVIDER_VARIABLE: &str = "IMAGASAUR_TERRAFORM_PROVIDER";

/// Where such a folder is looked for when the registry cannot be reached.
const PROVIDER_BESIDE: &str = "../shared/terraform-check";

/// Terraform as it can be had here.
#[derive(Clone, Debug)]
pub(crate) struct Terraform {
    /// The program and what comes before its arguments.
    words: Vec<PathBuf>,
    settings: Vec<(&'static str, PathBuf)>,
}

/// Where the provider for AWS comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    /// The registry, by `terraform init`.
    Registry,
    /// A folder on this machine.
    Folder(PathBuf),
}

impl Terraform {
    /// That of this machine, or that of a Python package in a folder of ours.
    pub(crate) fn find() -> Result<Self> {
        let here = PathBuf::from("terraform");
        if Run::new(&here).arg("version").succeeds() {
            return Ok(Self { words: vec![here], settings: Vec::new() });
        }
        let scripts = place::root().join("infra/xtask/python");
        let venv = place::target().join("tools/terraform");
        let python = packages::python(&venv, &scripts.join("terraform.txt")).context(
            "Terraform is missing: install version 1.10 or newer from developer.hashicorp.com/terraform/install",
        )?;
        Ok(Self { words: vec![python, scripts.join("terraform.py")], settings: Vec::new() })
    }

    /// A call in a folder.
    pub(crate) fn call(&self, dir: &Path, args: &[&str]) -> Run {
        let mut run = Run::new(&self.words[0]).args(&self.words[1..]).args(args).within(dir);
        run = run.env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1").env("TF_INPUT", "0");
        self.settings.iter().fold(run, |run, (name, value)| run.env(name, value))
    }

    /// Which version it is.
    pub(crate) fn version(&self) -> Result<String> {
        let said = self.call(&place::root(), &["version"]).output()?;
        Ok(said.lines().next().unwrap_or_default().to_owned())
    }

    /// Gets the provider for the root in `dir` and for the others in `more`, without a backend: from the folder
    /// that the environment names, else from the registry, else from the folder beside the repository.
    pub(crate) fn with_provider(self, roots: &[&Path], work: &Path) -> Result<(Self, Provider)> {
        if let Some(folder) = std::env::var_os(PROVIDER_VARIABLE) {
            return self.overridden(Path::new(&folder), work);
        }
        let plugins = work.join("plugins");
        fs::create_dir_all(&plugins)?;
        let mut cached = self.clone();
        cached.settings.push(("TF_PLUGIN_CACHE_DIR", plugins));
        let init = |root: &&Path| cached.call(root, &["init", "-backend=false", "-no-color"]).output();
        match roots.iter().try_for_each(|root| init(root).map(drop)) {
            Ok(()) => Ok((cached, Provider::Registry)),
            Err(error) => {
                let beside = place::root().join(PROVIDER_BESIDE);
                if beside.join("terraform-provider-aws").exists() {
                    return self.overridden(&beside, work);
                }
                bail!(
                    "no provider for AWS: the registry cannot be reached, and {PROVIDER_VARIABLE} names no folder \
                     with a terraform-provider-aws\n{error:#}"
                )
            }
        }
    }

    fn overridden(mut self, folder: &Path, work: &Path) -> Result<(Self, Provider)> {
        let folder =
            folder.canonicalize().with_context(|| format!("{PROVIDER_VARIABLE}={}", folder.display()))?;
        // A stand-in may have to be set up once.
        if folder.join("check").exists() {
            Run::new(folder.join("check")).arg("--setup").output()?;
        }
        let settings = work.join("terraform.rc");
        fs::write(
            &settings,
            format!(
                "provider_installation {{\n  dev_overrides {{\n    \"hashicorp/aws\" = {:?}\n  }}\n}}\n",
                folder.display().to_string()
            ),
        )?;
        self.settings.push(("TF_CLI_CONFIG_FILE", settings));
        Ok((self, Provider::Folder(folder)))
    }

    /// The same with one more variable in the environment.
    pub(crate) fn and(mut self, name: &'static str, value: PathBuf) -> Self {
        self.settings.push((name, value));
        self
    }
}
