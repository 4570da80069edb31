#!/usr/bin/env bash
# Builds the page into target/site: WASM, JavaScript and styles, hashed names, precompressed. The server
# embeds that folder, so this comes first. Does nothing while nothing it is made of has changed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd "$root"
stamp="$(target_folder)/site.stamp"
sources=(app frontend style Cargo.toml Cargo.lock rust-toolchain.toml .cargo scripts/build-site.sh)
# Folders count too: their time changes when a file in them is deleted.
if [ -e "$stamp" ] && ls target/site/pkg/*.wasm >/dev/null 2>&1 &&
  [ -z "$(find "${sources[@]}" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]; then
  exit
fi

say "building the page"
mkdir -p "$(target_folder)"
touch "$stamp.started"
cargo leptos build --release --precompress --frontend-only
# Types of the JavaScript, which nobody is served.
rm -f target/site/pkg/*.d.*.ts*
mv "$stamp.started" "$stamp"
