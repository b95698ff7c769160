module lab/libpod

go 1.25.0

require (
	github.com/containers/buildah v1.43.2
	github.com/containers/podman/v5 v5.8.6
)
