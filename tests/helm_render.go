// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only

// Render a chart as Helm does, as far as this project's chart goes: Go's own
// templates, and the few functions of Helm's that it uses. Values are JSON, because
// that is YAML too and Go can read it.
//
// usage: helm_render VALUES.json TEMPLATE...
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"text/template"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "helm_render:", err)
		os.Exit(1)
	}
}

func isEmpty(value interface{}) bool {
	return value == nil || reflect.ValueOf(value).IsZero()
}

func inline(value interface{}) string {
	text, err := json.Marshal(value)
	check(err)
	return string(text)
}

// Blocks outside, JSON inside.
func toYaml(value interface{}) string {
	var lines []string

	switch value := value.(type) {
	case map[string]interface{}:
		for key, each := range value {
			lines = append(lines, inline(key)+": "+inline(each))
		}
		sort.Strings(lines)
	case []interface{}:
		for _, each := range value {
			lines = append(lines, "- "+inline(each))
		}
	default:
		lines = append(lines, inline(value))
	}
	return strings.Join(lines, "\n")
}

func main() {
	var values map[string]interface{}
	chart := template.New("chart").Option("missingkey=error")

	chart.Funcs(template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			var text bytes.Buffer
			err := chart.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
		"nindent": func(width int, text string) string {
			indent := "\n" + strings.Repeat(" ", width)
			return indent + strings.ReplaceAll(text, "\n", indent)
		},
		"toYaml": toYaml,
		"quote":  func(value interface{}) string { return fmt.Sprintf("%q", fmt.Sprint(value)) },
		"default": func(otherwise, value interface{}) interface{} {
			if isEmpty(value) {
				return otherwise
			}
			return value
		},
	})
	bytes, err := os.ReadFile(os.Args[1])
	check(err)
	check(json.Unmarshal(bytes, &values))
	_, err = chart.ParseFiles(os.Args[2:]...)
	check(err)
	data := map[string]interface{}{
		"Values":  values,
		"Release": map[string]string{"Name": "portclass", "Namespace": "portclass", "Service": "Helm"},
		"Chart":   map[string]string{"Name": "portclass", "Version": "0.1.0", "AppVersion": "0.1"},
	}
	for _, path := range os.Args[2:] {
		name := path[strings.LastIndex(path, "/")+1:]
		if strings.HasPrefix(name, "_") {
			continue
		}
		fmt.Println("---")
		check(chart.ExecuteTemplate(os.Stdout, name, data))
	}
}
