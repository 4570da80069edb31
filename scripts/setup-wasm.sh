#!/usr/bin/env bash
# What building the page needs: cargo-leptos, the wasm-bindgen that Cargo.lock names, and wasm-opt.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cargo_leptos=0.3.10
binaryen=132.0.0

"$root/scripts/setup-rust.sh"

cargo_tool cargo-leptos cargo-leptos "$cargo_leptos" --locked

# wasm-bindgen reads only what its own version wrote.
wasm_bindgen=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")
cargo_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen"

# An old wasm-opt does not know what today's Rust writes; 120 does.
wasm_opt() { has wasm-opt && [ "$(wasm-opt --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')" -ge 120 ]; }
if ! wasm_opt; then
  need npm "It brings wasm-opt. Install Node 20 or newer by hand from https://nodejs.org."
  say "npm install binaryen $binaryen in .tools"
  npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "binaryen@$binaryen" </dev/null >&2 ||
    stop "Install wasm-opt by hand. Debian/Ubuntu: from https://github.com/WebAssembly/binaryen. macOS: brew install binaryen."
fi
