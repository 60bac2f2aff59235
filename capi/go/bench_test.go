package archaeologist_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"archaeologist"
)

func BenchmarkChunk(b *testing.B) {
	text := strings.Repeat("A lease is the right to run one job, until its time is over or it is settled. ", 13_000) // 1 MB
	b.SetBytes(int64(len(text)))
	chunks, begin := 0, time.Now()
	for i := 0; i < b.N; i++ {
		made, err := archaeologist.Chunk(text, nil)
		if err != nil {
			b.Fatal(err)
		}
		chunks += len(made)
	}
	b.ReportMetric(float64(chunks)/time.Since(begin).Seconds(), "chunks/s")
}

func BenchmarkClaimAndComplete(b *testing.B) {
	engine, err := archaeologist.Open(b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	jobs := make([]archaeologist.NewJob, b.N)
	for i := range jobs {
		jobs[i].Type = "bench"
	}
	for from := 0; from < len(jobs); from += 10_000 {
		to := from + 10_000
		if to > len(jobs) {
			to = len(jobs)
		}
		if _, err := engine.Enqueue(jobs[from:to]...); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for done := 0; done < b.N; {
		leases, err := engine.ClaimMany(context.Background(), 32, "me", "bench")
		if err != nil {
			b.Fatal(err)
		}
		for _, lease := range leases {
			if err := lease.Complete(nil); err != nil {
				b.Fatal(err)
			}
			lease.Close()
		}
		done += len(leases)
	}
}
