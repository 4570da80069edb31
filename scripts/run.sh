#!/usr/bin/env bash
# Builds Holdfast in release and serves it, on embedded SQLite in ./data unless the environment says otherwise.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

"$root/scripts/setup-wasm.sh"
"$root/scripts/build-site.sh"
cd "$root"
say "building the server"
cargo build --release -p holdfast-server --bin holdfast

export HOLDFAST_ADDR="${HOLDFAST_ADDR:-127.0.0.1:3000}"
export HOLDFAST_DATA_DIR="${HOLDFAST_DATA_DIR:-$root/data}"
say "Holdfast at http://$HOLDFAST_ADDR with its data in $HOLDFAST_DATA_DIR; Ctrl-C stops it"
exec "$(target_folder)/release/holdfast" serve
