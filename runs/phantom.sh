#!/usr/bin/env bash
# What a new user types first: four networks on synthetic pancreas CT, with wall time and peak resident memory.
# Usage: runs/phantom.sh [OUT]
set -euo pipefail
out=${1:-work/benchmark/phantom}
/usr/bin/time -v "$(dirname "$0")/../unet4j" benchmark --out "$out"
