#!/usr/bin/env bash
# Builds, serves, and does so again when a file changes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$root/scripts/setup-wasm.sh"
cd "$root"
export HOLDFAST_ADDR="${HOLDFAST_ADDR:-127.0.0.1:3000}"
export HOLDFAST_DATA_DIR="${HOLDFAST_DATA_DIR:-$root/data}"
exec cargo leptos watch -- serve
