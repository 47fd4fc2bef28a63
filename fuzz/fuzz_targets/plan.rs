//! Bytes that may be a plan as JSON.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use pinpoint::io::read_hpc::read_plan;

fuzz_target!(|bytes: &[u8]| drop(read_plan(Path::new("plan.json"), bytes)));
