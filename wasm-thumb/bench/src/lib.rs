//! The engine beside libvips, sharp and Pillow.
//!
//! [`quality`] asks how near their thumbnails come to what the picture would be if it were made without loss;
//! [`speed`] asks how long they take. Both run the same files through all of them in one go.

pub mod quality;
pub mod speed;
