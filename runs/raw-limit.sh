#!/usr/bin/env bash
# How near a training step comes to its convolutions alone: for the networks whose throughput was measured into DIR, the
# median time of the same convolutions, forward and backward, back to back, beside the median step.
# Usage: ./unet4j throughput --out DIR && runs/raw-limit.sh DIR
set -euo pipefail
folder=$(cd "${1:?give the --out folder of a throughput}" && pwd)
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q -Dquick -pl jmh -am package
eval "$(grep '^export ' unet4j)" # The launcher's environment, in which the steps were measured.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -cp jmh/target/benchmarks/unet4j-jmh.jar org.unet4j.jmh.RawLimit "$folder"
