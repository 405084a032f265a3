#!/usr/bin/env bash
# 5 000 steps in a heap of 2 GB: resident memory of the process every 500 steps, and its threads and open files at the start and
# near the end. Small patches, so that it takes minutes; every path of a step is the same as with large ones.
# Usage: runs/soak.sh [STEPS]
set -euo pipefail
steps=${1:-5000}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$unet4j" phantom ct --cases 6 >/dev/null 2>&1
"$unet4j" prepare ct >/dev/null 2>&1
sed -e 's/^patch:.*/patch: [16, 32, 32]/' -e 's/^batch:.*/batch: 2/' work/prepared/ct/plan.yaml >plan.yaml
printf 'steps: %d\nvalidation: {every: 500, cases: 1}\nmachine: {checkpointEvery: 500}\n' "$steps" >config.yaml
"$unet4j" train ct --model unet --fold 0 --plan plan.yaml --config config.yaml --out run >train.log 2>&1 &
process=$!
seen=0
while kill -0 "$process" 2>/dev/null; do
  sleep 1
  [ -f run/metrics.jsonl ] || continue
  done=$(wc -l <run/metrics.jsonl)
  if [ "$done" -ge $((seen + 500)) ] && [ -d "/proc/$process" ]; then
    seen=$((done / 500 * 500))
    printf 'step %5d: %s kB resident, %s threads, %s files\n' "$done" "$(awk '/VmRSS/ {print $2}' "/proc/$process/status")" \
      "$(find "/proc/$process/task" -mindepth 1 -maxdepth 1 | wc -l)" "$(find "/proc/$process/fd" -mindepth 1 | wc -l)"
  fi
done
wait "$process" || { cat train.log >&2; exit 1; }
tail -n 1 train.log
