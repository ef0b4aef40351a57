#!/usr/bin/env bash
# What README and the page on a gate for models of one's own say of another crate works as it is
# written, from an empty one, and a test of one's own brings few crates.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD page=$PWD/src/gate/own.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$root" "$work/tellers"

block() { # FILE LANGUAGE
  sed -n "/^\`\`\`$2\$/,/^\`\`\`\$/p" "$1" | sed '1d;$d'
}

# Built as the tests are, so that the same crates are not built again.
crate() { # NAME FILE; the first block of TOML is what its Cargo.toml needs
  cargo new --quiet --lib --vcs none "$work/$1"
  cd "$work/$1"
  cp "$root/Cargo.lock" .
  # The dependencies of `cargo new` are none.
  sed -i '/^\[dependencies\]/d' Cargo.toml
  block "$2" toml >> Cargo.toml
  sed -n '/^\[profile\.dev/,/^$/p' "$root/Cargo.toml" >> Cargo.toml
  mkdir target
  local folder
  for folder in debug loom os; do
    mkdir -p "$root/target/$folder"
    ln -s "$root/target/$folder" target
  done
}

crate bank "$root/README.md"
most=50
# All but the crate itself.
crates=$(($(cargo tree --edges normal,dev --prefix none | sed 's/ (\*)$//' | sort -u | wc -l) - 1))
((0 < crates && crates <= most)) || { echo "a test of one's own brings $crates crates, more than $most" >&2; exit 1; }
mkdir tests
block "$root/README.md" rust > tests/bank.rs
cat >> tests/bank.rs << 'END'

#[test]
fn engine() {
    println!("engine {}", tellers::engine::Engine::of_this_build()[0]);
}
END
tested() { # ENGINE OPTIONS...
  local engine=$1 said
  shift
  said=$(cargo test --quiet --test bank "$@" -- --nocapture)
  [[ $said == *"engine $engine"* && $said == *"2 passed"* ]] || { printf 'not %s:\n%s\n' "$engine" "$said" >&2; exit 1; }
}
tested product
tested threads --no-default-features --target-dir target/os
RUSTFLAGS="--cfg loom" tested loom --target-dir target/loom
echo "a test of one's own brings $crates crates, and runs in all three builds"

# From source to failure to proof. Who called is left out: an optimiser may leave it out, too.
block "$root/README.md" rust,should_panic > tests/transfers.rs
failing=$(RUST_BACKTRACE=0 cargo test --quiet --test transfers 2>&1) && { echo "two transfers do not fail" >&2; exit 1; }
said=$(sed -n '/^DEADLOCK/,/^(Simpler/p' <<< "$failing")
diff <(block "$root/README.md" text | grep -v 'called from') <(grep -v 'called from' <<< "$said") || {
  echo "README does not show what a test of one's own prints" >&2
  exit 1
}
block "$root/README.md" rust,ignore > mended.rs
sed -i -e '/^impl Bank {$/,/^}$/{/^}$/r mended.rs
d}' tests/transfers.rs
proved=$(cargo test --quiet --test transfers 2>&1) || { printf 'not proved:\n%s\n' "$proved" >&2; exit 1; }
echo "a file of one's own fails as README shows it, and is proved when it is mended"

crate accounts "$page"
mkdir examples ci
block "$page" rust,no_run > examples/gate.rs
block "$page" sh | sed 's/ --release//' > ci/gate
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
