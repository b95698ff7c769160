#!/bin/sh
# Installs what package-lock.json names, when it is not installed already. Works with whatever Node and npm the machine has;
# afterwards node_modules/.bin/node is the Node that the runner uses.
set -eu
cd "$(dirname "$0")/../.."
wanted=$(cksum < package-lock.json)
if [ "$(cat node_modules/.installed-lock 2>/dev/null)" != "$wanted" ]; then
  npm ci --no-progress >&2
  printf '%s\n' "$wanted" > node_modules/.installed-lock
fi
