#!/usr/bin/env bash
# The hippocampus table of the README: four networks on fold 0 of the 208 labelled cases of MSD Task 04.
# Usage: runs/hippocampus.sh path/to/Task04_Hippocampus [OUT]
set -euo pipefail
dataset=${1:?give the folder of Task04_Hippocampus}
out=${2:-work/benchmark/Task04_Hippocampus}
"$(dirname "$0")/../unet4j" benchmark "$dataset" --fold 0 --out "$out"
