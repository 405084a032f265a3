#!/usr/bin/env bash
# The comparison of docs/decisions/0003: a U-Net that learns for 500 steps with mirroring and without, on one fold.
# Usage: runs/mirroring.sh path/to/Task04_Hippocampus [FOLD]
set -euo pipefail
dataset=$(cd "${1:?give the folder of Task04_Hippocampus}" && pwd)
fold=${2:-0}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for axes in '[0, 1, 2]' '[]'; do
  printf 'steps: 500\nvalidation: {every: 0}\nsamples: {augmentation: {mirroring: {axes: %s}}}\n' "$axes" >config.yaml
  rm -rf run
  echo "mirroring along $axes, fold $fold"
  "$unet4j" train "$dataset" --model unet --fold "$fold" --config config.yaml --out run 2>/dev/null | grep Dice
done
