#!/usr/bin/env bash
# The tests that draw what they try, with many more cases than a landing has time for; for the night.
# TELLERS_CASES and TELLERS_SEED say how many, and which.
set -euo pipefail
cd "$(dirname "$0")/.."

export TELLERS_CASES=${TELLERS_CASES:-3000} TELLERS_SEED=${TELLERS_SEED:-0} TELLERS_TIMES=4
cargo test --locked --test all --test drawn -- agreement:: other_process:: explained:: garbled:: determinism::
cargo test --locked --no-default-features --features cli --target-dir target/os --test drawn
RUSTFLAGS="--cfg loom" TELLERS_CASES=$((TELLERS_CASES / 10)) cargo test --locked --target-dir target/loom --test loom -- agrees::
