#!/usr/bin/env bash
# What any Rust build here needs: a C compiler (SQLite is compiled in), cargo and the wasm target.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if ! has cc || ! has make; then
  on_mac && stop "Install Apple's command line tools by hand: xcode-select --install"
  packages "build-essential" ""
fi
need cargo "Install Rust by hand from https://rustup.rs, then open a new terminal."

cd "$root"
# With rustup, the first call brings what rust-toolchain.toml names.
library=$(rustc --print target-libdir --target wasm32-unknown-unknown)
if [ ! -d "$library" ]; then
  need rustup "Install by hand the wasm32-unknown-unknown target of your Rust, or Rust from https://rustup.rs."
  say "rustup target add wasm32-unknown-unknown"
  rustup target add wasm32-unknown-unknown
fi

# The server embeds this folder; it has to be there before the page was ever built.
mkdir -p target/site/pkg
