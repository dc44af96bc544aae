#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cleanclaim_fuzz::run("lexer", bytes));
