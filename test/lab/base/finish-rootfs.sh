#!/bin/sh
# mmdebstrap hook (customize, or extract when nothing is configured): $1 is the new root file system.
# Gives Debian's Python the face of the official python image, and the host's
# certificate bundle, so that pip and uv inside RUN trust what the host trusts.
set -eu
root=$1

rm -f "$root"/usr/lib/python3.*/EXTERNALLY-MANAGED
mkdir -p "$root/usr/local/bin"
ln -sf /usr/bin/python3 "$root/usr/local/bin/python"
ln -sf /usr/bin/python3 "$root/usr/local/bin/python3"
ln -sf /usr/bin/pip3 "$root/usr/local/bin/pip"

mkdir -p "$root/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

# What the host's own names, clock or dpkg runs left behind would differ between builds.
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/var/cache/ldconfig/aux-cache"
rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
