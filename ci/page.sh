#!/usr/bin/env bash
# The page that `explain --format html` writes works in a real browser: it loads without an error,
# stepping changes what is shown, and the last step of a deadlock shows the cycle. So does the page of
# the gate: a failure opens its trace.
set -euo pipefail
cd "$(dirname "$0")/.."

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $browser ]]; then
  echo "no browser to try the page in: install chromium (on Debian, apt-get install chromium)" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet

# A window cannot be as narrow as a telephone, but a frame in it can.
try() { # NAME SCRIPT WIDTH,HEIGHT SCHEME; the page is $work/plain.html
  {
    sed 's|<head>|<head><script>window.errors = []; addEventListener("error", (e) => errors.push(e.message));</script>|' "$work/plain.html"
    echo "<script>"
    cat "$2"
    echo "</script>"
  } > "$work/page.html"
  cat > "$work/frame.html" << EOF
<script>addEventListener("message", (told) => document.documentElement.dataset.checks = told.data);</script>
<iframe src="page.html" width="${3%,*}" height="${3#*,}"></iframe>
EOF
  local dom result
  dom=$("$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --window-size=2000,1200 --blink-settings=preferredColorScheme="$4" --virtual-time-budget=10000 \
    --dump-dom "file://$work/frame.html" 2> "$work/log")
  result=$(grep -o 'data-checks="[^"]*"' <<< "$dom" | head -1 || true)
  echo "$1, $3: ${result:-no answer}"
  [[ $result == *passed* ]] || { tail -5 "$work/log" >&2; exit 1; }
}

check() { # SCENARIO FAILURE WIDTH,HEIGHT SCHEME
  cargo run --quiet -- explain "$1" --failure "$2" --format html > "$work/plain.html"
  try "$1, $2" ci/page/check.js "$3" "$4"
}

for size in 1920,1000 1300,900 800,900 390,844; do
  check inverted deadlock "$size" 1
  check ring deadlock "$size" 0
  check race lost-update "$size" 0
  check race-audit torn-audit "$size" 1
  check forced-release release-unlocked "$size" 1
  check trains livelock "$size" 0
done

cargo run --quiet -- check race inverted --json "$work/default.json" > "$work/log"
cargo run --quiet -- report "$work/default.json" --builds default --out "$work" > "$work/log"
cp "$work/report.html" "$work/plain.html"
try "report of the gate" ci/page/report.js 1300,900 0
