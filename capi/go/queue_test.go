package archaeologist_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"archaeologist"
)

func enqueue(t *testing.T, engine *archaeologist.Engine, jobs ...archaeologist.NewJob) []string {
	t.Helper()
	return must(engine.Enqueue(jobs...))(t)
}

func claim(t *testing.T, engine *archaeologist.Engine) *archaeologist.Lease {
	t.Helper()
	return must(engine.Claim(patience(t), "me", "thumbnail"))(t)
}

var thumbnail = archaeologist.NewJob{Type: "thumbnail", Data: json.RawMessage(`{"width":64}`)}

func TestAJobIsClaimedAndCompleted(t *testing.T) {
	engine := open(t, nil)
	ids := enqueue(t, engine, thumbnail)
	lease := claim(t, engine)
	defer lease.Close()
	if lease.JobID != ids[0] || lease.JobType != "thumbnail" || string(lease.Data) != `{"width":64}` || lease.Attempt != 1 || lease.Epoch == 0 {
		t.Errorf("the lease is %+v", lease)
	}
	if left := time.Until(lease.Until); left < time.Second || left > 10*time.Second || lease.Deadline.Before(lease.Until) {
		t.Errorf("the lease is until %v, at most %v", lease.Until, lease.Deadline)
	}
	if err := lease.Progress(1, 2, "half"); err != nil {
		t.Fatal(err)
	}
	if job := must(engine.Job(ids[0]))(t); job.Status != archaeologist.JobRunning || job.ProgressTotal != 2 || job.WorkerID != "me" {
		t.Errorf("while it runs the job is %+v", job)
	}
	if err := lease.Complete(json.RawMessage(`{"bytes":9}`)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, lease.Complete(nil), archaeologist.ErrConflict)
	job := must(engine.WaitJob(patience(t), ids[0]))(t)
	if job.Status != archaeologist.JobCompleted || string(job.Result) != `{"bytes":9}` {
		t.Errorf("the job ended as %+v", job)
	}
}

func TestJobsAreSettledInEveryWay(t *testing.T) {
	engine := open(t, nil)
	settle := func(with func(*archaeologist.Lease) error) *archaeologist.Job {
		t.Helper()
		id := enqueue(t, engine, archaeologist.NewJob{Type: "thumbnail", MaxRetries: archaeologist.None})[0]
		lease := claim(t, engine)
		defer lease.Close()
		if err := with(lease); err != nil {
			t.Fatal(err)
		}
		return must(engine.Job(id))(t)
	}
	if job := settle(func(lease *archaeologist.Lease) error { return lease.Complete(nil) }); job.Status != archaeologist.JobCompleted {
		t.Errorf("completed: %+v", job)
	}
	failed := settle(func(lease *archaeologist.Lease) error {
		return lease.Fail("no such picture", archaeologist.FailPermanent)
	})
	if failed.Status != archaeologist.JobFailed || failed.ErrorMessage != "no such picture" {
		t.Errorf("failed: %+v", failed)
	}
	delayed := settle(func(lease *archaeologist.Lease) error { return lease.Delay("too many", time.Hour) })
	if delayed.Finished || delayed.RetryCount != 0 {
		t.Errorf("delayed: %+v", delayed)
	}
	if leases := must(engine.ClaimNow(1, "me", "thumbnail"))(t); len(leases) != 0 {
		t.Errorf("a delayed job was claimed at once: %+v", leases[0])
	}
	released := settle(func(lease *archaeologist.Lease) error { return lease.Release() })
	if again := claim(t, engine); again.JobID != released.ID {
		t.Errorf("claimed %v after the release of %v", again.JobID, released.ID)
	}
	retried := must(engine.RetryJob(failed.ID))(t)
	if retried.ID == failed.ID || retried.Type != "thumbnail" {
		t.Errorf("tried again as %+v", retried)
	}
	if err := engine.DeleteJob(failed.ID); err != nil {
		t.Fatal(err)
	}
	_, err := engine.Job(failed.ID)
	wantCode(t, err, archaeologist.ErrNotFound, failed.ID)
}

