# shellcheck shell=bash
# What every script here uses: speaking, finding, and stopping with a word on what to do by hand.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"
# Tools of this project come first, so that a machine's older ones do not get in the way.
export PATH="$tools/bin:$tools/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# say WORDS...: one line on what is being done.
say() { printf '\033[2m-- %s\033[0m\n' "$*" >&2; }

# stop WORDS...: ends the script; the words say what to do by hand.
stop() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

on_mac() { [ "$(uname -s)" = Darwin ]; }

# need COMMAND WORDS...: stops with the words unless the command is there.
need() {
  local command=$1
  shift
  has "$command" || stop "$command is not installed. $*"
}

# as_root COMMAND...: as it is for root, else through sudo when that can ask at a terminal or asks nothing,
# else fails. The command has no input, so do not redirect it: sudo asks where our own input is a terminal.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@" </dev/null
  elif has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@" </dev/null
  else
    return 1
  fi
}

# packages APT_NAMES BREW_NAMES: installs by the system's package manager; the names are words in one string.
packages() {
  local apt_names=$1 brew_names=$2
  if on_mac; then
    has brew || stop "Homebrew is needed to install: $brew_names. See https://brew.sh, or install them by hand."
    say "brew install $brew_names"
    # shellcheck disable=SC2086 # words on purpose
    brew install $brew_names || stop "Install by hand: brew install $brew_names"
  elif has apt-get; then
    say "apt-get install $apt_names"
    # shellcheck disable=SC2086 # words on purpose
    { as_root apt-get update -q &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $apt_names; } >&2 ||
      stop "Install by hand: sudo apt-get update && sudo apt-get install $apt_names"
  else
    stop "Install with your package manager what Debian calls: $apt_names"
  fi
}

# cargo_tool PROGRAM CRATE VERSION [FLAGS...]: a program from crates.io in exactly this version. One that is
# installed is used; another version of it is left alone, and ours goes to .tools.
cargo_tool() {
  local program=$1 crate=$2 version=$3 place=()
  shift 3
  if has "$program"; then
    "$program" --version 2>/dev/null | grep -qF " $version" && return
    place=(--root "$tools")
  fi
  if has cargo-binstall; then
    say "cargo binstall $crate $version"
    cargo binstall --no-confirm ${place[@]+"${place[@]}"} "$crate@$version" </dev/null && return
  fi
  say "cargo install $crate $version (compiles for some minutes, once)"
  cargo install --quiet ${place[@]+"${place[@]}"} "$crate" --version "$version" "$@" </dev/null ||
    stop "Install by hand: cargo install $crate --version $version $*"
}

# The folder with PostgreSQL's programs: PATH, then Debian's newest, then Homebrew's newest.
postgres_programs() {
  local initdb
  initdb=$(command -v initdb) ||
    initdb=$(find /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
      -maxdepth 1 -name initdb 2>/dev/null | sort -V | tail -n 1) || true
  [ -n "$initdb" ] && dirname "$initdb"
}

# target_folder: where cargo puts what it builds.
target_folder() { printf '%s\n' "${CARGO_TARGET_DIR:-$root/target}"; }
