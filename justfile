# The project's commands. `just --list` shows them; none is needed to run or to test.

# Starts the gateway with embedded defaults and the example organisation.
serve *ARGS:
    cargo run --release -- serve {{ARGS}}

# Runs every test on SQLite; set CALLBOARD_TEST_POSTGRES to repeat the store's on PostgreSQL.
test *ARGS:
    cargo test --workspace {{ARGS}}

# Format, lints, documentation and dependency checks, as CI runs them.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
    cargo deny --offline check licenses bans sources

# Writes schema.graphql from the code.
schema:
    cargo run -- schema > schema.graphql

# Drives the page at /explore in Debian's Chromium; needs Node.js and the package chromium.
browser:
    cargo build -p callboard
    npm ci --prefix tests/browser --no-audit --no-fund
    npm test --prefix tests/browser

# Everything that CI runs.
ci:
    .ci/run

# Measures the promises of docs/benchmarks.md and writes its tables.
bench *ARGS:
    cargo build --release -p callboard
    cargo run --release -p callboard-bench -- {{ARGS}}

# Compares the cost of five queries with two servers of Node and writes their table into docs/benchmarks.md.
bench-graphql *ARGS:
    cargo build --release -p callboard
    cargo run --release -p callboard-bench -- graphql {{ARGS}}

# Audits a running server: HTTP, WebSocket, events, validation against graphql-js, errors, the schema's text, federation.
conformance *ARGS:
    cargo build -p callboard
    npm ci --prefix tests/conformance --no-audit --no-fund --loglevel=error
    node tests/conformance/run.mjs {{ARGS}}

# Lets schemathesis ask whatever the schema allows, and what it does not.
fuzz-graphql *ARGS:
    cargo build -p callboard
    npm ci --prefix tests/conformance --no-audit --no-fund --loglevel=error
    node tests/conformance/fuzz.mjs {{ARGS}}