func TestJobsAreListedByTypeAndStatus(t *testing.T) {
	engine := open(t, nil)
	ids := enqueue(t, engine, thumbnail, thumbnail, archaeologist.NewJob{Type: "other"})
	page := must(engine.Jobs(archaeologist.JobFilter{Type: "thumbnail"}, 1, 1))(t)
	if page.Total != 2 || len(page.Jobs) != 1 || page.Jobs[0].Type != "thumbnail" {
		t.Errorf("the page is %+v", page)
	}
	if err := engine.CancelJob(ids[2]); err != nil {
		t.Fatal(err)
	}
	wantCode(t, engine.CancelJob(ids[2]), archaeologist.ErrConflict)
	wantCode(t, engine.CancelJob("no id"), archaeologist.ErrInvalidArgument)
	cancelled := must(engine.Jobs(archaeologist.JobFilter{Status: archaeologist.JobCancelled}, 1, 100))(t)
	if cancelled.Total != 1 || cancelled.Jobs[0].ID != ids[2] {
		t.Errorf("cancelled are %+v", cancelled)
	}
	if err := engine.SetJobPriority(ids[1], archaeologist.PriorityUrgent); err != nil {
		t.Fatal(err)
	}
	if lease := claim(t, engine); lease.JobID != ids[1] || lease.Priority != archaeologist.PriorityUrgent {
		t.Errorf("the urgent one did not come first but %+v", lease)
	}
	var stats struct {
		Total int64 `json:"total_jobs"`
	}
	if err := json.Unmarshal(must(engine.JobStats(0))(t), &stats); err != nil || stats.Total != 3 {
		t.Errorf("the counts are %+v, %v", stats, err)
	}
}

func TestTheSameKeyMakesNoSecondJob(t *testing.T) {
	engine := open(t, nil)
	first := must(engine.EnqueueOnce("monday", thumbnail, thumbnail))(t)
	again := must(engine.EnqueueOnce("monday", thumbnail, thumbnail))(t)
	if len(first) != 2 || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("first %v, then %v", first, again)
	}
	_, err := engine.EnqueueOnce("monday", archaeologist.NewJob{Type: "other"})
	wantCode(t, err, archaeologist.ErrInvalidArgument, "monday")
	_, err = engine.Enqueue(archaeologist.NewJob{Type: "a b"})
	wantCode(t, err, archaeologist.ErrInvalidArgument, "a b")
}

func TestAPausedQueueGivesNoJobs(t *testing.T) {
	engine := open(t, nil)
	enqueue(t, engine, thumbnail)
	for i := 0; i < 2; i++ {
		if err := engine.PauseQueue(); err != nil {
			t.Fatal(err)
		}
	}
	if leases := must(engine.ClaimNow(1, "me", "thumbnail"))(t); len(leases) != 0 {
		t.Error("a paused queue gave a job")
	}
	var stats struct{ Paused bool }
	if err := json.Unmarshal(must(engine.QueueStats())(t), &stats); err != nil || !stats.Paused {
		t.Errorf("the stats are %+v, %v", stats, err)
	}
	if err := engine.ResumeQueue(); err != nil {
		t.Fatal(err)
	}
	claim(t, engine).Close()
}

func TestALiveWorkersIDIsTaken(t *testing.T) {
	folder := t.TempDir()
	engine, other := openFolder(t, folder, nil), openFolder(t, folder, nil)
	if err := engine.Join("me"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, other.Join("me"), archaeologist.ErrConflict, "me")
	for i := 0; i < 2; i++ {
		if err := engine.Leave("me"); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.Join("me"); err != nil {
		t.Fatal(err)
	}
}

func TestACancelledContextEndsAClaim(t *testing.T) {
	engine := open(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := engine.Claim(ctx, "me", "thumbnail")
		ended <- err
	}()
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the claim ended with %v", err)
		}
	case <-patience(t).Done():
		t.Fatal("the claim goes on")
	}
}

func TestADeadlineEndsEveryWait(t *testing.T) {
	engine := open(t, nil)
	id := enqueue(t, engine, thumbnail)[0]
	last := must(engine.Events(0, archaeologist.EventFilter{}))(t).NewestID
	for name, wait := range map[string]func(context.Context) error{
		"claim": func(ctx context.Context) error { _, err := engine.Claim(ctx, "me", "never"); return err },
		"job":   func(ctx context.Context) error { _, err := engine.WaitJob(ctx, id); return err },
		"events": func(ctx context.Context) error {
			_, err := engine.WaitEvents(ctx, last, archaeologist.EventFilter{})
			return err
		},
	} {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
		if err := wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s ended with %v", name, err)
		}
		if spent := time.Since(begin); spent < 30*time.Millisecond || spent > time.Minute {
			t.Errorf("%s waited for %v", name, spent)
		}
		if err := wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s began to wait though the time was over: %v", name, err)
		}
		cancel()
	}
}

func TestOneEndedContextLeavesOthersWaiting(t *testing.T) {
	engine := open(t, nil)
	claimed := make(chan error, 4)
	for i := 0; i < cap(claimed); i++ {
		go func() {
			lease, err := engine.Claim(patience(t), "me", "thumbnail")
			if err == nil {
				err = lease.Complete(nil)
			}
			claimed <- err
		}()
	}
	for i := 0; i < 5; i++ {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		if _, err := engine.Claim(ctx, "me", "thumbnail"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a claim ended with %v", err)
		}
		cancel()
	}
	for i := 0; i < cap(claimed); i++ {
		enqueue(t, engine, thumbnail)
	}
	for i := 0; i < cap(claimed); i++ {
		if err := <-claimed; err != nil {
			t.Error(err)
		}
	}
}

