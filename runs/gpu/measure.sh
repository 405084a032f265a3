#!/bin/sh
# Measures on a card what docs/PERFORMANCE.md says of cards, from what Pack.java packed. A command that fails or takes too long is told, and the next one begins.
# Usage: runs/gpu/measure.sh OUT STAGE...
#   tests, nccl    the tests tagged gpu; those of NCCL
#   precisions     steps of the U-Net at 128^3, batch 2, in every precision and layout; in fp32 and TF32 none was done within 130 and 75 s
#   networks       steps of the three other networks in bf16
#   hippocampus    trains on fold 0 of DATASET (STEPS steps a network, default 6000) and scores it; the card's use is sampled meanwhile
#   predict        segments a CT of 512 x 512 x 300 at 1.5 mm
# Variables: LIMIT, the seconds that a command may take; GPU_JAVA, GPU_LIB, LD_LIBRARY_PATH from join.sh; APP, the folder with what app.sh gathered;
# DATASET; MODELS
set -u
out=$1
shift
mkdir -p "$out"
limited_java() {
  OMP_WAIT_POLICY=PASSIVE OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 \
    MALLOC_TOP_PAD_=67108864 TORCH_CPP_LOG_LEVEL=FATAL TORCH_NCCL_BLOCKING_WAIT=1 timeout "${LIMIT:-240}" "$GPU_JAVA" -Xmx16g -XX:+UseSerialGC \
    -XX:PretenureSizeThreshold=1m -XX:NewRatio=7 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
    -cp "$APP/*:$GPU_LIB/*" "$@"
}
# Runs Java with a log NAME.log, and tells how it ended where it did not end well.
java() {
  name=$1
  shift
  limited_java "$@" >"$out/$name.log" 2>&1 || echo "$name ended with $?; see $out/$name.log"
}
steps() { # NAME MODELS PRECISION
  java "$1" org.unet4j.cli.Main throughput --budget standard --patch 128x128x128 --batch 2 --models "$2" --precisions "$3" \
    --layouts contiguous,channels_last --warmup 4 --steps 12 --rounds 1 --out "$out/$1"
  grep '^[a-z-]* *[a-z0-9]* *\(contiguous\|channels_last\) ' "$out/$1.log"
}
tests() { # NAME OPTION...
  name=$1
  shift
  java "$name" org.junit.platform.console.ConsoleLauncher execute --details=tree --disable-banner "$@"
  grep -E '\[X\]|tests (found|successful|failed|aborted)' "$out/$name.log"
}
sample_card() { nvidia-smi --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits --loop-ms=200 >"$out/$1-card.csv" & }
tell_card() {
  kill $! 2>/dev/null
  awk -F, -v what="$1" '$1 > 0 { n++; sum += $1 } $2 > most { most = $2 } END { printf "%s: card busy %.0f %% of the time from its first kernel on, %d MiB at most\n", what, n ? sum / n : 0, most }' "$out/$1-card.csv"
}

for stage; do
  began=$(date +%s)
  case $stage in
    tests) tests tests --include-tag=gpu --exclude-classname='.*CardNcclTest' --scan-classpath="$APP/tests.jar" ;;
    nccl) tests nccl --select-class=org.unet4j.ranks.CardNcclTest ;; # by itself, for NCCL may end its process
    precisions)
      for precision in bf16 fp16 tf32 fp32; do
        steps "precisions-$precision" unet "$precision"
      done
      ;;
    networks) steps networks resunet,attention-unet,attention-resunet bf16 ;;
    hippocampus)
      printf 'steps: %d\nvalidation: {every: 0}\n' "${STEPS:-6000}" >"$out/hippocampus.yaml"
      sample_card hippocampus
      java hippocampus org.unet4j.cli.Main benchmark "$DATASET" --budget standard --fold 0 --models "${MODELS:-unet}" \
        --config "$out/hippocampus.yaml" --out "$out/hippocampus"
      tell_card hippocampus
      tail -n 25 "$out/hippocampus.log"
      ;;
    predict)
      java predict-scan org.unet4j.jmh.LargeScan "$out/large" 3 1.5 wide
      sample_card predict
      java predict org.unet4j.cli.Main predict "$out/large/run" "$out/large/scan" --out "$out/large/labels" --existing overwrite
      tell_card predict
      tail -n 8 "$out/predict.log"
      ;;
    *) echo "no stage is called $stage" >&2 ;;
  esac
  echo "$stage: $(($(date +%s) - began)) s"
done
