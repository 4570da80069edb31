#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: `with-postgres.sh cargo nextest run -p holdfast-backend`.
# The server has a free port and a temporary folder, tells the command its address in
# HOLDFAST_TEST_POSTGRES_URL, and is gone afterwards, also when the command failed or was interrupted.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ $# -gt 0 ] || stop "usage: with-postgres.sh COMMAND..."

programs=$(postgres_programs) ||
  stop "PostgreSQL is not installed. Debian/Ubuntu: sudo apt-get install postgresql. macOS: brew install postgresql@17."
# The tests call pg_dump, which has to be as new as the server and which Homebrew puts on no PATH.
has initdb || export PATH="$programs:$PATH"

folder=$(mktemp -d)
child=

# initdb and postgres refuse to run as root.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd "$folder" && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

finish() {
  set +e
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null && wait "$child" 2>/dev/null
  fi
  # Nothing in it is kept, so it need not write a checkpoint.
  as_postgres "$programs/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1
  rm -rf "$folder"
  exit "$1"
}
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder/password"
[ "$(id -u)" != 0 ] || chown -R postgres "$folder"

as_postgres "$programs/initdb" -D "$folder/data" -U holdfast --pwfile="$folder/password" --auth=scram-sha-256 \
  --encoding=UTF8 --locale=C >"$folder/log" 2>&1 || stop "initdb failed: $(cat "$folder/log")"
# Durability stays on: the tests kill servers and look at what was acknowledged.
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 300
fsync = on
CONF

# The port that is free now may be taken a moment later, so starting is what decides.
started=
for _ in 1 2 3 4 5 6 7 8 9 10; do
  port=$((20000 + RANDOM % 12000))
  # On macOS it does not start without a locale, and Terminal may set none.
  if as_postgres env LC_ALL=C "$programs/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" -w -t 60 \
    -o "-p $port" >/dev/null 2>&1; then
    started=yes
    break
  fi
done
[ -n "$started" ] || stop "PostgreSQL did not start: $(tail -n 20 "$folder/data/server.log")"
say "PostgreSQL on port $port"

export HOLDFAST_TEST_POSTGRES_URL="postgres://holdfast:$password@127.0.0.1:$port/postgres"
# In the background, because bash answers a signal only when a foreground command has ended.
"$@" <&0 &
child=$!
code=0
wait "$child" || code=$?
child=
exit "$code"
