#!/usr/bin/env bash
# PostgreSQL's programs, for the tests to start a server of their own.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

postgres_programs >/dev/null || packages "postgresql" "postgresql@17"
