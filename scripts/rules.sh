#!/usr/bin/env bash
# Lists every test under the rule it proves. `rules.sh` writes docs/RULES.md; `rules.sh --check` fails
# when that file is not what the code says.
set -euo pipefail
cd "$(dirname "$0")/.."
# One order of lines, whatever language the machine speaks.
export LC_ALL=C

areas='ctx|tab|sync|snap|sess|sec|api|job|chat|mis|file|ux|ops'

# One line a test: RULE <tab> where <tab> name.
tests() {
  # Rust: a function, or a macro call that makes one, `both!(sync_1_...)`, whose name starts with rules.
  git ls-files -co --exclude-standard '*.rs' | sort |
    xargs grep -HoE "(fn |both!\()($areas)_[0-9]+_[a-z0-9_]+" |
    awk -F: -v rule="^($areas)_[0-9]+_" '{
      sub(/^(fn |both!\()/, "", $2)
      for (name = $2; match(name, rule); name = substr(name, RLENGTH + 1)) {
        number = toupper(substr(name, 1, RLENGTH - 1))
        sub("_", "-", number)
        print number "\t" $1 "\t" $2
      }
    }' || true
  # Browser: a title that names its rules in brackets, `[CTX-2] [TAB-1] words`.
  git ls-files -co --exclude-standard 'end2end/*.ts' | sort |
    xargs grep -HoE "^ *(test\()?('\[.*'|\"\[.*\"|\`\[.*\`)" |
    while IFS=: read -r file title; do
      title=$(printf '%s' "$title" | sed -E "s/^ *(test\()?.//; s/.\$//")
      printf '%s\n' "$title" | grep -oE '\[[A-Z]+-[0-9]+\]' | tr -d '[]' | while read -r rule; do
        printf '%s\t%s\t%s\n' "$rule" "$file" "$(printf '%s' "$title" | sed -E 's/\[[A-Z]+-[0-9]+\] *//g')"
      done || true
    done
}

page() {
  # shellcheck disable=SC2016 # the page's own marks
  printf '# Which test proves which rule\n\nWritten by `scripts/rules.sh`; the rules are in [SPEC.md](../SPEC.md).\n'
  # Areas in the order of SPEC.md, rules by number.
  tests | sort -u | awk -F '\t' '
    BEGIN { n = split("CTX TAB SYNC SNAP SESS SEC API JOB CHAT MIS FILE UX OPS", order, " ")
            for (i = 1; i <= n; i++) rank[order[i]] = i }
    { split($1, part, "-"); printf "%02d\t%03d\t%s\n", rank[part[1]], part[2], $0 }' |
    sort -k1,1n -k2,2n -k4,4 -k5,5 |
    awk -F '\t' '$3 != last { printf "\n## %s\n\n", $3; last = $3 } { printf "- `%s` %s\n", $4, $5 }'
}

if [ "${1:-}" = "--check" ]; then
  if ! diff -u docs/RULES.md <(page) >&2; then
    echo "docs/RULES.md is not what the code says: run scripts/rules.sh" >&2
    exit 1
  fi
else
  page >docs/RULES.md
  echo "docs/RULES.md: $(grep -c '^- ' docs/RULES.md) tests under $(grep -c '^## ' docs/RULES.md) rules"
fi
