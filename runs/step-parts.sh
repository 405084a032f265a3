#!/usr/bin/env bash
# What a training step is made of: convolutions, the rest of the network, loss, augmentation, optimizer, data and Java.
# Usage: runs/step-parts.sh path/to/Task04_Hippocampus fp32|bf16|fp16 [NETWORK...]
set -euo pipefail
dataset=$(cd "${1:?give the folder of a dataset}" && pwd)
precision=${2:?say in which precision: fp32, bf16 or fp16}
shift 2
cd "$(dirname "$0")/.."
./mvnw -B -ntp -q -Dquick -pl jmh -am package
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./unet4j prepare "$dataset" --out "$work/prepared"
eval "$(grep '^export ' unet4j)" # The launcher's environment.
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -cp jmh/target/benchmarks/unet4j-jmh.jar org.unet4j.jmh.StepParts "$work/prepared" "$precision" "${@:-unet}"
