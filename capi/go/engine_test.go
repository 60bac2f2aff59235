package archaeologist_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"archaeologist"
)

func open(t *testing.T, options *archaeologist.Options) *archaeologist.Engine {
	t.Helper()
	return openFolder(t, filepath.Join(t.TempDir(), "data"), options)
}

func openFolder(t *testing.T, folder string, options *archaeologist.Options) *archaeologist.Engine {
	t.Helper()
	engine, err := archaeologist.Open(folder, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

// So long may a test take before it counts as hung.
func patience(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func wantCode(t *testing.T, err error, code archaeologist.Code, parts ...string) {
	t.Helper()
	if !errors.Is(err, code) {
		t.Fatalf("error is %v, must be %v", err, code)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("message %q lacks %q", err, part)
		}
	}
}

func project(t *testing.T, engine *archaeologist.Engine) *archaeologist.Project {
	t.Helper()
	return must(engine.CreateProject("demo", "what it is about"))(t)
}

// A folder named src with these files.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "src")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestFilesThatWereIngestedAreFound(t *testing.T) {
	engine := open(t, nil)
	folder := files(t, map[string]string{"lease.md": "# Leases\n\nA lease that is lost is refused.\n"})
	report := must(engine.Ingest(context.Background(), "demo", folder))(t)
	if report.Files != 1 || report.Searchable != 1 || report.Chunks < 1 || report.ProjectID == 0 {
		t.Errorf("report is %+v", report)
	}
	found := must(engine.Search("lost lease", nil))(t)
	if len(found.Hits) != 1 || found.Hits[0].SourceName != "src/lease.md" || !strings.Contains(found.Hits[0].Content, "refused") {
		t.Fatalf("found %+v", found)
	}
	if hit := found.Hits[0]; hit.ChunkID == "" || hit.Score <= 0 || hit.FirstLine != 1 || hit.End <= hit.Begin || hit.Heading != "Leases" {
		t.Errorf("hit is %+v", hit)
	}
	if again := must(engine.Ingest(context.Background(), "demo", folder))(t); again.Unchanged != 1 {
		t.Errorf("the second report is %+v", again)
	}
}

func TestAnIngestEndsWithItsContextAndOthersGoOn(t *testing.T) {
	engine := open(t, nil)
	if err := engine.PauseQueue(); err != nil { // so that none ends by itself
		t.Fatal(err)
	}
	folder := files(t, map[string]string{"a.txt": "some words\n"})
	ctx, cancel := context.WithCancel(context.Background())
	kept := make(chan *archaeologist.IngestReport)
	go func() { kept <- must(engine.Ingest(context.Background(), "kept", folder))(t) }()
	given := make(chan error)
	go func() {
		_, err := engine.Ingest(ctx, "given up", folder)
		given <- err
	}()
	for _, name := range []string{"kept", "given up"} { // until both are under way
		for !isStored(engine, name) {
			runtime.Gosched()
		}
	}
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("the ingest that was given up says %v", err)
	}
	if err := engine.ResumeQueue(); err != nil {
		t.Fatal(err)
	}
	if report := <-kept; report.Pending != 0 || report.Searchable+report.Unchanged < 1 {
		t.Errorf("the ingest that went on says %+v", report)
	}
}

func isStored(engine *archaeologist.Engine, projectName string) bool {
	project, err := engine.Project(projectName)
	return err == nil && project.SourceCount == 1
}

func TestCodeIsCutByItsLanguage(t *testing.T) {
	options := archaeologist.ChunkOptions{Kind: archaeologist.TextCode, Language: "python"}
	chunks := must(archaeologist.Chunk("x = 1\n\ndef first(a):\n    return a\n", &options))(t)
	if len(chunks) != 1 || chunks[0].Heading != "first" {
		t.Errorf("chunks are %+v", chunks)
	}
}

func TestWhatGitIgnoresIsTakenOnlyWhenAskedFor(t *testing.T) {
	engine := open(t, nil)
	folder := files(t, map[string]string{".gitignore": "*.log\n", "a.log": "ignored words\n"})
	some := must(engine.Ingest(context.Background(), "some", folder))(t)
	all := must(engine.IngestWith(context.Background(), archaeologist.IngestOptions{AllFiles: true}, "all", folder))(t)
	if some.Files != 1 || all.Files != 2 {
		t.Errorf("without .gitignore's files %d, with them %d", some.Files, all.Files)
	}
}

