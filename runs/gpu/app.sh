#!/bin/sh
# Gathers what changes from commit to commit, for runs/gpu/measure.sh: unet4j, its tests and benchmarks, and JUnit's launcher.
# Usage: runs/gpu/app.sh OUT
set -e
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
./mvnw -B -ntp -q -Pcuda -Dquick -Dmaven.test.skip=false -DskipTests package
cp cli/target/unet4j/lib-cuda/unet4j-*.jar "$out"
jar --create --file "$out/tests.jar" -C core/target/test-classes .
jar --create --file "$out/jmh.jar" -C jmh/target/classes org/unet4j
junit=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' pom.xml)
./mvnw -B -ntp -q dependency:copy -pl core -Dartifact=org.junit.platform:junit-platform-console-standalone:"$junit" -DoutputDirectory="$out"
./mvnw -B -ntp -q dependency:copy-dependencies -pl core -Pcuda -DincludeArtifactIds=assertj-core,byte-buddy,archunit -DoutputDirectory="$out"
