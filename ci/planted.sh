#!/usr/bin/env bash
# Faults that are planted in the code turn the gate red, with the right words and the right exit code.
# Each is a patch in ci/planted, with what is expected above it. A minute or two each: a build.
#
# usage: ci/planted.sh [NAME]...
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=$PWD/target/planted
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents --target-directory "$copy"

patches=("${@/#/ci/planted/}")
patches=("${patches[@]/%/.patch}")
(($#)) || patches=(ci/planted/*.patch)

told() { # KEY PATCH
  sed -n "s/^$1: //p" "$2"
}

failed=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  read -ra options <<< "$(told gate "$patch")"
  if ! git -C "$copy" apply "$PWD/$patch"; then
    failed=1
    continue
  fi
  code=0
  said=$("$copy/ci/gate" --quick --brief "${options[@]}" 2>&1) || code=$?
  git -C "$copy" apply --reverse "$PWD/$patch"
  if [[ $code == "$(told exit "$patch")" && $said == *"$(told says "$patch")"* ]]; then
    echo "$name: red as it should be, exit code $code"
  else
    echo "$name: expected exit code $(told exit "$patch") and: $(told says "$patch")" >&2
    printf 'got exit code %s and:\n%s\n' "$code" "$said" >&2
    failed=1
  fi
done
exit "$failed"
