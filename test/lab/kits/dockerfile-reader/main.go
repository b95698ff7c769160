// Command dockerfile-reader says what builders understand of Dockerfiles. A line of JSON on the standard input is a
// Dockerfile, a line on the standard output the answers of BuildKit's and Buildah's own parsers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// question is a Dockerfile and what lies around it.
type question struct {
	Dockerfile string `json:"dockerfile"`
	// Env is the environment of the base image.
	Env map[string]string `json:"env"`
	// Args are the build arguments.
	Args map[string]string `json:"args"`
	// Paths are those of the context that COPY may mean.
	Paths []string `json:"paths"`
}

// instruction is what a builder would do, variables expanded.
type instruction struct {
	Keyword string `json:"keyword"`
	// Words are NAME=VALUE of ENV, the text for the shell of RUN, the destination of COPY.
	Words []string `json:"words"`
	// Sources are, for each source of COPY, the paths that it matches.
	Sources [][]string `json:"sources,omitempty"`
	Flags   []string   `json:"flags,omitempty"`
	// Exec says that RUN or ENTRYPOINT starts a program and no shell.
	Exec bool `json:"exec,omitempty"`
	// Heredocs are the names of the here-documents that belong to it.
	Heredocs []string `json:"heredocs,omitempty"`
}

type answer struct {
	Error        string        `json:"error,omitempty"`
	Instructions []instruction `json:"instructions,omitempty"`
}

type answers struct {
	// Syntax is the frontend that BuildKit would fetch.
	Syntax       string `json:"syntax"`
	Buildkit     answer `json:"buildkit"`
	Imagebuilder answer `json:"imagebuilder"`
}

func main() {
	// Both lexers report odd characters on the standard error as they go on.
	input := json.NewDecoder(bufio.NewReader(os.Stdin))
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for input.More() {
		var asked question
		if err := input.Decode(&asked); err != nil {
			log.Fatal(err)
		}
		syntax, _, _, _ := parser.DetectSyntax([]byte(asked.Dockerfile))
		told := answers{
			Syntax:       syntax,
			Buildkit:     answerOf(readByBuildkit(asked)),
			Imagebuilder: answerOf(readByImagebuilder(asked)),
		}
		if err := encoder.Encode(told); err != nil {
			log.Fatal(err)
		}
	}
}

// matches does what both builders do with a source of COPY.
func matches(patterns []string, paths []string) ([][]string, error) {
	var all [][]string
	for _, pattern := range patterns {
		matched := []string{}
		for _, path := range paths {
			ok, err := filepath.Match(pattern, path)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", pattern, err)
			}
			if ok {
				matched = append(matched, path)
			}
		}
		all = append(all, matched)
	}
	return all, nil
}

func answerOf(instructions []instruction, err error) answer {
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Instructions: instructions}
}
