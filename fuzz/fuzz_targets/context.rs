//! Texts that may be a context.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinpoint::framework::validate;
use pinpoint::run;

fuzz_target!(|text: &str| drop(validate::context("context.toml", Some(text), &run::own_layout())));
