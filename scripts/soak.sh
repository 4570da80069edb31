#!/usr/bin/env bash
# What takes long: the faults as often and as long as the rules were written for. `make test` runs the same
# tests bounded. `soak.sh [simulation] [rust] [browser]` runs these; each ends with one line, as `test.sh`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

[ $# -gt 0 ] || set -- simulation rust browser
export HOLDFAST_SOAK=1 NEXTEST_PROFILE=soak
failures=0
suites=()
for suite in "$@"; do
  case $suite in
    simulation)
      say "simulation: 100,000 seeds"
      # It has no longer version of its own: the seeds are what is more.
      if HOLDFAST_SEEDS=100000 cargo nextest run --release -p holdfast-domain --test simulation \
        --ignore-default-filter; then
        printf '\nsimulation: 1 passed, 0 failed\n\n'
      else
        printf '\nsimulation: 0 passed, 1 failed\n\n'
        failures=1
      fi
      ;;
    rust) suites+=("$suite") ;;
    browser)
      # The server that people run: what is large here takes an unoptimised one hours.
      say "building the page and the server"
      if scripts/setup-tests.sh && scripts/build-site.sh && cargo build --release -p holdfast-server --bin holdfast; then
        HOLDFAST_BIN="$(target_folder)/release/holdfast"
        export HOLDFAST_BIN
        suites+=("$suite")
      else
        printf '\nbrowser: 0 passed, 1 failed\n\n'
        failures=1
      fi
      ;;
    *) stop "usage: soak.sh [simulation] [rust] [browser]" ;;
  esac
done
[ ${#suites[@]} = 0 ] || scripts/test.sh "${suites[@]}" || failures=1
exit "$failures"
