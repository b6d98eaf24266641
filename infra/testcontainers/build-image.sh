#!/bin/bash
# Builds unpark-kafka:4.3.1, an image that stands in for apache/kafka:4.3.1 where no image registry can be reached: Debian's base, a
# part of this machine's JDK, and Kafka's own jars from Maven. Needs root, docker, debootstrap, a JDK 17 and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$root/pom.xml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}

mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | head -1)
debootstrap --variant=minbase bookworm "$work/fs" ${mirror:+"$mirror"} > "$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
rm -rf "$work/fs/var/cache/apt" "$work/fs/var/lib/apt/lists" "$work/fs/usr/share/doc" "$work/fs/usr/share/locale"

"$java_home/bin/jlink" --strip-debug --no-header-files --no-man-pages --output "$work/fs/opt/java" --add-modules \
  java.base,java.desktop,java.logging,java.management,java.naming,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported,jdk.zipfs

mkdir -p "$work/fs/opt/kafka/libs" "$work/fs/etc/kafka/docker"
(cd "$root" && mvn -B -q -pl embedded -am process-classes dependency:copy-dependencies -DincludeScope=test -DexcludeGroupIds=io.unpark,org.junit.jupiter,org.junit.platform,org.assertj,org.awaitility \
  -DoutputDirectory="$work/fs/opt/kafka/libs")
install -m 755 "$here/run" "$work/fs/etc/kafka/docker/run"

tar -C "$work/fs" -c . | docker import --change 'ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "unpark-kafka:$version"
docker image inspect --format 'unpark-kafka:'"$version"' {{.Size}} bytes' "unpark-kafka:$version"
