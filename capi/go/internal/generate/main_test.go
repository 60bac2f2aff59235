package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const headerPath = "../../../../include/archaeologist/archaeologist.h"

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheConstantsAreThoseOfTheHeader(t *testing.T) {
	wanted, err := generate(string(readFile(t, headerPath)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(wanted, readFile(t, "../../constants.go")) {
		t.Error("constants.go is stale; run go generate in capi/go")
	}
}

func TestEveryConstantOfTheHeaderIsThere(t *testing.T) {
	header := string(readFile(t, headerPath))
	made, err := generate(header)
	if err != nil {
		t.Fatal(err)
	}
	wanted := len(regexp.MustCompile(`ARCHAEO_[A-Z_]+ = -?\d`).FindAllString(header, -1))
	got := len(regexp.MustCompile(`(?m)^\t\w+ +\w+ += -?\d`).FindAllString(string(made), -1))
	if wanted < 30 || got != wanted-1 { // ARCHAEO_OK is no constant of the binding's
		t.Errorf("the header's enums have %d constants, constants.go %d", wanted, got)
	}
	for _, line := range []string{"ErrInternal         Code = 17", "JobCancelled JobStatus = 6", "const None = -1"} {
		if !strings.Contains(string(made), line) {
			t.Errorf("constants.go lacks %q", line)
		}
	}
}

func TestAnUnknownConstantIsRefused(t *testing.T) {
	header := string(readFile(t, headerPath))
	for _, addition := range []string{"\nenum { ARCHAEO_COLOUR_RED = 1 };\n", "\n#define ARCHAEO_LIMIT 7\n"} {
		if _, err := generate(header + addition); err == nil || !strings.Contains(err.Error(), "is not known") {
			t.Errorf("after %q: %v", addition, err)
		}
	}
}

// What the binding has no use for.
var unused = map[string]string{
	"archaeo_code_name":            "constants.go has the names",
	"archaeo_chunks_begin":         "archaeo_chunks_copy gives it",
	"archaeo_chunks_end":           "the same",
	"archaeo_chunks_context_begin": "the same",
	"archaeo_chunks_context_end":   "the same",
	"archaeo_chunks_first_line":    "the same",
	"archaeo_chunks_last_line":     "the same",
	"archaeo_chunks_tokens":        "the same",
	"archaeo_terms_text":           "archaeo_terms_copy gives it",
	"archaeo_terms_begin":          "the same",
	"archaeo_terms_end":            "the same",
	"archaeo_terms_same_position":  "the same",
	"archaeo_upload_abort":         "Close frees, which aborts",
	"archaeo_queue_wake_fd":        "goroutines wait in Claim",
	"archaeo_queue_wake_clear":     "the same",
}

func TestEveryFunctionOfTheHeaderIsCalled(t *testing.T) {
	files, err := filepath.Glob("../../*.go")
	if err != nil {
		t.Fatal(err)
	}
	var binding strings.Builder
	for _, file := range files {
		binding.Write(readFile(t, file))
	}
	functions := regexp.MustCompile(`(?m)^ARCHAEO_API [^(]*?(archaeo_\w+)\(`).FindAllStringSubmatch(string(readFile(t, headerPath)), -1)
	if len(functions) < 100 {
		t.Fatalf("the header has %d functions", len(functions))
	}
	for _, function := range functions {
		name := function[1]
		isCalled := regexp.MustCompile(`\b` + name + `\(`).MatchString(binding.String())
		if _, isUnused := unused[name]; isCalled == isUnused {
			t.Errorf("%s: is called: %v, is listed as unused: %v", name, isCalled, isUnused)
		}
	}
}
