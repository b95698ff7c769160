#!/bin/sh
# Set-up, checks, unit and dist tests, then the lab with six real engines where the machine can have it; see test.ts for the arguments.
set -eu
cd "$(dirname "$0")/../.."
sh .github/scripts/setup.sh
export PATH="$PWD/node_modules/.bin:$PATH"
exec node .github/scripts/test.ts "$@"
