#!/usr/bin/env bash
# What a training step takes: the median over 40 steps of each network, and the largest share of a step, from the fourth on, that waited for data.
# Usage: runs/steps.sh path/to/Task04_Hippocampus [STEPS]
set -euo pipefail
dataset=$(cd "${1:?give the folder of a dataset}" && pwd)
steps=${2:-40}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
"$unet4j" --version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'steps: %d\nvalidation: {every: 0}\n' "$steps" >config.yaml
for model in unet resunet attention-unet attention-resunet; do
  "$unet4j" train "$dataset" --model "$model" --fold 0 --config config.yaml --out "$model" >"$model.log" 2>&1 ||
    { cat "$model.log" >&2; exit 1; }
  grep '"loss"' "$model/metrics.jsonl" | sed 's/.*"step":\([0-9]*\).*"seconds":\([0-9.E-]*\).*"waitShare":\([0-9.E-]*\).*/\1 \2 \3/' |
    awk -v model="$model" '
      $1 > 3 { print $2 - before > "intervals"; if ($3 > wait) wait = $3 }
      { before = $2 }
      END {
        close("intervals")
        while (("sort -g intervals" | getline value) > 0) sorted[++n] = value
        printf "%s: median step %.3f s, largest share of a step waiting for data %.4f %%\n", model, sorted[int((n + 1) / 2)], 100 * wait
      }'
done
