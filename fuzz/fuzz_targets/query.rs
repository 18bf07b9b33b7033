//! Any text as a query: what is read, printed and read again is the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| goldstar_collection::fuzzing::query(text));
