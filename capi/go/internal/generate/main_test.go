package main

import (
	"bytes"
	"os"
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
