package main

import (
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// readByBuildkit does what dockerfile2llb does before it solves anything.
func readByBuildkit(asked question) ([]instruction, error) {
	result, err := parser.Parse(strings.NewReader(asked.Dockerfile))
	if err != nil {
		return nil, err
	}
	if _, _, err := instructions.Parse(result.AST, nil); err != nil {
		return nil, err
	}
	lex := shell.NewLex(result.EscapeToken)
	stages := map[string]map[string]string{}
	env := map[string]string{}
	var told []instruction
	for _, node := range result.AST.Children {
		if strings.EqualFold(node.Value, "FROM") {
			env = stageOf(node, asked.Env, stages)
		}
		expand := func(word string) (string, error) {
			expanded, _, err := lex.ProcessWord(word, shell.EnvsFromSlice(pairsOf(env)))
			return expanded, err
		}
		command, err := instructions.ParseInstruction(node)
		if err != nil {
			return nil, err
		}
		if expandable, ok := command.(instructions.SupportsSingleWordExpansion); ok {
			if err := expandable.Expand(expand); err != nil {
				return nil, err
			}
		}
		words, exec, err := wordsOf(command)
		if err != nil {
			return nil, err
		}
		remember(command, env, asked.Args)
		step := instruction{
			Keyword:  strings.ToUpper(node.Value),
			Words:    words,
			Flags:    node.Flags,
			Exec:     exec,
			Heredocs: namesOf(node.Heredocs),
		}
		if copied, ok := command.(*instructions.CopyCommand); ok {
			if step.Sources, err = matches(copied.SourcePaths, asked.Paths); err != nil {
				return nil, err
			}
		}
		told = append(told, step)
	}
	return told, nil
}

// stageOf is the environment that a stage starts with, which the stages after it may take over.
func stageOf(node *parser.Node, base map[string]string, stages map[string]map[string]string) map[string]string {
	from := base
	if earlier, ok := stages[strings.ToLower(node.Next.Value)]; ok {
		from = earlier
	}
	env := map[string]string{}
	for name, value := range from {
		env[name] = value
	}
	if as := node.Next.Next; as != nil && as.Next != nil {
		stages[strings.ToLower(as.Next.Value)] = env
	}
	return env
}

func wordsOf(command any) (words []string, exec bool, err error) {
	switch command := command.(type) {
	case *instructions.Stage:
		if command.Name == "" {
			return []string{command.BaseName}, false, nil
		}
		return []string{command.BaseName, command.Name}, false, nil
	case *instructions.EnvCommand:
		for _, pair := range command.Env {
			words = append(words, pair.Key+"="+pair.Value)
		}
		return words, false, nil
	case *instructions.ArgCommand:
		for _, arg := range command.Args {
			words = append(words, arg.Key)
		}
		return words, false, nil
	case *instructions.RunCommand:
		return command.CmdLine, !command.PrependShell, nil
	case *instructions.CopyCommand:
		return []string{command.DestPath}, false, nil
	case *instructions.UserCommand:
		return []string{command.User}, false, nil
	case *instructions.WorkdirCommand:
		return []string{command.Path}, false, nil
	case *instructions.ExposeCommand:
		return command.Ports, false, nil
	case *instructions.EntrypointCommand:
		return command.CmdLine, !command.PrependShell, nil
	}
	return nil, false, fmt.Errorf("nobody meant %T", command)
}

func remember(command any, env map[string]string, args map[string]string) {
	switch command := command.(type) {
	case *instructions.EnvCommand:
		for _, pair := range command.Env {
			env[pair.Key] = pair.Value
		}
	case *instructions.ArgCommand:
		for _, arg := range command.Args {
			if value, ok := args[arg.Key]; ok {
				env[arg.Key] = value
			}
		}
	}
}

func pairsOf(env map[string]string) []string {
	var pairs []string
	for name, value := range env {
		pairs = append(pairs, name+"="+value)
	}
	return pairs
}

func namesOf(heredocs []parser.Heredoc) []string {
	var names []string
	for _, heredoc := range heredocs {
		names = append(names, heredoc.Name)
	}
	return names
}
