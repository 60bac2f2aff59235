package archaeologist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"archaeologist"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// A worker for jobs of one's own.
func ExampleEngine_Claim() {
	folder, err := os.MkdirTemp("", "")
	check(err)
	defer os.RemoveAll(folder)
	engine, err := archaeologist.Open(filepath.Join(folder, "data"), nil)
	check(err)
	defer engine.Close()
	_, err = engine.Enqueue(archaeologist.NewJob{Type: "square", Data: json.RawMessage(`{"of":12}`)})
	check(err)

	ctx := context.Background()
	lease, err := engine.Claim(ctx, "worker-1", "square")
	check(err)
	defer lease.Close()
	running, stop := lease.Keep(ctx) // running ends when the job is cancelled or lost
	defer stop()

	var data struct{ Of int }
	check(json.Unmarshal(lease.Data, &data))
	check(running.Err())
	check(lease.Complete(json.RawMessage(fmt.Sprintf(`{"is":%d}`, data.Of*data.Of))))

	job, err := engine.Job(lease.JobID)
	check(err)
	fmt.Println(job.Status, string(job.Result))
	// Output: completed {"is":144}
}

func ExampleChunk() {
	text := "# Leases\n\nA lease is the right to run one job, until its time is over or it is settled by whoever claimed it.\n\n" +
		"# Epochs\n\nAn epoch never repeats: whoever has lost a lease is refused by it, however late the result comes.\n"
	chunks, err := archaeologist.Chunk(text, &archaeologist.ChunkOptions{Kind: archaeologist.TextMarkdown, TargetTokens: 32})
	check(err)
	for _, chunk := range chunks {
		fmt.Printf("%s: lines %d to %d\n", chunk.Heading, chunk.FirstLine, chunk.LastLine)
	}
	// Output:
	// Leases: lines 1 to 4
	// Epochs: lines 5 to 7
}
