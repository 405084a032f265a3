#!/usr/bin/env bash
# How fast the data path is: the rows of docs/PERFORMANCE.md, measured on 512 x 512 x 90 phantom CTs.
# Usage: runs/data-path.sh DIR [PART...]
#   DIR     where the phantoms (1.3 GB) and the results are kept; with BEFORE=DIR/COMMIT.tsv the table also shows what another commit had
#   PART    resampling, sampling, augmentation, preparation (default: all)
# A new part is a function part_NAME that calls `row WHAT VALUE TARGET`.
set -euo pipefail
folder=$(mkdir -p "${1:?give a folder for phantoms and results}" && cd "$1" && pwd)
shift
cd "$(dirname "$0")/.."
parts=("$@")
[ $# -gt 0 ] || parts=(resampling sampling augmentation preparation)
commit=$(git rev-parse --short HEAD)
[ -z "$(git status --porcelain --untracked-files=no)" ] || commit="$commit, changed since"
machine="$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
results="$folder/${commit%%,*}.tsv"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The value that the row WHAT had in the file BEFORE, if there is one.
before() {
  [ -z "${BEFORE:-}" ] || awk -F '\t' -v what="$1" '$1 == what { value = $2 } END { print value }' "$BEFORE"
}

row() {
  printf '%s\t%s\n' "$1" "$2" >>"$work/results.tsv"
  printf '| %s | %s | %s | `runs/data-path.sh DIR %s` | %s | %s | %s | %s |\n' \
    "$(date +%F)" "$machine" "$commit" "$part" "$1" "$(before "$1")" "$2" "$3"
}

phantoms() {
  dataset="$folder/Task07_Phantom"
  [ -d "$dataset" ] || ./unet4j phantom "$dataset" --full --cases 48 2>&1 | tail -n 1 >&2
}

# Runs the benchmark $1 of the module jmh in the environment of the launcher; what is left of its lines is "name, score, parameter".
jmh() {
  ./mvnw -B -ntp -q -Dquick -pl jmh -am package >&2
  (
    eval "$(grep '^export ' unet4j)"
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar jmh/target/benchmarks/unet4j-jmh.jar "$@" -rf csv -rff "$work/jmh.csv" >&2
  )
  tail -n +2 "$work/jmh.csv" | tr -d '"' | awk -F , '{ sub(/.*[.]/, "", $1); print $1 "," $5 "," $8 }'
}

# Milliseconds on one thread.
part_resampling() {
  local scores
  scores=$(jmh ResampleBenchmark)
  while IFS=, read -r what score spacing; do
    row "$what to $spacing mm, one thread" "$(printf '%.0f ms' "$score")" \
      "$([ "$what$spacing" != imageCubic1.0 ] || echo 'an eighth of skimage')"
  done <<<"$scores"
}

# Patches a second that two threads cut.
part_sampling() {
  local scores
  scores=$(jmh SamplingBenchmark)
  while IFS=, read -r _ score _; do
    row 'patches of 128^3 with labels cut from the store, two threads' "$(printf '%.0f a second' "$score")" '150 a second'
  done <<<"$scores"
}

# Patches of 96^3 with labels that one thread augments.
part_augmentation() {
  local scores
  scores=$(jmh AugmentBenchmark -p transform=spatial,everything)
  while IFS=, read -r _ score transform; do
    row "a patch of 96^3 with labels augmented, $transform, one thread" \
      "$(awk -v ms="$score" 'BEGIN { printf "%.1f ms: %.0f a second", ms, 1000 / ms }')" \
      "$([ "$transform" != everything ] || echo '50 ms: 20 a second')"
  done <<<"$scores"
}

# The whole command from the second start on, when the files are in the page cache.
part_preparation() {
  phantoms
  local cases
  cases=$(find "$dataset/imagesTr" -name '*.nii.gz' | wc -l)
  plan >"$work/plan.yaml"
  sed 's/thickSliceRatio: .*/thickSliceRatio: 3/' "$work/plan.yaml" >"$work/thick.yaml"
  prepare "$work/plan.yaml" >/dev/null
  row 'preparing to 1.5 x 1.5 x 2 mm, third order along every axis, JVM start included' \
    "$(rate "$cases" "$(prepare "$work/plan.yaml")") volumes a minute" '60, aim 120'
  row 'the same, nearest through thick slices' \
    "$(rate "$cases" "$(prepare "$work/thick.yaml")") volumes a minute" '60, aim 120'
}

# Seconds that preparing everything from nothing takes.
prepare() {
  local TIMEFORMAT=%R
  { time ./unet4j prepare "$dataset" --plan "$1" --out "$work/prepared" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; } 2>&1
  rm -rf "$work/prepared"
}

rate() { awk -v cases="$1" -v seconds="$2" 'BEGIN { printf "%.0f", 60 * cases / seconds }'; }

plan() {
  cat <<'YAML'
dataset: Task07_Phantom
channels:
  - {name: CT, normalization: {type: ct, lower: -6.0, upper: 160.0, mean: 89.5, sd: 33.9}}
classes: {0: background, 1: pancreas, 2: tumour}
crop: body
spacing: [2.0, 1.5, 1.5]
resampling:
  image: cubic
  thickSliceRatio: .inf
  throughPlane: nearest
medianShape: [112, 141, 175]
budget: compact
patch: [32, 64, 64]
batch: 2
topology:
  strides: [[1, 1, 1], [2, 2, 2], [2, 2, 2]]
  kernels: [[3, 3, 3], [3, 3, 3], [3, 3, 3]]
  features: [16, 32, 64]
YAML
}

./unet4j --version >&2
echo '| date | machine | commit | command | what | before | after | target |'
echo '|---|---|---|---|---|---|---|---|'
for part in "${parts[@]}"; do
  "part_$part"
done
cat "$work/results.tsv" >>"$results"
