#!/bin/sh
# mmdebstrap extract hook: packages are unpacked and
# never configured (configuring under qemu takes 300 s), so what their
# maintainer scripts would have made is made here.
set -eu
root=$1

cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
mkdir -p "$root/tmp" "$root/root" "$root/proc" "$root/sys" "$root/dev"
chmod 1777 "$root/tmp"
ln -sf dash "$root/bin/sh"
