// Hands files over, follows their processing, and searches them: ingest DATA_DIR QUERY FILE_OR_FOLDER...
//
// To build it: go mod init ingest, then in go.mod
//
//	require archaeologist v0.0.0
//	replace archaeologist => /usr/share/gocode/src/archaeologist
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"archaeologist"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: ingest DATA_DIR QUERY FILE_OR_FOLDER...")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "ingest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dataDir, query string, paths []string) error {
	engine, err := archaeologist.Open(dataDir, nil)
	if err != nil {
		return err
	}
	defer engine.Close() // what is not processed by then waits for the next run
	if _, err := engine.StartWorker(); err != nil {
		return err
	}
	project, err := engine.CreateProject("example", "")
	if errors.Is(err, archaeologist.ErrAlreadyExists) {
		project, err = engine.Project("example")
	}
	if err != nil {
		return err
	}
	jobs, err := upload(ctx, engine, project.ID, paths)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		ended, err := job.Wait(ctx)
		if err != nil {
			return err
		}
		if ended.Status == archaeologist.JobFailed {
			fmt.Fprintln(os.Stderr, "failed:", ended.ErrorMessage)
		}
	}
	return search(engine, project.ID, query)
}

// Every file is durable when its upload returns; the jobs are those of files that are new or have changed.
func upload(ctx context.Context, engine *archaeologist.Engine, projectID int64, paths []string) ([]*archaeologist.Job, error) {
	var jobs []*archaeologist.Job
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			stored, err := engine.UploadFile(projectID, filepath.Base(path), path, nil)
			if err == nil && stored.Job != nil {
				jobs = append(jobs, stored.Job)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

func search(engine *archaeologist.Engine, projectID int64, query string) error {
	found, err := engine.Search(query, &archaeologist.SearchOptions{ProjectIDs: []int64{projectID}})
	if err != nil {
		return err
	}
	for _, hit := range found.Hits {
		fmt.Printf("%s:%d\n", hit.SourceName, hit.FirstLine)
	}
	return nil
}
