#!/usr/bin/env bash
# The page on a gate for models of one's own works as it is written, from an empty crate.
set -euo pipefail
cd "$(dirname "$0")/.."

page=$PWD/src/gate/own.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$PWD" "$work/tellers"
cargo new --quiet --lib --vcs none "$work/accounts"
mkdir -p target/own
ln -s "$PWD/target/own" "$work/accounts/target"
cp Cargo.lock "$work/accounts/"
cd "$work/accounts"

block() { # LANGUAGE
  sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$page" | sed '1d;$d'
}

# The dependencies of `cargo new` are none.
sed -i '/^\[dependencies\]/d' Cargo.toml
block toml >> Cargo.toml
mkdir examples ci
block rust,no_run > examples/gate.rs
block sh > ci/gate
chmod +x ci/gate

ci/gate
for file in report.html summary.md junit.xml verdicts.json report.sarif; do
  [[ -s target/gate/$file ]] || { echo "no $file" >&2; exit 1; }
done

# The lock of one deposit is forgotten.
sed -i '0,/    let _held = lock.guard();/{//d}; s/(lock, account): &(Lock/(_, account): \&(Lock/' examples/gate.rs
code=0
said=$(ci/gate 2>&1) || code=$?
if [[ $code != 1 || $said != *"deposits with product: panic was not expected"* ]]; then
  printf 'a planted fault is not seen: exit code %s\n%s\n' "$code" "$said" >&2
  exit 1
fi
echo "a planted fault is seen: exit code $code"
