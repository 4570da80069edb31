#!/usr/bin/env bash
# A real Chromium for the browser tests: CHROMIUM_PATH, then an installed one, then Playwright's own, in the
# order of end2end/support/chromium.ts; else the system's package.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

installed() {
  local path
  if [ -n "${CHROMIUM_PATH:-}" ]; then
    [ -x "$CHROMIUM_PATH" ] || stop "CHROMIUM_PATH names $CHROMIUM_PATH, which is not a program."
    return
  fi
  # The same places as there.
  for path in /usr/bin/chromium /usr/bin/google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ ! -x "$path" ] || return 0
  done
  playwrights_own
}

# Whether `playwright install chromium` has nothing to bring. That is more than chromium.executablePath(), as
# without a window another program is started; the mark is written when a folder is complete.
playwrights_own() {
  local playwright="$root/end2end/node_modules/.bin/playwright" folders folder
  [ -x "$playwright" ] || return 1
  folders=$("$playwright" install --dry-run chromium 2>/dev/null </dev/null | sed -n 's/^ *Install location: *//p')
  [ -n "$folders" ] || return 1
  while IFS= read -r folder; do
    [ -e "$folder/INSTALLATION_COMPLETE" ] || return 1
  done <<<"$folders"
}

installed && exit
if on_mac; then
  packages "" "--cask google-chrome"
elif grep -qs '^ID=ubuntu' /etc/os-release; then
  # Ubuntu's package is a snap, which sees neither temporary folders nor a display-less root.
  "$root/scripts/setup-node.sh"
  cd "$root/end2end"
  say "playwright install chromium"
  { as_root env "PATH=$PATH" npx playwright install-deps chromium && npx playwright install chromium </dev/null; } >&2 ||
    stop "Install by hand, in end2end: npx playwright install --with-deps chromium"
else
  packages "chromium fonts-liberation" ""
fi
