//! `cargo xtask deploy`: an installation on AWS, brought up or up to date.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::deploy::{Cloud, Site, secret};
use crate::shell::Run;
use crate::terraform::Terraform;
use crate::{commands, place};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Name of the installation, part of the names of all that it is made of
    #[arg(long)]
    env: String,
    /// Files with values for the variables of infra/terraform, besides environments/NAME.tfvars there
    #[arg(long)]
    vars: Vec<PathBuf>,
    /// Where it is
    #[arg(long, env = "AWS_REGION", default_value = "eu-central-1")]
    region: String,
    /// Bucket of the state; by default the one that infra/terraform/bootstrap makes in this account
    #[arg(long, env = "STATE_BUCKET")]
    state_bucket: Option<String>,
    /// Shows what would change, and changes nothing
    #[arg(long)]
    plan: bool,
    /// Takes dist/ as it is
    #[arg(long)]
    skip_dist: bool,
    /// Gives CloudFront and API a new secret; the one before is taken until the next deployment
    #[arg(long)]
    rotate_origin_secret: bool,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let dist = place::root().join("dist");
    if !args.skip_dist {
        commands::dist::run(&commands::dist::Args::default())?;
    }
    let cloud = Cloud::connect(&args.region)?;
    let terraform = Terraform::find()?;
    let root = place::root().join("infra/terraform");

    let bucket = match &args.state_bucket {
        Some(bucket) => bucket.clone(),
        None => format!("imagasaur-{}-terraform-state", cloud.account()?),
    };
    let backend = [
        format!("-backend-config=bucket={bucket}"),
        format!("-backend-config=key={}.tfstate", args.env),
        format!("-backend-config=region={}", args.region),
    ];
    let mut init = vec!["init", "-reconfigure"];
    init.extend(backend.iter().map(String::as_str));
    terraform.call(&root, &init).run()?;

    let kept = terraform.call(&root, &["output", "-raw", "origin_secret"]).output().ok();
    let secrets = secret::choose(kept, args.rotate_origin_secret)?;
    let plan_file = place::target().join("infra").join(format!("{}.plan", args.env));
    std::fs::create_dir_all(place::target().join("infra"))?;
    let out = format!("-out={}", plan_file.display());
    let mut plan = vec!["plan".to_owned(), out];
    if args.plan {
        // Whoever may only look cannot take the lock either.
        plan.push("-lock=false".to_owned());
    }
    let own = root.join("environments").join(format!("{}.tfvars", args.env));
    for file in own.exists().then_some(&own).into_iter().chain(&args.vars) {
        let file = file.canonicalize().with_context(|| file.display().to_string())?;
        plan.push(format!("-var-file={}", file.display()));
    }
    plan.push(format!("-var=environment={}", args.env));
    plan.push(format!("-var=region={}", args.region));
    let words: Vec<&str> = plan.iter().map(String::as_str).collect();
    secrets.hand_to(terraform.call(&root, &words)).run()?;
    if args.plan {
        return Ok(());
    }
    let plan_file = plan_file.display().to_string();
    terraform.call(&root, &["apply", &plan_file]).run()?;

    let output = |name: &str| -> Result<String> {
        Ok(terraform.call(&root, &["output", "-raw", name]).output()?.trim().to_owned())
    };
    Site::read(&dist.join("frontend"))?.upload(&cloud, &output("frontend_bucket")?)?;
    cloud.invalidate(&output("distribution_id")?)?;
    let address = output("site_url")?;
    Run::new(cloud.python())
        .arg(root.join("checks/smoke.py"))
        .arg(&address)
        .args(["--api", &output("api_endpoint")?])
        .run()?;
    eprintln!("{address} is up to date");
    Ok(())
}
