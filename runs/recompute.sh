#!/usr/bin/env bash
# What activation checkpointing saves: a step of the widest network (standard budget: 32 to 320 features) on one patch of 128^3, and on one of
# 160^3 with features computed again, with the heap that keeps its memory and with the one that gives it back. Compare the column of memory.
# Needs about 25 GB, and on a processor about half an hour.
# Usage: runs/recompute.sh [NETWORK] [PRECISION]
set -euo pipefail
network=${1:-attention-resunet}
precision=${2:-bf16}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'machine: {recompute: true}\n' >recompute.yaml
measure() {
  "$unet4j" throughput --budget standard --models "$network" --precisions "$precision" --batch 1 --steps 2 --warmup 1 --rounds 1 "$@" >log 2>&1 ||
    { cat log >&2; exit 1; }
  grep -E '^ *network|'"$network" log | tail -n 2
}
for heap in fast small; do
  export UNET4J_HEAP=$heap
  echo "UNET4J_HEAP=$heap, 128^3, features kept"
  measure --patch 128x128x128 --out "$heap-kept-128"
  echo "UNET4J_HEAP=$heap, 160^3, features computed again"
  measure --patch 160x160x160 --config recompute.yaml --out "$heap-again-160"
  echo "UNET4J_HEAP=$heap, 128^3, features computed again"
  measure --patch 128x128x128 --config recompute.yaml --out "$heap-again-128"
done
