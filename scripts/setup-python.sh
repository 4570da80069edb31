#!/usr/bin/env bash
# What tries the document of the HTTP API against the program: Python, with packages in a folder of their own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

wanted="$root/server/tests/openapi/requirements.txt"
folder="$tools/python"
need python3 "Install Python 3.10 or newer by hand from https://www.python.org."
# The copy is written last.
cmp -s "$wanted" "$folder/requirements.txt" && exit

python3 -c 'import ensurepip, venv' 2>/dev/null || packages "python3-venv" "python"
say "pip install $(tr '\n' ' ' <"$wanted")"
python3 -m venv --clear "$folder" || stop "Install by hand: sudo apt-get install python3-venv"
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" </dev/null >&2 ||
  stop "pip install failed: is the package index reachable?"
cp "$wanted" "$folder/requirements.txt"
