//go:build tools

package libpod

import (
	_ "github.com/containers/buildah/cmd/buildah"
	_ "github.com/containers/podman/v5/cmd/podman"
)
