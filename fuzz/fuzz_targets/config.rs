//! Any text as a settings file.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| goldstar_collection::fuzzing::config(text));
