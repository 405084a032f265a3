#!/usr/bin/env bash
# How long `view` takes to show a CT of 512 x 512 x 300 with two label maps, and how smoothly its slices turn: from the start of reading to the
# first picture in headless Chromium, five times, the first with everything cold; milliseconds a frame, and of
# script in it, while every frame turns a slice: of all panes and of one, with one label map and with two over each other.
# Usage: runs/view-opening.sh     (needs chromium; the start of Java and of the browser is not counted)
set -euo pipefail
cd "$(dirname "$0")/.."
rm -f core/target/view-opening.txt
./mvnw -B -ntp -q -Dquick -Dmaven.test.skip=false -Dunet4j.slow -pl core test -Dtest=ViewerSpeedTest >&2
cat core/target/view-opening.txt
