#!/usr/bin/env bash
# The packages of the browser tests, exactly as package-lock.json has them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need node "Install Node 20 or newer by hand from https://nodejs.org."
need npm "Install npm by hand; it comes with Node from https://nodejs.org."
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || stop "Node $major is too old. Install Node 20 or newer by hand from https://nodejs.org."

cd "$root/end2end"
# npm writes this file last.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  say "npm ci in end2end"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error </dev/null >&2 ||
    stop "npm ci in end2end failed: is the package registry reachable?"
  touch "$installed"
fi
