//! The commands, one file each.

pub(crate) mod crash;
pub(crate) mod deploy;
pub(crate) mod dist;
mod dist_program;
pub(crate) mod fuzz;
pub(crate) mod up;
