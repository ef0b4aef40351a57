#!/usr/bin/env bash
# README shows what the gate prints, but for the last column: what the operating system does is
# another thing each time.
#
# usage: ci/gate --quick --brief | ci/readme.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

cut_off() {
  local line width=
  while IFS= read -r line; do
    if [[ -z $width && $line == *threads* ]]; then
      line=${line%threads*}
      width=${#line}
    fi
    # The table ends with an empty line.
    [[ $line ]] || width=1000
    line=${line:0:${width:-1000}}
    echo "${line%"${line##*[! ]}"}"
  done
}

shown=$(sed -n '/^\$ ci\/gate --quick --brief$/,/^```$/p' README.md | sed '1d;$d')
diff <(cut_off <<< "$shown") <(cut_off)
echo "README shows what the gate prints"
