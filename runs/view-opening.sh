#!/usr/bin/env bash
# How long the viewer takes to show a noisy CT of 512 x 512 x 300 (int16, gzipped) with two label maps, and how smoothly its slices turn, in
# headless Chromium without a card (ViewerSpeedTest). Printed are:
# - five openings in one Java and one browser: seconds from the start of the server, which begins to read, until the first picture is
#   drawn, and until both label maps are in it. Files were just written, so that the disk is not measured; nor are the starts of Java, of the
#   browser and of the command `view`. In the first the reader's and the page's code run for the first time.
# - after the last: milliseconds from frame to frame, and of script in a frame (the wheel's handler and what the page does before it is
#   painted), medians and 95th percentiles of 120 steps of the wheel, one a frame: all panes with one label map, with two over each
#   other, and with their outlines; the axial and the sagittal pane alone, with two.
# Usage: runs/view-opening.sh     (needs chromium)
set -euo pipefail
cd "$(dirname "$0")/.."
rm -f core/target/view-opening.txt
./mvnw -B -ntp -q -Dquick -Dmaven.test.skip=false -Dunet4j.slow -pl core test -Dtest=ViewerSpeedTest >&2
cat core/target/view-opening.txt
