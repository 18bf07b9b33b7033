//! Any bytes as a batch.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| goldstar_catalog::fuzzing::batch(bytes));
