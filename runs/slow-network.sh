#!/usr/bin/env bash
# What two ranks on two machines lose to a slow network between them: the median step where it is as fast as memory and where it carries MBIT
# megabits a second each way, in turns, beside the time that the gradients alone need there. What the step loses less than that goes on
# beside the backward pass.
# The machines are two network namespaces on this one: needs Linux, root, and ip and tc (Debian: iproute2).
# Usage: runs/slow-network.sh path/to/Task04_Hippocampus [MBIT] [NETWORK] [STEPS] [ROUNDS]
set -euo pipefail
dataset=$(cd "${1:?give the folder of a dataset}" && pwd)
mbit=${2:-200}
network=${3:-unet}
steps=${4:-30}
rounds=${5:-3}
unet4j="$(cd "$(dirname "$0")/.." && pwd)/unet4j"
"$unet4j" --version
work=$(mktemp -d)
machine=unet4j-$$
other=
end() {
  [ -z "$other" ] || { kill "$other" && wait "$other"; } 2>/dev/null || true
  ip netns del "$machine-0" 2>/dev/null || true
  ip netns del "$machine-1" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
cd "$work"
for rank in 0 1; do
  ip netns add "$machine-$rank"
  ip -n "$machine-$rank" link set lo up
done
ip link add link-0 netns "$machine-0" type veth peer name link-1 netns "$machine-1"
for rank in 0 1; do
  ip -n "$machine-$rank" addr add 10.77.0.$((rank + 1))/24 dev link-$rank
  ip -n "$machine-$rank" link set link-$rank up
done
"$unet4j" prepare "$dataset" >prepare.log 2>&1 || { cat prepare.log >&2; exit 1; }
printf 'steps: %d\nvalidation: {every: 0}\nmachine: {threads: 1}\n' "$steps" >config.yaml

carry() { # MBIT, or 0 for all that it can
  for rank in 0 1; do
    ip netns exec "$machine-$rank" tc qdisc del dev link-$rank root 2>/dev/null || true
    [ "$1" = 0 ] || ip netns exec "$machine-$rank" tc qdisc add dev link-$rank root tbf rate "$1mbit" burst 64kb latency 500ms
  done
}
rank() { # RANK FOLDER
  exec ip netns exec "$machine-$1" env RANK="$1" WORLD_SIZE=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=10.77.0.1 MASTER_PORT=29400 \
    "$unet4j" train "$dataset" --model "$network" --fold 0 --config config.yaml --out "$2" >"$2-$1.log" 2>&1
}
measure() { # FOLDER FILE: appends the steps' times to FILE
  rank 1 "$1" &
  other=$!
  { (rank 0 "$1") && wait "$other"; } || { cat "$1-0.log" "$1-1.log" >&2; exit 1; }
  other=
  grep '"loss"' "$1/metrics.jsonl" | sed 's/.*"step":\([0-9]*\).*"seconds":\([0-9.E-]*\).*/\1 \2/' |
    awk '$1 > 6 { print $2 - before } { before = $2 }' >>"$2"
}
median() { sort -g "$1" | awk '{ sorted[NR] = $1 } END { print sorted[int((NR + 1) / 2)] }'; }
for round in $(seq "$rounds"); do
  carry 0
  measure "fast-$round" fast
  carry "$mbit"
  measure "slow-$round" slow
done
bytes=$(stat -c %s fast-1/last.safetensors)
awk -v network="$network" -v fast="$(median fast)" -v slow="$(median slow)" -v bytes="$bytes" -v mbit="$mbit" 'BEGIN {
  printf "%s: median step %.3f s; at %d Mbit/s %.3f s, %.3f s more; gradients of %.1f MB need %.3f s there\n",
    network, fast, mbit, slow, slow - fast, bytes / 1e6, bytes * 8 / (mbit * 1e6)
}'
