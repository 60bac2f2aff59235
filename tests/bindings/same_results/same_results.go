// The Go way: same_results DATA FOLDER NAMES QUESTIONS; same_results_test.py says what it prints.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"archaeologist"
)

func need[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func lines(path string) []string {
	return strings.Split(strings.TrimSuffix(string(need(os.ReadFile(path))), "\n"), "\n")
}

// In three ways by turns: what is uploaded does not depend on how.
func upload(engine *archaeologist.Engine, projectID int64, folder, name string, number int) *archaeologist.Uploaded {
	path := filepath.Join(folder, name)
	switch number % 3 {
	case 0:
		return need(engine.UploadFile(projectID, name, path, nil))
	case 1:
		return need(engine.UploadBytes(projectID, name, need(os.ReadFile(path)), nil))
	}
	file := need(os.Open(path))
	defer file.Close()
	return need(engine.Upload(context.Background(), projectID, name, file, nil))
}

func tellSource(out *bufio.Writer, engine *archaeologist.Engine, id int64) {
	source := need(engine.Source(id))
	fmt.Fprintf(out, "source\t%s\t%d\t%d\n", source.Filename, int32(source.Status), source.ChunkCount)
	fmt.Fprintf(out, "chunks\t%s\n", need(json.Marshal(need(engine.SourceChunks(id, 1, 1000)))))
}

func ask(out *bufio.Writer, engine *archaeologist.Engine, question string) {
	var options archaeologist.SearchOptions
	parts := strings.SplitN(question, " ", 3)
	need(fmt.Sscan(question, &options.Mode, &options.Limit))
	found := need(engine.Search(parts[2], &options))
	fmt.Fprintf(out, "query\t%d\t%s\t%d\n", int32(options.Mode), parts[2], found.TotalFound)
	for _, hit := range found.Hits {
		fmt.Fprintf(out, "hit\t%s\t%.6f\t%s\t%d\t%d\n", hit.ChunkID, hit.Score, hit.SourceName, hit.Begin, hit.FirstLine)
	}
}

func main() {
	if len(os.Args) != 5 {
		os.Exit(2)
	}
	engine := need(archaeologist.Open(os.Args[1], nil))
	defer engine.Close()
	need(engine.StartWorker())
	project := need(engine.CreateProject("same", ""))
	var all []*archaeologist.Uploaded
	for number, name := range lines(os.Args[3]) {
		all = append(all, upload(engine, project.ID, os.Args[2], name, number))
	}
	for _, one := range all {
		need(one.Job.Wait(context.Background()))
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, one := range all {
		tellSource(out, engine, one.Source.ID)
	}
	for _, question := range lines(os.Args[4]) {
		ask(out, engine, question)
	}
}
