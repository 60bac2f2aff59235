package archaeologist_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archaeologist"
)

func TestProjectsAreMadeFoundChangedAndDeleted(t *testing.T) {
	engine := open(t, nil)
	made := project(t, engine)
	if made.ID == 0 || made.Name != "demo" || made.Description != "what it is about" || made.CreatedAt.IsZero() || !json.Valid(made.JSON) {
		t.Errorf("made %+v", made)
	}
	_, err := engine.CreateProject("demo", "")
	wantCode(t, err, archaeologist.ErrAlreadyExists, "demo")
	if found := must(engine.ProjectByID(made.ID))(t); found.Name != "demo" {
		t.Errorf("found %+v", found)
	}
	name := "renamed"
	changed := must(engine.UpdateProject(made.ID, archaeologist.ProjectChange{Name: &name}))(t)
	if changed.Name != name || changed.Description != made.Description {
		t.Errorf("changed into %+v", changed)
	}
	denied := must(engine.SetExternalModels(made.ID, archaeologist.ExternalDenied))(t)
	if changed.ExternalModels != archaeologist.ExternalAllowed || denied.ExternalModels != archaeologist.ExternalDenied {
		t.Errorf("changed %+v into %+v", changed, denied)
	}
	if found := must(engine.Project(name))(t); found.ID != made.ID {
		t.Errorf("found %+v", found)
	}
	if err := engine.DeleteProject(made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = engine.ProjectByID(made.ID)
	wantCode(t, err, archaeologist.ErrNotFound)
}

func TestAllProjectsAreListedHoweverMany(t *testing.T) {
	engine := open(t, nil)
	if none := must(engine.Projects())(t); len(none) != 0 {
		t.Fatalf("a new folder has projects: %v", none)
	}
	for i := 0; i < 203; i++ {
		must(engine.CreateProject(fmt.Sprintf("p%03d", i), ""))(t)
	}
	projects := must(engine.Projects())(t)
	if len(projects) != 203 {
		t.Fatalf("listed %d", len(projects))
	}
	for i, one := range projects {
		if one.Name != fmt.Sprintf("p%03d", i) {
			t.Fatalf("number %d is %q", i, one.Name)
		}
	}
}

func TestAnUploadIsProcessedInTheBackground(t *testing.T) {
	engine := open(t, nil)
	demo := project(t, engine)
	must(engine.StartWorker())(t)
	content := strings.Repeat("A line about leases.\n", 500)
	options := archaeologist.UploadOptions{Priority: archaeologist.PriorityHigh, MaxRetries: archaeologist.None, Metadata: json.RawMessage(`{"of":"go"}`)}
	stored := must(engine.Upload(patience(t), demo.ID, "doc/leases.txt", strings.NewReader(content), &options))(t)
	if stored.Job == nil || stored.Job.Priority != archaeologist.PriorityHigh || stored.Source.Filename != "doc/leases.txt" {
		t.Fatalf("stored %+v, job %+v", stored.Source, stored.Job)
	}
	job := must(stored.Job.Wait(patience(t)))(t)
	if !job.Finished || job.Status != archaeologist.JobCompleted || !json.Valid(job.Result) || job.FinishedAt.Before(job.CreatedAt) {
		t.Fatalf("the job ended as %+v", job)
	}
	source := must(engine.Source(stored.Source.ID))(t)
	if source.Status != archaeologist.SourceSearchable || source.ChunkCount < 2 || source.FileSize != int64(len(content)) || string(source.Metadata) != `{"of":"go"}` {
		t.Errorf("the source is %+v", source)
	}
	if again := must(engine.UploadBytes(demo.ID, "doc/leases.txt", []byte(content), nil))(t); again.Job != nil || again.Source.Version != 1 {
		t.Errorf("the same content made %+v", again)
	}
	page := must(engine.SourceChunks(source.ID, 1, 1))(t)
	if page.Total != source.ChunkCount || !page.HasMore || len(page.Chunks) != 1 || page.Chunks[0].ByteRange[0] != 0 {
		t.Errorf("the chunks are %+v", page)
	}
	if got := must(engine.SourceContent(source.ID, 2, 4))(t); string(got) != "line" {
		t.Errorf("content from 2 on is %q", got)
	}
	if got := must(engine.SourceText(source.ID, int64(len(content))-8, 100))(t); string(got) != "leases.\n" {
		t.Errorf("the text's end is %q", got)
	}
}

func TestSourcesAreListedChangedReprocessedAndDeleted(t *testing.T) {
	engine := open(t, nil)
	demo := project(t, engine)
	must(engine.StartWorker())(t)
	path := filepath.Join(t.TempDir(), "one.txt")
	if err := os.WriteFile(path, []byte("first words\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	stored := must(engine.UploadFile(demo.ID, "", path, nil))(t)
	must(stored.Job.Wait(patience(t)))(t)
	must(must(engine.UploadBytes(demo.ID, "empty.txt", nil, nil))(t).Job.Wait(patience(t)))(t)
	page := must(engine.Sources(archaeologist.SourceFilter{ProjectID: demo.ID}, 1, 1))(t)
	if page.Total != 2 || len(page.Sources) != 1 || page.Sources[0].Filename != "empty.txt" || page.Sources[0].Reason == "" {
		t.Errorf("the first page is %+v", page)
	}
	searchable := archaeologist.SourceFilter{ProjectID: demo.ID, Status: archaeologist.SourceSearchable}
	if page := must(engine.Sources(searchable, 1, 1000))(t); page.Total != 1 || page.Sources[0].Filename != "one.txt" {
		t.Errorf("searchable are %+v", page)
	}
	_, err := engine.Sources(searchable, 1, 0)
	wantCode(t, err, archaeologist.ErrInvalidArgument, "perPage is 0")
	if changed := must(engine.SetSourceMetadata(stored.Source.ID, json.RawMessage(`{"a":1}`)))(t); string(changed.Metadata) != `{"a":1}` {
		t.Errorf("metadata is %s", changed.Metadata)
	}
	again := must(engine.ReprocessSource(stored.Source.ID, archaeologist.PriorityUrgent))(t)
	if done := must(again.Wait(patience(t)))(t); done.Status != archaeologist.JobCompleted || done.ID == stored.Job.ID {
		t.Errorf("processing again ended as %+v", done)
	}
	if err := engine.DeleteSource(stored.Source.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, engine.DeleteSource(stored.Source.ID), archaeologist.ErrNotFound)
}

type failing struct{ after io.Reader }

var errBroken = errors.New("the pipe is broken")

func (f failing) Read(block []byte) (int, error) {
	count, err := f.after.Read(block)
	if errors.Is(err, io.EOF) {
		err = errBroken
	}
	return count, err
}

func TestAnUploadThatIsNotFinishedLeavesNothing(t *testing.T) {
	engine := open(t, nil)
	demo := project(t, engine)
	_, err := engine.Upload(patience(t), demo.ID, "broken.txt", failing{strings.NewReader("some")}, nil)
	if !errors.Is(err, errBroken) {
		t.Errorf("the reader's error became %v", err)
	}
	upload := must(engine.BeginUpload(demo.ID, "bits.txt", nil))(t)
	if _, err := io.WriteString(upload, "half of "); err != nil {
		t.Fatal(err)
	}
	upload.Close()
	upload.Close()
	_, err = upload.Write([]byte("it"))
	wantCode(t, err, archaeologist.ErrConflict)
	_, err = upload.Finish()
	wantCode(t, err, archaeologist.ErrConflict)
	if page := must(engine.Sources(archaeologist.SourceFilter{ProjectID: demo.ID}, 1, 10))(t); page.Total != 0 {
		t.Errorf("sources are there: %+v", page.Sources)
	}
	_, err = engine.BeginUpload(demo.ID, "../up.txt", nil)
	wantCode(t, err, archaeologist.ErrInvalidArgument)
	_, err = engine.UploadBytes(99, "a.txt", []byte("x"), nil)
	wantCode(t, err, archaeologist.ErrNotFound)
}

func TestAnUploadIsFinishedOnce(t *testing.T) {
	engine := open(t, nil)
	demo := project(t, engine)
	upload := must(engine.BeginUpload(demo.ID, "bits.txt", nil))(t)
	defer upload.Close()
	for i := 0; i < 1000; i++ {
		if count, err := fmt.Fprintf(upload, "line %d\n", i); err != nil || count == 0 {
			t.Fatal(count, err)
		}
	}
	stored := must(upload.Finish())(t)
	if stored.Source.FileSize != 8890 || stored.Job == nil {
		t.Errorf("stored %+v", stored.Source)
	}
	_, err := upload.Finish()
	wantCode(t, err, archaeologist.ErrConflict)
}
