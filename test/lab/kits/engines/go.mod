module lab/engines

go 1.26.6

require (
	github.com/containerd/containerd/v2 v2.4.2
	github.com/containerd/nerdctl/v2 v2.3.5
	github.com/docker/buildx v0.36.1
	github.com/docker/cli v29.7.2+incompatible
	github.com/google/go-containerregistry v0.22.1
	github.com/moby/buildkit v0.33.0
	github.com/moby/moby/v2 v2.0.0-beta.24
	github.com/opencontainers/runc v1.5.2
	github.com/tonistiigi/go-rosetta v0.0.0-20220804170347-3f4430f2d346
	github.com/xeipuuv/gojsonschema v1.2.0
)


replace github.com/containerd/nerdctl/mod/tigron v0.0.0 => ./tigron
