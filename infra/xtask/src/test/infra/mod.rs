//! What goes to AWS, as far as it can be tried without an account. `infra/README.md` says what each check catches.

mod emulator;
mod rendering;
mod together;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::together::{Job, together};
use super::Skipped;
use crate::shell::Run;
use crate::terraform::{Provider, Terraform};
use crate::{packages, place, tools};

/// Folders and programs that the checks share.
#[derive(Clone, Debug)]
struct Place {
    /// The Terraform root in the repository.
    source: PathBuf,
    /// A copy of it that may be written to.
    copy: PathBuf,
    /// Where results go.
    work: PathBuf,
    /// A Python with the checkers.
    python: PathBuf,
}

impl Place {
    fn prepare() -> Result<Self> {
        let work = place::target().join("infra");
        let source = place::root().join("infra/terraform");
        let copy = work.join("terraform");
        fs::create_dir_all(&work)?;
        if copy.exists() {
            fs::remove_dir_all(&copy)?;
        }
        copy_sources(&source, &copy)?;
        let wanted = place::root().join("infra/xtask/python/checks.txt");
        let python = packages::python(&place::target().join("tools/infra-checks"), &wanted)?;
        Ok(Self { source, copy, work, python })
    }

    /// A program of the Python environment.
    fn tool(&self, name: &str) -> Run {
        Run::new(self.python.with_file_name(name))
    }

    /// One of our own scripts.
    fn script(&self, name: &str) -> Run {
        Run::new(&self.python).arg("-B").arg(self.source.join("checks").join(name))
    }
}

pub(super) fn run() -> Result<Skipped> {
    tools::ensure(&[tools::NODE])?;
    let place = Place::prepare()?;
    let terraform = Terraform::find()?;
    let mut skipped = Vec::new();
    eprintln!("  {}", terraform.version()?);

    terraform
        .call(&place.source, &["fmt", "-check", "-diff", "-recursive"])
        .output()
        .context("terraform fmt")?;
    eprintln!("  formatted");
    without_provider(&place)?;
    match terraform.with_provider(&[&place.copy, &place.copy.join("bootstrap")], &place.work) {
        Ok((terraform, provider)) => {
            match &provider {
                Provider::Registry => eprintln!("  the provider is the registry's"),
                Provider::Folder(folder) => {
                    eprintln!(
                        "  the provider is that in {}, which stands for the registry's",
                        folder.display()
                    );
                    skipped.push(format!(
                        "Terraform with the registry's provider: the one in {} stood for it",
                        folder.display()
                    ));
                }
            }
            let rendered = rendering::check(&place, &terraform)?;
            permissions(&place, &rendered)?;
            emulator::check(&place, &rendered)?;
        }
        Err(error) => skipped
            .push(format!("terraform validate and test, policies, least privilege, the emulator: {error:#}")),
    }
    Ok(skipped)
}

/// What reads the sources alone.
fn without_provider(place: &Place) -> Result<()> {
    let checkov = place
        .tool("checkov")
        .args(["--directory", ".", "--config-file", ".checkov.yaml"])
        // It reports what it cannot read itself, at length.
        .env("LOG_LEVEL", "CRITICAL")
        .within(&place.copy);
    let workflows = place::root().join(".github/workflows");
    let zizmor = place.tool("zizmor").args(["--offline", "--quiet"]).arg(&workflows);
    let actionlint = ["ci.yml", "deploy.yml"]
        .iter()
        .fold(place.tool("actionlint").arg("-no-color"), |run, name| run.arg(workflows.join(name)));
    let nodes = Run::new("node").arg("--test").args([
        "infra/terraform/checks/page.test.mjs",
        "infra/terraform/checks/agreement.test.mjs",
        "infra/cost/cost.test.mjs",
    ]);
    together(vec![
        Job::new("checkov", move || checkov.output()),
        Job::new("zizmor", move || zizmor.output()),
        Job::new("actionlint", move || actionlint.output()),
        Job::new("the CDN's function, agreement with the code, costs", move || nodes.output()),
    ])
}

/// Every policy by itself, and all of them together.
fn permissions(place: &Place, rendered: &rendering::Rendered) -> Result<()> {
    let accepted = place.source.join("checks/accepted.txt");
    let lint = place.script("lint.py").arg(accepted).args(&rendered.installations).arg(&rendered.bootstrap);
    let proof = place.script("permissions.py").arg(place::root()).args(&rendered.installations);
    let broken = place.script("mutations.py").arg(place::root()).args(rendered.installations.first());
    together(vec![
        Job::new("policies", move || lint.output()),
        Job::new("least privilege", move || proof.output()),
        Job::new("broken policies are noticed", move || broken.output()),
    ])
}

/// Copies what is source: neither states nor what `terraform init` made.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if name == ".terraform" || name.contains(".tfstate") || name == "__pycache__" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_sources(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
