#!/usr/bin/env bash
# How long preparing a dataset takes, JVM start included: three times from nothing, in a folder that is thrown away.
# Usage: runs/prepare.sh path/to/Task04_Hippocampus
set -euo pipefail
dataset=${1:?give the folder of a dataset}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
"$unet4j" --version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%R s, %U s of processor time in user code'
for i in 1 2 3; do
  time "$unet4j" prepare "$dataset" --out "$work/$i" 2>&1 | grep '^prepared'
done
