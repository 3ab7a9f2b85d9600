//! The commands, one file each.

pub(crate) mod dist;
pub(crate) mod up;
