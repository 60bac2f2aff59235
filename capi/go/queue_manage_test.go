package archaeologist_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"archaeologist"
)

func wantOK(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantIn(t *testing.T, text json.RawMessage, part string) {
	t.Helper()
	if !strings.Contains(string(text), part) {
		t.Errorf("%s lacks %s", text, part)
	}
}

func TestTheOrderIsKeptAndCannotChangeUnderJobs(t *testing.T) {
	engine := open(t, nil)
	wantOK(t, engine.SetQueueOrder(archaeologist.QueueOrder{Strict: true, Share: archaeologist.None}))
	wantIn(t, must(engine.QueueSettings())(t), `"strict":true`)
	wantIn(t, must(engine.QueueSettings())(t), `"share_ms":0`)
	must(engine.Enqueue(archaeologist.NewJob{Type: "mine"}))(t)
	wantCode(t, engine.SetQueueOrder(archaeologist.QueueOrder{}), archaeologist.ErrConflict, "unfinished")
}

func TestALimitHoldsBackWhatIsBeyondIt(t *testing.T) {
	engine := open(t, nil)
	job := archaeologist.NewJob{Type: "mine", ProjectID: 1}
	project(t, engine)
	must(engine.Enqueue(job, job, job))(t)
	claimed := func() int {
		t.Helper()
		leases := must(engine.ClaimNow(3, "me", "mine"))(t)
		for _, lease := range leases {
			wantOK(t, lease.Release())
			wantOK(t, lease.Close())
		}
		return len(leases)
	}
	wantOK(t, engine.LimitJobType("mine", 2))
	if count := claimed(); count != 2 {
		t.Errorf("%d jobs of a type run at once, at most 2 should", count)
	}
	wantOK(t, engine.LimitProject(1, 1))
	if count := claimed(); count != 1 {
		t.Errorf("%d jobs of a project run at once, at most 1 should", count)
	}
	wantIn(t, must(engine.QueueSettings())(t), `{"project_id":1,"running_max":1}`)
	wantOK(t, engine.UnlimitProject(1))
	wantOK(t, engine.UnlimitJobType("mine"))
	if count := claimed(); count != 3 {
		t.Errorf("%d jobs run at once without limits, 3 should", count)
	}
	if err := engine.UnlimitProject(1); !errors.Is(err, archaeologist.ErrNotFound) {
		t.Errorf("a limit that is not there: %v", err)
	}
}

func TestPeriodicJobsAreListedUntilTheyAreRemoved(t *testing.T) {
	engine := open(t, nil)
	job := archaeologist.NewJob{Type: "report", Data: json.RawMessage(`{"n":1}`)}
	wantOK(t, engine.SetPeriodic("each night", "30 2 * * *", job))
	wantIn(t, must(engine.PeriodicJobs())(t), `"job_data":{"n":1}`)
	wantCode(t, engine.SetPeriodic("wrong", "30 2 * *", job), archaeologist.ErrInvalidArgument, "cron")
	wantOK(t, engine.RemovePeriodic("each night"))
	wantCode(t, engine.RemovePeriodic("each night"), archaeologist.ErrNotFound, "each night")
}

func TestManyJobsAreChangedAtOnce(t *testing.T) {
	engine := open(t, nil)
	job := archaeologist.NewJob{Type: "mine"}
	ids := must(engine.Enqueue(job, job, job))(t)
	change := func(selection archaeologist.JobSelection, action archaeologist.BulkAction, wantChanged, wantRefused int64) {
		t.Helper()
		changed, refused, err := engine.ChangeJobs(selection, action, 0)
		if err != nil || changed != wantChanged || refused != wantRefused {
			t.Errorf("%v: %d changed, %d refused, %v", action, changed, refused, err)
		}
	}
	change(archaeologist.JobSelection{IDs: ids[:2]}, archaeologist.BulkCancel, 2, 0)
	change(archaeologist.JobSelection{IDs: ids}, archaeologist.BulkCancel, 1, 2)
	change(archaeologist.JobSelection{Status: archaeologist.JobCancelled, Type: "mine"}, archaeologist.BulkDelete, 3, 0)
	_, _, err := engine.ChangeJobs(archaeologist.JobSelection{}, archaeologist.BulkDelete, 0)
	wantCode(t, err, archaeologist.ErrInvalidArgument, "empty")
}

func TestTheQueueTellsOfWorkersAndOfItsMinutes(t *testing.T) {
	engine := open(t, nil)
	wantOK(t, engine.Join("me"))
	wantIn(t, must(engine.QueueWorkers())(t), `"worker_id":"me"`)
	must(engine.Enqueue(archaeologist.NewJob{Type: "mine"}))(t)
	wantIn(t, must(engine.QueueHistory(time.Hour))(t), `"queued":1`)
	_, err := engine.QueueHistory(0)
	wantCode(t, err, archaeologist.ErrInvalidArgument, "window_ms")
}

func TestAFileComesInPieces(t *testing.T) {
	engine := open(t, nil)
	id := project(t, engine).ID
	piece := func(content string, offset int64) (int64, *archaeologist.Uploaded) {
		t.Helper()
		received, done, err := engine.UploadPiece(id, "f.txt", []byte(content), offset, 10, nil)
		wantOK(t, err)
		return received, done
	}
	if received, done := piece("some ", 0); received != 5 || done != nil {
		t.Errorf("of 5 bytes %d are there, and they made %v", received, done)
	}
	if received, _ := piece("", 0); received != 5 {
		t.Errorf("asked, it says %d bytes", received)
	}
	_, _, err := engine.UploadPiece(id, "f.txt", []byte("ds"), 7, 10, nil)
	wantCode(t, err, archaeologist.ErrConflict, "offset is 7")
	received, done := piece("words", 5)
	if received != 10 || done == nil || done.Source.FileSize != 10 || done.Job == nil {
		t.Errorf("%d bytes are there, and they made %+v", received, done)
	}
}