func TestASearchIsNarrowedByItsOptions(t *testing.T) {
	engine := open(t, nil)
	folder := files(t, map[string]string{"a.py": "def total(x):\n    return Total\n", "b.txt": "the total of it\n"})
	report := must(engine.Ingest(context.Background(), "demo", folder))(t)
	names := func(options archaeologist.SearchOptions, query string) string {
		t.Helper()
		var names []string
		for _, hit := range must(engine.Search(query, &options))(t).Hits {
			names = append(names, fmt.Sprint(hit.SourceName, ":", hit.FirstLine))
		}
		sort.Strings(names)
		return strings.Join(names, " ")
	}
	for _, one := range []struct {
		query   string
		options archaeologist.SearchOptions
		wanted  string
	}{
		{"total", archaeologist.SearchOptions{Languages: []string{"python"}, Limit: 1}, "src/a.py:1"},
		{"total", archaeologist.SearchOptions{PathGlob: "*.txt"}, "src/b.txt:1"},
		{"Total", archaeologist.SearchOptions{Mode: archaeologist.SearchLiteral}, "src/a.py:2"},
		{"TOTAL", archaeologist.SearchOptions{Mode: archaeologist.SearchLiteral, IgnoreCase: true, PerSource: 1}, "src/a.py:1 src/b.txt:1"},
		{"tota", archaeologist.SearchOptions{Mode: archaeologist.SearchLiteral, WholeWord: true}, ""},
		{"total", archaeologist.SearchOptions{ProjectIDs: []int64{report.ProjectID}, FileTypes: []string{"code"}}, "src/a.py:1"},
		{"total", archaeologist.SearchOptions{Mode: archaeologist.SearchWords, Offset: 5}, ""},
		{"T[a-z]+l$", archaeologist.SearchOptions{Mode: archaeologist.SearchLiteral, Regex: true}, "src/a.py:2"},
		{"total -path:*.txt lang:python", archaeologist.SearchOptions{Limit: 1}, "src/a.py:1"},
	} {
		if got := names(one.options, one.query); got != one.wanted {
			t.Errorf("%q with %+v: found %q, must be %q", one.query, one.options, got, one.wanted)
		}
	}
	_, err := engine.Search("total", &archaeologist.SearchOptions{ProjectIDs: []int64{77}})
	wantCode(t, err, archaeologist.ErrNotFound, "77")
	hit := must(engine.Search("Total", &archaeologist.SearchOptions{Mode: archaeologist.SearchLiteral, Context: 3}))(t).Hits[0]
	if hit.Symbol != "total" || hit.Before+hit.Content+hit.After != "def total(x):\n    return Total\n" {
		t.Errorf("the hit is %+v", hit)
	}
	_, err = engine.Search("x", &archaeologist.SearchOptions{Context: 101})
	wantCode(t, err, archaeologist.ErrInvalidArgument, "100")
	_, err = engine.Search("", nil)
	wantCode(t, err, archaeologist.ErrInvalidArgument)
	_, err = engine.Search("x", &archaeologist.SearchOptions{Limit: 1 << 40})
	wantCode(t, err, archaeologist.ErrInvalidArgument, "Limit")
}

func TestAnEngineIsSetUpByAFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "engine.conf")
	if err := os.WriteFile(path, []byte("data = \""+filepath.Join(folder, "data")+"\"\nworker-id = filed\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	engine := must(archaeologist.OpenFile(path, nil))(t)
	defer engine.Close()
	project(t, engine)
	_, err := archaeologist.OpenFile(filepath.Join(folder, "none.conf"), nil)
	wantCode(t, err, archaeologist.ErrNotFound, "none.conf")
}

func TestCloseMayBeCalledAgainAndByManyAtOnce(t *testing.T) {
	engine := open(t, nil)
	must(engine.StartWorker())(t)
	var closers sync.WaitGroup
	for i := 0; i < 8; i++ {
		closers.Add(1)
		go func() {
			defer closers.Done()
			if err := engine.Close(); err != nil {
				t.Error(err)
			}
		}()
	}
	closers.Wait()
	_, err := engine.Projects()
	wantCode(t, err, archaeologist.ErrConflict, "closed")
	if engine.Dimension() != 0 {
		t.Error("a closed engine has a dimension")
	}
}

func TestCallsAreRefusedWhenTheEngineIsClosedMeanwhile(t *testing.T) {
	engine := open(t, nil)
	project(t, engine)
	var callers sync.WaitGroup
	for i := 0; i < 8; i++ {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for {
				if _, err := engine.Project("demo"); err != nil {
					if !errors.Is(err, archaeologist.ErrConflict) {
						t.Error(err)
					}
					return
				}
			}
		}()
	}
	engine.Close()
	callers.Wait()
}

