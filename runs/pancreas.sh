#!/usr/bin/env bash
# The study: four networks on the pancreas and its tumours in CT (MSD Task 07, 281 labelled cases), fold 0. Downloads the dataset (12 GB, and as
# much again while it is unpacked), prepares it, trains and compares the networks, and writes the report. Started again it goes on where it stopped.
# Usage: runs/pancreas.sh DIR [RANKS]
#   DIR    where everything goes: DIR/Task07_Pancreas, and results under DIR/work
#   RANKS  processes that train together on this machine, one for each card (default: 1). A batch that they cannot share equally is made larger.
# Variables, all of them optional:
#   MSD_URL  another place of the archive, an address or a file    MSD_MD5  its MD5 sum, where it is not the published one
#   STEPS    length of each training                               UNET4J   the command to start in place of ./unet4j
set -euo pipefail
dir=${1:?give a folder for the dataset and the results}
ranks=${2:-1}
[[ $ranks =~ ^[1-9][0-9]*$ ]] || { echo "RANKS is '$ranks', must be a number from 1" >&2; exit 2; }
unet4j=${UNET4J:-$(cd "$(dirname "$0")/.." && pwd)/unet4j}
task=Task07_Pancreas
mkdir -p "$dir"
cd "$dir"

set -- # The options of each command in turn.
[ -z "${MSD_URL:-}" ] || set -- "$@" --from "$MSD_URL"
[ -z "${MSD_MD5:-}" ] || set -- "$@" --md5 "$MSD_MD5"
"$unet4j" download "$task" . "$@"

"$unet4j" prepare "$task"
plan=work/prepared/$task/plan.yaml
if grep -q '^budget: compact' "$plan"; then
  echo "no card: small networks and few steps, which a processor trains in hours; their scores say less than those of a card" >&2
fi

batch=$(sed -n 's/^batch: *//p' "$plan")
shared=$(((batch + ranks - 1) / ranks * ranks))
config=work/pancreas.yaml
: >"$config"
[ -z "${STEPS:-}" ] || echo "steps: $STEPS" >>"$config"
[ "$shared" = "$batch" ] || echo "samples: {batch: $shared}" >>"$config"
set -- --fold 0
[ ! -s "$config" ] || set -- "$@" --config "$config"
[ "$ranks" = 1 ] || set -- "$@" --ranks "$ranks"
exec "$unet4j" benchmark "$task" "$@"
