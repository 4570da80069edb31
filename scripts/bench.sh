#!/usr/bin/env bash
# Measures Holdfast beside a yardstick, server and page, and prints one table with the targets, misses
# included. `bench.sh --quick` only tries whether everything can be measured.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

"$root/scripts/setup-tests.sh"
"$root/scripts/build-site.sh"
say "building the server and the yardstick"
cargo build --release -p holdfast-server --bin holdfast
cargo build --release -p holdfast-bench

built="$(target_folder)/release"
rows="$(target_folder)/bench"
rm -rf "$rows"
mkdir -p "$rows"
say "measuring the server"
"$built/holdfast-bench" server --holdfast "$built/holdfast" --rows "$rows/0_server.json" "$@"
say "measuring the page"
failures=0
(
  cd end2end
  HOLDFAST_BIN="$built/holdfast" HOLDFAST_BENCH_ROWS="$rows" npx playwright test --config bench.config.ts
) </dev/null || failures=1
# What was measured, also where something could not be.
"$built/holdfast-bench" table "$rows"/*.json
exit "$failures"
