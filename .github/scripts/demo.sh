#!/bin/sh
# The main job on real input, on a machine with nothing prepared; see demo.ts. `npm run demo -- --lab` leaves the machine's own engine alone.
set -eu
cd "$(dirname "$0")/../.."
sh .github/scripts/setup.sh
export PATH="$PWD/node_modules/.bin:$PATH"
exec node .github/scripts/demo.ts "$@"
