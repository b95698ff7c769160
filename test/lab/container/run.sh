#!/bin/sh
# `npm test` in a container that can have the lab, for machines that cannot. Needs docker (or podman: CONTAINER_TOOL=podman).
# Arguments go to `npm test`.
set -eu
cd "$(dirname "$0")/../../.."
tool=${CONTAINER_TOOL:-docker}
image=$("$tool" build --quiet --platform linux/amd64 test/lab/container)
# Engines keep files in .lab and /tmp, where a container's own file system, an overlay, will not do; programs of the
# machine's own system are in its node_modules. What took minutes to make is kept in the volume bento-image-lab.
exec "$tool" run --rm --init --privileged --platform linux/amd64 \
  --volume "$PWD:/checkout" --volume /checkout/node_modules --volume /checkout/.lab --volume /tmp \
  --volume bento-image-lab:/root/.cache --workdir /checkout "$image" npm test -- --lab "$@"
