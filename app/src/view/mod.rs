//! What is seen: functions that make elements. Nothing here decides what happens to a file.

mod actions;
mod add;
mod choose;
mod footer;
mod gallery;
mod grid;
mod item;
mod lightbox;
mod notice;
mod page;
mod picture;
mod route;
mod skipped;
mod tile;
mod total;
mod uploads;

pub(crate) use page::page;
