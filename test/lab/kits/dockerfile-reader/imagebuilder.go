package main

import (
	"fmt"
	"os"
	"strings"

	docker "github.com/fsouza/go-dockerclient"
	"github.com/openshift/imagebuilder"
	"github.com/openshift/imagebuilder/dockerfile/parser"
)

// readByImagebuilder dispatches as Buildah's executor does (imagebuildah/stage_executor.go).
func readByImagebuilder(asked question) ([]instruction, error) {
	node, err := imagebuilder.ParseDockerfile(strings.NewReader(asked.Dockerfile))
	if err != nil {
		return nil, err
	}
	stages, err := imagebuilder.NewStages(node, imagebuilder.NewBuilder(asked.Args))
	if err != nil {
		return nil, err
	}
	var told []instruction
	env := pairsOf(asked.Env)
	for _, stage := range stages {
		from, err := stage.Builder.From(stage.Node)
		if err != nil {
			return nil, err
		}
		words := []string{from}
		if stage.Name != fmt.Sprint(stage.Position) {
			words = append(words, stage.Name)
		}
		told = append(told, instruction{Keyword: "FROM", Words: words})
		image := &docker.Image{Config: &docker.Config{Image: from, Env: env}}
		if err := stage.Builder.FromImage(image, stage.Node); err != nil {
			return nil, err
		}
		for _, child := range stage.Node.Children {
			step, err := dispatch(stage.Builder, child, asked.Paths)
			if err != nil {
				return nil, err
			}
			told = append(told, step)
		}
		env = stage.Builder.Env
	}
	return told, nil
}

func dispatch(builder *imagebuilder.Builder, node *parser.Node, paths []string) (instruction, error) {
	told := instruction{Keyword: strings.ToUpper(node.Value), Flags: node.Flags, Heredocs: namesOf(node.Heredocs)}
	step := builder.Step()
	if err := step.Resolve(node); err != nil {
		return told, err
	}
	seen := &witness{}
	if err := builder.Run(step, seen, false); err != nil {
		return told, err
	}
	switch told.Keyword {
	case "RUN":
		told.Words, told.Exec = seen.run.Args, !seen.run.Shell
	case "COPY":
		sources, err := matches(seen.copy.Src, paths)
		if err != nil {
			return told, err
		}
		told.Words, told.Sources = []string{seen.copy.Dest}, sources
	case "ENTRYPOINT":
		told.Words, told.Exec = builder.RunConfig.Entrypoint, node.Attributes["json"]
	case "ENV":
		for index := 0; index+1 < len(step.Args); index += 2 {
			told.Words = append(told.Words, step.Args[index]+"="+step.Args[index+1])
		}
	case "USER":
		told.Words = []string{builder.RunConfig.User}
	case "WORKDIR":
		told.Words = []string{builder.RunConfig.WorkingDir}
	default:
		told.Words = step.Args
	}
	return told, nil
}

// witness is an executor that makes nothing.
type witness struct {
	run  imagebuilder.Run
	copy imagebuilder.Copy
}

func (w *witness) Preserve(string) error                                    { return nil }
func (w *witness) EnsureContainerPath(string) error                         { return nil }
func (w *witness) EnsureContainerPathAs(string, string, *os.FileMode) error { return nil }

func (w *witness) Copy(_ []string, copies ...imagebuilder.Copy) error {
	for _, copy := range copies {
		w.copy = copy
	}
	return nil
}

func (w *witness) Run(run imagebuilder.Run, _ docker.Config) error {
	w.run = run
	return nil
}

func (w *witness) UnrecognizedInstruction(step *imagebuilder.Step) error {
	return fmt.Errorf("nobody meant %s", step.Command)
}
