#!/usr/bin/env bash
# The median step of nnU-Net's own hippocampus network: 32 to 256 features, nine patches of 40x56x40, deep supervision, SGD, in the
# best precision of the device; augmentation and data included.
# Usage: runs/nnunet_step.sh path/to/Task04_Hippocampus [STEPS]
set -euo pipefail
dataset=$(cd "${1:?give the folder of a dataset}" && pwd)
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'steps: %d\nsamples: {batch: 9}\ndeepSupervision: true\noptimization: {optimizer: {type: sgd, momentum: 0.99, nesterov: true, weightDecay: 3e-5}, learningRate: 0.01}\nvalidation: {every: 0}\n' "${2:-20}" >config.yaml
"$unet4j" train "$dataset" --model unet --fold all --budget standard --config config.yaml --out run >train.log 2>&1 || { cat train.log >&2; exit 1; }
grep '"loss"' run/metrics.jsonl | sed 's/.*"seconds":\([0-9.E-]*\).*/\1/' | awk 'NR > 1 { print $1 - before } { before = $1 }' | tail -n +3 | sort -g |
  awk '{ t[NR] = $1 } END { printf "median step %.3f s of %d\n", t[int((NR + 1) / 2)], NR }'
