//! Full text.

pub mod words;
