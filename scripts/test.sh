#!/usr/bin/env bash
# Runs every suite, or those that are named: `test.sh [rust] [docs] [api] [browser]`. Each ends with one line,
# `NAME: N passed, N failed`. All run, also after a failure; the exit code says whether all passed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

# Leptos has a server's and a browser's half, and one build can have only one: the page's crate stays out.
crates=(--workspace --exclude holdfast-frontend)
failures=()

# close NAME PASSED FAILED [SKIPPED]: the suite's line. One that ran nothing has failed.
close() {
  local name=$1 passed=${2:-0} failed=${3:-0} skipped=${4:-0}
  [ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || [ "$skipped" -gt 0 ] || failed=1
  [ "$failed" = 0 ] || failures+=("$name")
  [ "$skipped" = 0 ] && skipped="" || skipped=", $skipped skipped"
  printf '\n%s: %s passed, %s failed%s\n\n' "$name" "$passed" "$failed" "$skipped"
}

# Units, properties, the simulation, the backend's contract on both databases, HTTP.
rust() {
  local report numbers tests=0 failed=0 code=0
  # Its reports stay beside the sources, wherever the builds go.
  report="$root/target/nextest/${NEXTEST_PROFILE:-default}/junit.xml"
  rm -f "$report"
  say "rust: units, properties, simulation, backend on SQLite and PostgreSQL, HTTP"
  scripts/with-postgres.sh cargo nextest run "${crates[@]}" || code=$?
  if [ -e "$report" ]; then
    numbers=$(grep -m 1 '<testsuites ' "$report")
    count() { printf '%s\n' "$numbers" | sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p"; }
    tests=$(count tests)
    failed=$(($(count failures) + $(count errors)))
  fi
  [ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
  close rust $((tests > failed ? tests - failed : 0)) "$failed"
}

# Examples in the documentation of the crates.
docs() {
  local log code=0 passed failed
  log=$(mktemp)
  say "docs: the examples in the crates' documentation"
  cargo test --doc "${crates[@]}" 2>&1 | tee "$log" >&2 || code=$?
  total() { sed -nE "s/^test result: .* ([0-9]+) $1;.*/\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
  passed=$(total passed)
  failed=$(total failed)
  rm -f "$log"
  # There need not be an example.
  if [ "$code" = 0 ] && [ "$passed" = 0 ]; then
    say "docs: no examples"
    return
  fi
  [ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
  close docs "$passed" "$failed"
}

# What the document of the HTTP API says, tried by a program that makes up calls (schemathesis).
api() {
  local report code=0 tests=0 failed=0
  report="$(target_folder)/openapi.xml"
  rm -f "$report"
  say "api: what its document says, tried against the program"
  if ! { [ -n "${HOLDFAST_BIN:-}" ] || cargo build -p holdfast-server --bin holdfast; }; then
    close api 0 1
    return
  fi
  scripts/try-api.sh "$report" --max-examples "${HOLDFAST_EXAMPLES:-25}" >&2 || code=$?
  if [ -e "$report" ]; then
    tests=$(grep -c '<testcase ' "$report") || true
    failed=$(grep -cE '<(failure|error) ' "$report") || true
  fi
  [ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
  close api $((tests > failed ? tests - failed : 0)) "$failed"
}

# The real binary and a real Chromium.
browser() {
  local report=end2end/test-results/report.json code=0 passed=0 failed=0 skipped=0
  say "browser: building the page and the server"
  # HOLDFAST_BIN names a server that was built already.
  if ! { [ -n "${HOLDFAST_BIN:-}" ] || { scripts/build-site.sh && cargo build -p holdfast-server --bin holdfast; }; }; then
    close browser 0 1
    return
  fi
  rm -f "$report"
  (
    cd end2end
    HOLDFAST_BIN="${HOLDFAST_BIN:-$(target_folder)/debug/holdfast}" npx playwright test
  ) </dev/null || code=$?
  if [ -e "$report" ]; then
    read -r passed failed skipped < <(node -p '
      const { expected, unexpected, flaky, skipped } = JSON.parse(fs.readFileSync(process.argv[1], "utf8")).stats;
      [expected, unexpected + flaky, skipped].join(" ")' "$report")
    [ "$code" = 0 ] || node end2end/failures.js "$report"
  fi
  [ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
  close browser "$passed" "$failed" "$skipped"
}

main() {
  [ $# -gt 0 ] || set -- rust docs api browser
  local suite started=$SECONDS spent
  for suite in "$@"; do
    case $suite in rust | docs | api | browser) ;; *) stop "usage: test.sh [rust] [docs] [api] [browser]" ;; esac
  done

  scripts/setup-tests.sh
  # The server embeds the page, and its HTTP tests look at it.
  case " $* " in *" rust "* | *" api "*) scripts/build-site.sh || failures+=(page) ;; esac
  for suite in "$@"; do "$suite"; done

  spent=$((SECONDS - started))
  if [ ${#failures[@]} -gt 0 ]; then
    echo "Failed after $((spent / 60)) min $((spent % 60)) s: ${failures[*]}"
    exit 1
  fi
  echo "All passed in $((spent / 60)) min $((spent % 60)) s: $*"
  exit
}

# One line, so that the script may be edited while it runs.
main "$@"
