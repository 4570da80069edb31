#!/usr/bin/env bash
# Form and lints of everything. All checks run; the exit code says whether all passed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

scripts/setup-rust.sh
scripts/setup-node.sh
# Where it cannot be installed, its check fails and the others still run.
has shellcheck || (packages "shellcheck" "shellcheck") || true
failures=()

# check NAME COMMAND...
check() {
  local name=$1
  shift
  say "$name: $*"
  "$@" </dev/null || failures+=("$name")
}

check format cargo fmt --all --check
# Leptos has a server's and a browser's half; each is looked at as it is built.
check server cargo clippy --quiet --workspace --exclude holdfast-frontend --all-targets -- -D warnings
check page cargo clippy --quiet -p holdfast-frontend --target wasm32-unknown-unknown -- -D warnings
check browser-tests npm --prefix end2end run --silent lint
check rules scripts/rules.sh --check
check scripts shellcheck scripts/*.sh .ci/run

if [ ${#failures[@]} -gt 0 ]; then
  echo "Lint failed: ${failures[*]}"
  exit 1
fi
echo "Lint passed"
