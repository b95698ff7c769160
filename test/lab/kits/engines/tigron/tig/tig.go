// Package tig stands in for nerdctl's unpublished test module, which nerdctl
// reaches by a local replace directive that does not travel to dependents.
package tig

type T interface {
	Helper()
	FailNow()
	Fail()
	Log(args ...any)
	Name() string
	TempDir() string
}
