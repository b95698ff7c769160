//go:build tools

package rootlesskit

import _ "github.com/rootless-containers/rootlesskit/v3/cmd/rootlesskit"
