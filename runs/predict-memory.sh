#!/usr/bin/env bash
# Peak memory of segmenting a CT of 512 x 512 x 800 voxels of 0.8 mm, int16, with an untrained network: resident memory of the
# process, as the system counts it, and how long it took. Input 400 MiB and output 200 MiB in memory.
# With "writing" as the last argument only what follows the network: labels brought back to the scan's grid, picture, counts, file.
# Usage: runs/predict-memory.sh DIR [CLASSES [SPACING_MM [HEAP [whole|writing]]]]    3 classes at the scan's own 0.8 mm in 1g of heap
set -euo pipefail
folder=${1:?give a folder for the scan and the network}
classes=${2:-3}
spacing=${3:-0.8}
heap=${4:-1g}
part=${5:-whole}
case $part in whole | writing) ;; *) echo "the last argument is '$part', must be whole or writing" >&2; exit 2 ;; esac
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q -Dquick -pl jmh -am package
if [ "$part" = writing ]; then
  exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "-Xmx$heap" -XX:+UseSerialGC -XX:PretenureSizeThreshold=1m -XX:NewRatio=7 \
    -cp jmh/target/benchmarks/unet4j-jmh.jar org.unet4j.jmh.LargeLabels "$folder" "$classes" "$spacing"
fi
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -cp jmh/target/benchmarks/unet4j-jmh.jar org.unet4j.jmh.LargeScan "$folder" "$classes" "$spacing"
rm -rf "$folder/labels"
UNET4J_JAVA_OPTS="-Xmx$heap" ./unet4j predict "$folder/run" "$folder/scan" --out "$folder/labels" &
process=$!
peak=0
while kill -0 "$process" 2>/dev/null; do
  now=$(awk '/VmHWM/ {print $2}' "/proc/$process/status" 2>/dev/null || true)
  peak=${now:-$peak}
  sleep 0.2
done
wait "$process"
printf '%s classes at %s mm, heap %s: %s MiB resident at most, %s s\n' "$classes" "$spacing" "$heap" $((peak / 1024)) "$SECONDS"
