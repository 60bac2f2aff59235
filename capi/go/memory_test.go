package archaeologist_test

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"archaeologist"
)

const megabyte = 1 << 20

// The process's memory, C's included; Go's garbage is handed back before.
func residentBytes(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("this system does not tell how much memory a process has")
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize())
}

// Each call moves about a megabyte; what it forgot to free would add up to 40.
func TestCallsFreeWhatTheyTookAndWhatTheyGot(t *testing.T) {
	engine := open(t, &archaeologist.Options{Embedder: &archaeologist.Embedder{Dimension: 26, ModelID: "letters-1", Embed: letters}})
	var lines strings.Builder
	for lines.Len() < megabyte {
		fmt.Fprintf(&lines, "words of line %d, and an end.\n", lines.Len())
	}
	large := lines.String()
	folder := files(t, map[string]string{"large.txt": large})
	report := must(engine.Ingest(context.Background(), "demo", folder))(t)
	source := must(engine.Sources(archaeologist.SourceFilter{ProjectID: report.ProjectID}, 1, 1))(t).Sources[0]
	vectors := must(archaeologist.OpenVectors(t.TempDir(), 26))(t)
	defer vectors.Close()
	calls := map[string]func() error{
		"refused": func() error { _, err := engine.Project(large); return err },
		"uploaded": func() error {
			_, err := engine.UploadBytes(report.ProjectID, source.Filename, []byte(large), nil)
			return err
		},
		"read":   func() error { _, err := engine.SourceText(source.ID, 0, megabyte); return err },
		"chunks": func() error { _, err := engine.SourceChunks(source.ID, 1, 1000); return err },
		"found": func() error {
			_, err := engine.Search("words", &archaeologist.SearchOptions{Limit: 1000, PerSource: archaeologist.None})
			return err
		},
		"embedded": func() error {
			_, err := engine.Embed([]string{large[:megabyte-30]}, archaeologist.RoleQuery)
			return err
		},
		"cut": func() error { _, err := archaeologist.Chunk(large, nil); return err },
		"stored": func() error {
			return vectors.Upsert(archaeologist.Document{ProjectID: 1, SourceID: 1}, []archaeologist.Point{point(0, large[:megabyte-30], make([]float32, 26)...)})
		},
		"waiting": func() error {
			_, err := engine.Enqueue(archaeologist.NewJob{Type: "never", ID: "5f0b3c52-9d4c-4f0e-8a5e-0d5a3a1f0c11",
				Data: []byte(`{"large":"` + strings.Repeat("x", megabyte-100) + `"}`)})
			return err
		},
	}
	for name, call := range calls {
		var before int64
		for i := 0; i < 45; i++ {
			if i == 5 { // caches are full by then
				before = residentBytes(t)
			}
			if err := call(); err != nil && name != "refused" {
				t.Fatal(name, err)
			}
		}
		if more := residentBytes(t) - before; more > 20*megabyte {
			t.Errorf("%s: 40 calls took %d MB", name, more/megabyte)
		} else {
			t.Logf("%s: %d KB", name, more>>10)
		}
	}
}
