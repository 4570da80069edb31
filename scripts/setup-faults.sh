#!/usr/bin/env bash
# What the tests of faults need: strace lets system calls fail, util-linux mounts a small disk. Linux only;
# elsewhere these tests are not built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "$(uname -s)" = Linux ]; then
  has strace || packages "strace" ""
  { has unshare && has nsenter; } || packages "util-linux" ""
fi
