#!/bin/sh
# Everything: set-up, checks, unit and dist tests, then the lab with six real engines. Ends with `N passed, N failed`.
set -eu
cd "$(dirname "$0")/../.."
sh .github/scripts/setup.sh
export PATH="$PWD/node_modules/.bin:$PATH"
exec node .github/scripts/test.ts
