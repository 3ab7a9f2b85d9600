//! What is seen. Pages compose, components take props; nothing here decides what happens to a file.

#![expect(unreachable_pub, reason = "the component macro makes the types of its props public")]

mod add;
mod details;
mod gallery;
mod item;
mod page;
mod skipped;
mod tile;
mod total;
mod uploads;

pub(crate) use page::Page;
