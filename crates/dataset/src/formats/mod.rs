//! One file for each form in which examples leave.

pub(crate) mod finetuning;
pub(crate) mod icl;