func TestAnEngineThatWasForgottenIsClosed(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	gone := make(chan struct{})
	embedder := &archaeologist.Embedder{Dimension: 4, ModelID: "forgotten-1", Embed: func(texts []string, _ archaeologist.Role) ([][]float32, error) {
		return make([][]float32, len(texts)), nil
	}}
	func() {
		guarded := &struct{ bytes [64]byte }{}
		runtime.SetFinalizer(guarded, func(any) { close(gone) })
		embed := embedder.Embed
		embedder.Embed = func(texts []string, role archaeologist.Role) ([][]float32, error) {
			runtime.KeepAlive(guarded)
			return embed(texts, role)
		}
		engine := must(archaeologist.Open(folder, &archaeologist.Options{Embedder: embedder}))(t)
		must(engine.CreateProject("demo", ""))(t)
		embedder = nil
	}()
	// The library lets go of the embedder when the engine is closed, and only then can the garbage collector have it.
	for ctx := patience(t); ; {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal("the embedder of a forgotten engine is still held")
		}
	}
}

func TestBadOptionsAreRefusedWithTheirNames(t *testing.T) {
	folder := t.TempDir()
	for _, one := range []struct {
		options archaeologist.Options
		part    string
	}{
		{archaeologist.Options{Workers: 1 << 40}, "Workers"},
		{archaeologist.Options{Workers: 5000}, "workers"},
		{archaeologist.Options{Lease: -time.Second}, "lease"},
		{archaeologist.Options{WorkerID: "a\x00b"}, "NUL"},
		{archaeologist.Options{FileBytesMax: -1}, "FileBytesMax"},
		{archaeologist.Options{Queue: 9}, "9"},
		{archaeologist.Options{Embedder: &archaeologist.Embedder{}}, "Embed"},
	} {
		engine, err := archaeologist.Open(filepath.Join(folder, "data"), &one.options)
		if err == nil {
			engine.Close()
		}
		wantCode(t, err, archaeologist.ErrInvalidArgument, one.part)
	}
	_, err := archaeologist.Open("a\x00b", nil)
	wantCode(t, err, archaeologist.ErrInvalidArgument, "NUL")
}

func TestTheCheckLooksAtTheEngine(t *testing.T) {
	findings := must(open(t, nil).Check())(t)
	if len(findings) == 0 {
		t.Fatal("nothing was looked at")
	}
	for _, finding := range findings {
		if finding.Name == "" || finding.Verdict == "bad" || finding.Found == "" {
			t.Errorf("finding is %+v", finding)
		}
	}
}

func TestTheVersionIsTheLibrarys(t *testing.T) {
	if version := archaeologist.Version(); strings.Count(version, ".") != 2 {
		t.Errorf("version is %q", version)
	}
	if archaeologist.ABIVersion() < 1 {
		t.Errorf("ABI is %d", archaeologist.ABIVersion())
	}
}

func TestErrorsKnowTheirCodeAndWhetherToTryAgain(t *testing.T) {
	engine := open(t, nil)
	_, err := engine.Project("nobody's")
	wantCode(t, err, archaeologist.ErrNotFound, "nobody's")
	if errors.Is(err, archaeologist.ErrConflict) || archaeologist.IsRetriable(err) {
		t.Errorf("%v is taken for another", err)
	}
	var failed *archaeologist.Error
	if !errors.As(fmt.Errorf("while looking: %w", err), &failed) || failed.Code != archaeologist.ErrNotFound {
		t.Errorf("%v is no *Error", err)
	}
	if archaeologist.ErrLeaseLost.Error() != "lease_lost" || archaeologist.Code(99).String() != "Code(99)" || archaeologist.JobQueued.String() != "queued" {
		t.Error("the names of constants are wrong")
	}
	retriable := &archaeologist.Error{Code: archaeologist.ErrUnavailable, Retriable: true}
	if !archaeologist.IsRetriable(fmt.Errorf("again: %w", retriable)) || archaeologist.IsRetriable(nil) {
		t.Error("retriable errors are not told from others")
	}
}
