#!/usr/bin/env bash
# Tries what the document of the HTTP API says against a program of its own: `try-api.sh REPORT [OPTIONS of st run]`.
# Writes a JUnit report. The program has a free port and a temporary folder, and is gone afterwards.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

report=$1
shift
folder=$(mktemp -d)
child=

finish() {
  [ -z "$child" ] || { kill "$child" 2>/dev/null && wait "$child" 2>/dev/null; } || true
  [ "$1" = 0 ] || tail -n 20 "$folder/log" >&2
  rm -rf "$folder"
  exit "$1"
}
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Where no settings lie. How often somebody may call is another test's matter.
(
  cd "$folder"
  exec env -i PATH="$PATH" HOLDFAST_ADDR=127.0.0.1:0 HOLDFAST_DATA_DIR="$folder/data" HOLDFAST_API_CALLS_PER_MINUTE=1000000 HOLDFAST_NEW_SESSIONS_PER_HOUR=1000000 \
    HOLDFAST_ENTRIES_PER_MINUTE=1000000 "${HOLDFAST_BIN:-$(target_folder)/debug/holdfast}" serve
) >"$folder/said" 2>"$folder/log" &
child=$!
until url=$(sed -n 's/^Holdfast is at //p' "$folder/said") && [ -n "$url" ]; do
  kill -0 "$child" 2>/dev/null || stop "The program did not start."
  sleep 0.1
done

cd "$root/server/tests/openapi"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=. "$tools/python/bin/st" run "$url/api/openapi.json" --checks all \
  --phases examples,coverage,fuzzing,stateful --exclude-path-regex '/events$' --report junit --report-junit-path "$report" "$@"
# Whatever was tried, it is not our fault.
! grep -a " ERROR " "$folder/log"
