#!/usr/bin/env bash
# What activation checkpointing saves: a step of the widest network (standard budget: 32 to 320 features) on one patch of 128^3, and on one of
# 160^3 with features computed again. Compare the column of memory. Needs about 25 GB, and on a processor about a quarter of an hour.
# Usage: runs/recompute.sh [NETWORK]
set -euo pipefail
network=${1:-attention-resunet}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'machine: {recompute: true}\n' >recompute.yaml
measure() {
  "$unet4j" throughput --budget standard --models "$network" --precisions bf16 --batch 1 --steps 2 --warmup 1 --rounds 1 "$@" >log 2>&1 ||
    { cat log >&2; exit 1; }
  grep -E '^ *network|'"$network" log | tail -n 2
}
echo "128^3, features kept"
measure --patch 128x128x128 --out kept-128
echo "160^3, features computed again"
measure --patch 160x160x160 --config recompute.yaml --out again-160
echo "128^3, features computed again"
measure --patch 128x128x128 --config recompute.yaml --out again-128
