// Package config reads the configuration file: a flat YAML file of flag names. Flags stand over the environment, the
// environment over the file, the file over the defaults.
package config

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// Resolver reads a configuration file for kong. A key that is no flag of the command is an error that names it.
func Resolver(known []string) kong.ConfigurationLoader {
	return func(r io.Reader) (kong.Resolver, error) {
		values := map[string]any{}
		if err := yaml.NewDecoder(r).Decode(&values); err != nil && err != io.EOF { //nolint:errorlint // io.EOF is returned bare for an empty file
			return nil, fmt.Errorf("the configuration file is not valid YAML: %w", err)
		}
		ok := map[string]bool{}
		for _, k := range known {
			ok[k] = true
		}
		var bad []string
		for k := range values {
			if !ok[k] {
				bad = append(bad, k)
			}
		}
		if len(bad) > 0 {
			sort.Strings(bad)
			return nil, fmt.Errorf("the configuration file has unknown keys: %s; known are: %s", strings.Join(bad, ", "), strings.Join(known, ", "))
		}
		return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
			return values[flag.Name], nil
		}), nil
	}
}