func TestClosingTheEngineEndsWaits(t *testing.T) {
	engine := open(t, nil)
	id := enqueue(t, engine, thumbnail)[0]
	last := must(engine.Events(0, archaeologist.EventFilter{}))(t).NewestID
	waits := []func() error{
		func() error { _, err := engine.Claim(context.Background(), "me", "never"); return err },
		func() error { _, err := engine.WaitJob(context.Background(), id); return err },
		func() error {
			_, err := engine.WaitEvents(context.Background(), last, archaeologist.EventFilter{})
			return err
		},
	}
	ended := make(chan error)
	for _, wait := range waits {
		wait := wait
		go func() { ended <- wait() }()
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		engine.Close()
	}()
	for range waits {
		select {
		case err := <-ended:
			wantCode(t, err, archaeologist.ErrConflict)
		case <-patience(t).Done():
			t.Fatal("a call goes on waiting in a closed engine")
		}
	}
	<-closed
}

func TestALeaseOutlivesItsEngineToBeRead(t *testing.T) {
	engine := open(t, nil)
	enqueue(t, engine, thumbnail)
	lease := claim(t, engine)
	engine.Close()
	wantCode(t, lease.Complete(nil), archaeologist.ErrConflict)
	lease.Close()
	lease.Close()
	wantCode(t, lease.Extend(), archaeologist.ErrConflict, lease.JobID)
}

func TestACancelledJobsWorkIsEnded(t *testing.T) {
	engine := open(t, &archaeologist.Options{Lease: 300 * time.Millisecond})
	id := enqueue(t, engine, thumbnail)[0]
	lease := claim(t, engine)
	defer lease.Close()
	running, stop := lease.Keep(context.Background())
	defer stop()
	if err := engine.CancelJob(id); err != nil {
		t.Fatal(err)
	}
	select {
	case <-running.Done():
	case <-patience(t).Done():
		t.Fatal("the work was not told")
	}
	if job := must(engine.Job(id))(t); job.Status != archaeologist.JobCancelled {
		t.Errorf("the job ended as %v", job.Status)
	}
}

func TestAKeptLeaseIsNotLost(t *testing.T) {
	engine := open(t, &archaeologist.Options{Lease: 300 * time.Millisecond})
	enqueue(t, engine, thumbnail)
	lease := claim(t, engine)
	defer lease.Close()
	running, stop := lease.Keep(patience(t))
	// Longer than the lease's time: another claim would get the job if it were not kept.
	ctx, cancel := context.WithDeadline(context.Background(), lease.Until.Add(300*time.Millisecond))
	defer cancel()
	if other, err := engine.Claim(ctx, "other", "thumbnail"); err == nil {
		t.Fatalf("%v was claimed twice", other.JobID)
	}
	if running.Err() != nil {
		t.Error("the work was ended")
	}
	stop()
	if running.Err() == nil {
		t.Error("the context goes on after stop")
	}
	if err := lease.Complete(nil); err != nil {
		t.Error(err)
	}
}

func TestManyGoroutinesEndEveryJobOnce(t *testing.T) {
	engine := open(t, nil)
	const jobs, workers = 400, 8
	batch := make([]archaeologist.NewJob, jobs)
	for i := range batch {
		batch[i] = archaeologist.NewJob{Type: "thumbnail", Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}
	}
	ids := enqueue(t, engine, batch...)
	ctx, cancel := context.WithCancel(patience(t))
	defer cancel()
	var mutex sync.Mutex
	seen := map[string]int{}
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func(name string) {
			defer group.Done()
			for {
				leases, err := engine.ClaimMany(ctx, 16, name, "thumbnail")
				if err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					return
				}
				for _, lease := range leases {
					if err := lease.Complete(lease.Data); err != nil {
						t.Error(err)
					}
					lease.Close()
					mutex.Lock()
					seen[lease.JobID]++
					if len(seen) == jobs {
						cancel()
					}
					mutex.Unlock()
				}
			}
		}(fmt.Sprint("worker-", i))
	}
	group.Wait()
	for i, id := range ids {
		if seen[id] != 1 {
			t.Errorf("job %s was done %d times", id, seen[id])
		}
		if job := must(engine.Job(id))(t); job.Status != archaeologist.JobCompleted || string(job.Result) != string(batch[i].Data) {
			t.Errorf("job %s ended as %v with %s", id, job.Status, job.Result)
		}
	}
}
