#!/usr/bin/env bash
# Everything that `make test` needs.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

nextest=0.9.143

"$root/scripts/setup-wasm.sh"
has cargo-nextest || cargo_tool cargo-nextest cargo-nextest "$nextest" --locked
"$root/scripts/setup-node.sh"
"$root/scripts/setup-browser.sh"
"$root/scripts/setup-postgres.sh"
"$root/scripts/setup-faults.sh"
"$root/scripts/setup-python.sh"
