#!/bin/sh
# A scanner as BuildKit calls it: https://github.com/moby/buildkit/blob/master/docs/attestations/sbom-protocol.md
set -e
export SYFT_CHECK_FOR_APP_UPDATE=false

scan() {
  name=$(basename "$1")
  {
    printf '{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":'
    syft scan "dir:$1" --source-name "$name" --override-default-catalogers image --output spdx-json --quiet
    printf '}\n'
  } > "$BUILDKIT_SCAN_DESTINATION/$name.spdx.json"
}

scan "$BUILDKIT_SCAN_SOURCE"
for extra in "${BUILDKIT_SCAN_SOURCE_EXTRAS:-/nowhere}"/*; do
  if [ -d "$extra" ]; then scan "$extra"; fi
done
