#!/bin/sh
# mmdebstrap extract hook: $1 is a root file system with nothing but Debian's
# static busybox. A fixed list, because arm64's busybox cannot be asked here.
set -eu
root=$1

mkdir -p "$root/bin" "$root/etc" "$root/root" "$root/tmp" "$root/var"
chmod 1777 "$root/tmp"
for name in sh ash awk base64 basename cat chmod chown cmp cp cut date dd df diff dirname du echo env expr false \
  find grep gunzip gzip head hostname httpd id ip kill ln ls md5sum mkdir mktemp mv nc printf ps pwd readlink \
  realpath rm rmdir sed seq sha256sum sleep sort stat sync tail tar tee test touch tr true uname uniq vi wc wget \
  which whoami xargs; do
  [ -e "$root/bin/$name" ] || ln -s busybox "$root/bin/$name"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"
rm -rf "$root/usr/share"
