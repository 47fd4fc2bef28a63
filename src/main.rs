//! pinpoint on the command line.
fn main() {}
