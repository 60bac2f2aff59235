package archaeologist_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"archaeologist"
)

func TestTheBuiltInWorkerRunsUntilItIsStopped(t *testing.T) {
	engine := open(t, &archaeologist.Options{WorkerID: "built-in", Workers: 2, Grace: archaeologist.None})
	worker := must(engine.StartWorker())(t)
	_, err := engine.StartWorker()
	wantCode(t, err, archaeologist.ErrConflict)
	var status struct {
		WorkerID string `json:"worker_id"`
		State    string
	}
	if err := json.Unmarshal(must(worker.Status())(t), &status); err != nil || status.WorkerID != "built-in" {
		t.Errorf("the status is %+v, %v", status, err)
	}
	if err := worker.Drain(patience(t)); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 2; i++ {
		if err := worker.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	again := must(engine.StartWorker())(t)
	worker.Close()
	again.Close()
	again.Close()
	_, err = again.Status()
	wantCode(t, err, archaeologist.ErrConflict)
}

func TestEventsTellWhatHappened(t *testing.T) {
	engine := open(t, nil)
	before := must(engine.Events(0, archaeologist.EventFilter{}))(t)
	told := make(chan error, 1)
	go func() {
		events, err := engine.WaitEvents(patience(t), before.Cursor, archaeologist.EventFilter{})
		if err == nil && (len(events.List) == 0 || events.Cursor <= before.Cursor) {
			err = fmt.Errorf("events are %+v", events)
		}
		told <- err
	}()
	id := enqueue(t, engine, thumbnail)[0]
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	lease := claim(t, engine)
	if err := lease.Complete(nil); err != nil {
		t.Fatal(err)
	}
	events := must(engine.Events(0, archaeologist.EventFilter{JobID: id, Limit: 1000}))(t)
	var kinds []string
	for _, event := range events.List {
		kinds = append(kinds, event.Kind)
		if event.JobID != id || event.ID <= 0 || event.At.IsZero() || !json.Valid(event.JSON) {
			t.Errorf("event %+v", event)
		}
	}
	if text := strings.Join(kinds, " "); !strings.HasSuffix(text, "job.completed") {
		t.Errorf("the job's events are %s", text)
	}
	if none := must(engine.Events(events.NewestID, archaeologist.EventFilter{}))(t); len(none.List) != 0 || none.Cursor != events.NewestID {
		t.Errorf("after the newest there are %+v", none)
	}
}

// Counts letters: a vector of the alphabet.
func letters(texts []string, _ archaeologist.Role) ([][]float32, error) {
	rows := make([][]float32, len(texts))
	for i, text := range texts {
		rows[i] = make([]float32, 26)
		for _, letter := range strings.ToLower(text) {
			if letter >= 'a' && letter <= 'z' {
				rows[i][letter-'a']++
			}
		}
	}
	return rows, nil
}

func TestAnOwnEmbedderIsAsked(t *testing.T) {
	var mutex sync.Mutex
	asked := map[archaeologist.Role]int{}
	engine := open(t, &archaeologist.Options{Embedder: &archaeologist.Embedder{
		Dimension: 26, ModelID: "letters-1", MatchesMeaning: true,
		Embed: func(texts []string, role archaeologist.Role) ([][]float32, error) {
			mutex.Lock()
			asked[role] += len(texts)
			mutex.Unlock()
			return letters(texts, role)
		},
	}})
	if engine.Dimension() != 26 {
		t.Errorf("the dimension is %d", engine.Dimension())
	}
	folder := files(t, map[string]string{"z.txt": "zzzz zzz zz\n", "a.txt": "aaaa aaa aa\n"})
	must(engine.Ingest(context.Background(), "demo", folder))(t)
	found := must(engine.Search("z", &archaeologist.SearchOptions{Mode: archaeologist.SearchSemantic, Limit: 1}))(t)
	if len(found.Hits) != 1 || found.Hits[0].SourceName != "src/z.txt" {
		t.Errorf("nearest to z is %+v", found.Hits)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if asked[archaeologist.RoleDocument] < 2 || asked[archaeologist.RoleQuery] < 1 {
		t.Errorf("the embedder was asked %v", asked)
	}
}

func TestTextsAreEmbeddedInOrder(t *testing.T) {
	engine := open(t, &archaeologist.Options{Embedder: &archaeologist.Embedder{Dimension: 26, ModelID: "letters-1", Embed: letters}})
	rows := must(engine.Embed([]string{"aa", "", "ab"}, archaeologist.RoleDocument))(t)
	if len(rows) != 3 || rows[0][0] != 1 || rows[1][0] != 0 || math.Abs(float64(rows[2][1])-math.Sqrt(0.5)) > 1e-6 {
		t.Errorf("the vectors are %v", rows)
	}
	if rows := must(engine.Embed(nil, archaeologist.RoleQuery))(t); len(rows) != 0 {
		t.Errorf("no text gave %v", rows)
	}
	_, err := engine.Embed([]string{"a"}, 7)
	wantCode(t, err, archaeologist.ErrInvalidArgument, "role")
}

func TestTheErrorsOfAnEmbedderReachTheCaller(t *testing.T) {
	answers := map[string]func() ([][]float32, error){
		"rate": func() ([][]float32, error) {
			return nil, fmt.Errorf("model: %w", &archaeologist.Error{Code: archaeologist.ErrRateLimited, Message: "later"})
		},
		"code":  func() ([][]float32, error) { return nil, archaeologist.ErrTooLarge },
		"other": func() ([][]float32, error) { return nil, errors.New("the model is away") },
		"panic": func() ([][]float32, error) { panic("at the model") },
		"rows":  func() ([][]float32, error) { return nil, nil },
		"short": func() ([][]float32, error) { return [][]float32{{1}}, nil },
	}
	engine := open(t, &archaeologist.Options{Embedder: &archaeologist.Embedder{Dimension: 4, ModelID: "broken-1",
		Embed: func(texts []string, _ archaeologist.Role) ([][]float32, error) { return answers[texts[0]]() }}})
	for text, wanted := range map[string]struct {
		code archaeologist.Code
		part string
	}{
		"rate": {archaeologist.ErrRateLimited, "later"}, "code": {archaeologist.ErrTooLarge, "too_large"},
		"other": {archaeologist.ErrUnavailable, "the model is away"}, "panic": {archaeologist.ErrInternal, "at the model"},
		"rows": {archaeologist.ErrInvalidArgument, "0 vectors"}, "short": {archaeologist.ErrInvalidArgument, "1 dimensions"},
	} {
		_, err := engine.Embed([]string{text}, archaeologist.RoleQuery)
		wantCode(t, err, wanted.code, wanted.part)
	}
}

// The worker tells of a job that was cancelled under its hands.
func TestTheLogIsTold(t *testing.T) {
	begun, told := make(chan struct{}), make(chan string, 100)
	var once sync.Once
	slow := &archaeologist.Embedder{Dimension: 4, ModelID: "slow-1",
		Embed: func(texts []string, _ archaeologist.Role) ([][]float32, error) {
			once.Do(func() { close(begun) })
			select {
			case job := <-told:
				told <- job
			case <-patience(t).Done():
			}
			return nil, archaeologist.ErrCancelled
		}}
	engine := open(t, &archaeologist.Options{LogLevel: archaeologist.LogInfo, Embedder: slow, Heartbeat: 100 * time.Millisecond,
		Log: func(level archaeologist.LogLevel, message, jobID string) {
			if level == archaeologist.LogInfo && jobID != "" && strings.Contains(message, jobID) {
				told <- jobID
			}
		}})
	must(engine.StartWorker())(t)
	stored := must(engine.UploadBytes(project(t, engine).ID, "a.txt", []byte("some words"), nil))(t)
	<-begun
	if err := engine.CancelJob(stored.Job.ID); err != nil {
		t.Fatal(err)
	}
	engine.Close()
	select {
	case job := <-told:
		if job != stored.Job.ID {
			t.Errorf("told of %q, must be of %q", job, stored.Job.ID)
		}
	default:
		t.Error("nothing was told")
	}
}

func point(ordinal int, text string, vector ...float32) archaeologist.Point {
	begin := int64(ordinal * 100)
	return archaeologist.Point{Ordinal: ordinal, CoreBegin: begin, CoreEnd: begin + int64(len(text)), ContextBegin: begin,
		FirstLine: int64(ordinal + 1), Text: text, Vector: vector}
}

func TestVectorsAreKeptAndAskedWithoutAnEngine(t *testing.T) {
	vectors := must(archaeologist.OpenVectors(t.TempDir(), 2))(t)
	defer vectors.Close()
	document := archaeologist.Document{ProjectID: 1, SourceID: 7, SourceName: "doc/a.txt"}
	first, second := strings.Repeat("east ", 20), strings.Repeat("north", 20)
	if err := vectors.Upsert(document, []archaeologist.Point{point(0, first, 1, 0), point(1, second, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	if count := must(vectors.Count(1, 7, ""))(t); count != 2 {
		t.Errorf("%d points are there", count)
	}
	hits := must(vectors.Query(archaeologist.VectorQuery{ProjectID: 1, Vector: []float32{0.1, 0.9}, Limit: 1}))(t)
	if len(hits) != 1 || hits[0].Ordinal != 1 || hits[0].Text != second || hits[0].SourceID != 7 || hits[0].Begin != 100 || hits[0].FirstLine != 2 {
		t.Errorf("nearest is %+v", hits)
	}
	hits = must(vectors.Query(archaeologist.VectorQuery{ProjectID: 1, Words: "east", PathGlob: "doc/*"}))(t)
	if len(hits) != 1 || hits[0].Ordinal != 0 || hits[0].PointID == "" || hits[0].Score <= 0 {
		t.Errorf("with the word are %+v", hits)
	}
	if hits := must(vectors.Query(archaeologist.VectorQuery{ProjectID: 1, Words: "east", SourceIDs: []int64{8}}))(t); len(hits) != 0 {
		t.Errorf("of another source are %+v", hits)
	}
	_, err := vectors.Query(archaeologist.VectorQuery{ProjectID: 1, Vector: []float32{1}})
	wantCode(t, err, archaeologist.ErrInvalidArgument)
	wantCode(t, vectors.Upsert(document, []archaeologist.Point{point(2, "x", 1)}), archaeologist.ErrInvalidArgument, "vector_size is 1")
	if err := vectors.Delete(1, 7, ""); err != nil {
		t.Fatal(err)
	}
	if count := must(vectors.Count(1, 7, ""))(t); count != 0 {
		t.Errorf("%d points are left", count)
	}
	vectors.Close()
	vectors.Close()
	_, err = vectors.Count(1, 7, "")
	wantCode(t, err, archaeologist.ErrConflict)
}

func TestAnEnginesVectorsAreMadeByItsEmbedder(t *testing.T) {
	engine := open(t, &archaeologist.Options{Embedder: &archaeologist.Embedder{Dimension: 26, ModelID: "letters-1", Embed: letters}})
	vectors := must(engine.Vectors())(t)
	defer vectors.Close()
	document := archaeologist.Document{ProjectID: project(t, engine).ID, SourceID: 1000, Generation: "5f0b3c52-9d4c-4f0e-8a5e-0d5a3a1f0c11"}
	text := strings.Repeat("z", 100)
	if err := vectors.Upsert(document, []archaeologist.Point{point(0, strings.Repeat("a", 100)), point(1, text)}); err != nil {
		t.Fatal(err)
	}
	hits := must(vectors.Query(archaeologist.VectorQuery{ProjectID: document.ProjectID, NearestTo: "zz", Limit: 1}))(t)
	if len(hits) != 1 || hits[0].Text != text || hits[0].Generation != document.Generation {
		t.Errorf("nearest is %+v", hits)
	}
}

func TestChunksTileTheText(t *testing.T) {
	text := "# One\n\n" + strings.Repeat("Words about one. ", 200) + "\n\n# Two\n\n" + strings.Repeat("Words about two. ", 200)
	chunks := must(archaeologist.Chunk(text, &archaeologist.ChunkOptions{Kind: archaeologist.TextMarkdown, TargetTokens: 64}))(t)
	at, headings := 0, map[string]bool{}
	for _, chunk := range chunks {
		if chunk.Begin != at || chunk.ContextBegin > chunk.Begin || chunk.ContextEnd < chunk.End || chunk.Tokens < 1 || chunk.FirstLine < 1 || chunk.LastLine < chunk.FirstLine {
			t.Fatalf("after %d comes %+v", at, chunk)
		}
		at = chunk.End
		headings[chunk.Heading] = true
	}
	if at != len(text) || len(chunks) < 10 || !headings["One"] || !headings["Two"] {
		t.Errorf("%d chunks end at %d of %d, headings are %v", len(chunks), at, len(text), headings)
	}
	if none := must(archaeologist.Chunk("", nil))(t); len(none) != 0 {
		t.Errorf("the empty text gave %+v", none)
	}
	_, err := archaeologist.Chunk("a", &archaeologist.ChunkOptions{TargetTokens: 3})
	wantCode(t, err, archaeologist.ErrInvalidArgument)
}

func TestWordsAreFoldedAndIdentifiersHaveParts(t *testing.T) {
	terms := must(archaeologist.Analyze("Leases parseHTML"))(t)
	var texts []string
	for _, term := range terms {
		texts = append(texts, term.Text)
	}
	joined := " " + strings.Join(texts, " ") + " "
	for _, wanted := range []string{" leas", " parsehtml ", " html "} {
		if !strings.Contains(joined, wanted) {
			t.Errorf("the terms are%s, without%s", joined, wanted)
		}
	}
	if last := terms[len(terms)-1]; !last.SamePosition || last.End != len("Leases parseHTML") || last.Begin < 7 {
		t.Errorf("the last term is %+v", last)
	}
}

func broken() *archaeologist.Embedder {
	return &archaeologist.Embedder{Dimension: 4, ModelID: "broken-1",
		Embed: func([]string, archaeologist.Role) ([][]float32, error) { panic("at the model") }}
}

func TestAPanickingEmbedderFailsTheJobAndNotTheProgram(t *testing.T) {
	engine := open(t, &archaeologist.Options{Embedder: broken()})
	must(engine.StartWorker())(t)
	stored := must(engine.UploadBytes(project(t, engine).ID, "a.txt", []byte("some words"),
		&archaeologist.UploadOptions{MaxRetries: archaeologist.None}))(t)
	job := must(stored.Job.Wait(patience(t)))(t)
	if job.Status != archaeologist.JobFailed || !strings.Contains(job.ErrorMessage, "at the model") {
		t.Errorf("the job ended as %v: %s", job.Status, job.ErrorMessage)
	}
}
