//! The rendered installation on an emulator of AWS, with the functions as they are built here.

use anyhow::{Context, Result};

use super::Place;
use super::rendering::Rendered;
use crate::lambda;

/// Brings it up and sends pictures through it.
pub(super) fn check(place: &Place, rendered: &Rendered) -> Result<()> {
    let functions = place.work.join("functions");
    lambda::build_for_here(&functions)?;
    let installation = rendered.installations.first().context("nothing was rendered")?;
    place.script("emulate.py").arg(installation).arg(functions).arg(place.work.join("emulator")).run()
}
