# A menu; each line is what you could type yourself.

# Run the main job on the shipped example
example:
    cargo run --release -- analyse fixtures/two-islands/workbook.xlsx --out out

# Run all tests
test:
    cargo test

# What has to be green before a change lands
ci:
    bash .ci/run

# Format and look for slips
tidy:
    cargo fmt
    cargo clippy --all-targets -- -D warnings

# Break small files of every format in many ways
mutants:
    cargo build --release
    python3 tests/mutants target/release/pinpoint 20000

# Measure every stage
bench:
    cargo bench

# Write the expected figures of the example anew, by the independent twin
twin:
    python3 tests/reference/twin.py fixtures/two-islands frameworks/area-coefficient/2026.1

# Write the JSON Schemas and docs/findings.md anew after a change of the structs or codes
generated:
    UPDATE_EXPECTED=1 cargo test --test schema --test findings
