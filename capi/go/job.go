package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"time"
)

// Job is work that is kept until it is done; a copy of what it was like when it was asked for.
type Job struct {
	ID              string
	Type            string
	Status          JobStatus
	Finished        bool // completed, failed or cancelled, for good
	Priority        Priority
	ProjectID       int64
	SourceID        int64
	Data            json.RawMessage
	Result          json.RawMessage // empty until completed
	ErrorMessage    string
	CreatedAt       time.Time
	FinishedAt      time.Time // zero until finished
	ProgressCurrent int64
	ProgressTotal   int64
	ProgressMessage string
	WorkerID        string
	RetryCount      int
	JSON            json.RawMessage // all fields, attempts included

	engine *Engine
}

func (e *Engine) takeJob(job *C.archaeo_job) *Job {
	if job == nil {
		return nil
	}
	defer C.archaeo_job_free(job)
	return &Job{
		ID:              text(C.archaeo_job_id(job)),
		Type:            text(C.archaeo_job_type(job)),
		Status:          JobStatus(C.archaeo_job_status(job)),
		Finished:        C.archaeo_job_is_finished(job) != 0,
		Priority:        Priority(C.archaeo_job_priority(job)),
		ProjectID:       int64(C.archaeo_job_project_id(job)),
		SourceID:        int64(C.archaeo_job_source_id(job)),
		Data:            copyBytes(C.archaeo_job_data(job)),
		Result:          copyBytes(C.archaeo_job_result(job)),
		ErrorMessage:    text(C.archaeo_job_error_message(job)),
		CreatedAt:       instant(C.archaeo_job_created_at_ms(job)),
		FinishedAt:      instant(C.archaeo_job_finished_at_ms(job)),
		ProgressCurrent: int64(C.archaeo_job_progress_current(job)),
		ProgressTotal:   int64(C.archaeo_job_progress_total(job)),
		ProgressMessage: text(C.archaeo_job_progress_message(job)),
		WorkerID:        text(C.archaeo_job_worker_id(job)),
		RetryCount:      int(C.archaeo_job_retry_count(job)),
		JSON:            copyBytes(C.archaeo_job_json(job)),
		engine:          e,
	}
}

// Wait waits until the job is finished and gives it as it then is. Nothing works it off meanwhile unless somebody does: see
// StartWorker. Errors: the context's; ErrNotFound.
func (j *Job) Wait(ctx context.Context) (*Job, error) { return j.engine.WaitJob(ctx, j.ID) }

// A call about one job, by its id.
func (e *Engine) aboutJob(jobID string, what func(c *call, id *C.char) C.int32_t) error {
	var a arguments
	defer a.free()
	id := a.text("job id", jobID)
	if a.err != nil {
		return a.err
	}
	return e.do(func(c *call) C.int32_t { return what(c, id) })
}

// The same, which gives one.
func (e *Engine) getJob(jobID string, what func(c *call, id *C.char, job **C.archaeo_job) C.int32_t) (*Job, error) {
	var job *C.archaeo_job
	if err := e.aboutJob(jobID, func(c *call, id *C.char) C.int32_t { return what(c, id, &job) }); err != nil {
		return nil, err
	}
	return e.takeJob(job), nil
}

// Job finds a job by its id. Errors: ErrNotFound.
func (e *Engine) Job(jobID string) (*Job, error) {
	return e.getJob(jobID, func(c *call, id *C.char, job **C.archaeo_job) C.int32_t {
		return C.archaeo_job_get(c.engine, id, job, &c.failed)
	})
}

// WaitJob waits as Job.Wait does.
func (e *Engine) WaitJob(ctx context.Context, jobID string) (*Job, error) {
	var a arguments
	defer a.free()
	id := a.text("job id", jobID)
	if a.err != nil {
		return nil, a.err
	}
	var finished *Job
	err := e.await(ctx, interruptWaits, func(engine *C.archaeo_engine) (bool, error) {
		var job *C.archaeo_job
		var failed *C.archaeo_error
		if code := C.archaeo_job_wait(engine, id, forever, &job, &failed); code != C.ARCHAEO_OK {
			return false, failure(code, failed)
		}
		if C.archaeo_job_is_finished(job) == 0 {
			C.archaeo_job_free(job)
			return false, nil
		}
		finished = e.takeJob(job)
		return true, nil
	})
	return finished, err
}

// JobFilter says which jobs a page has; zeros do not restrict.
type JobFilter struct {
	Status    JobStatus
	Type      string
	ProjectID int64
}

// JobPage has some of Total jobs.
type JobPage struct {
	Jobs  []*Job
	Total int64
}

// Jobs gives a page of jobs, newest first, without attempts. Page 1 is the first; perPage is 1 to 1,000.
func (e *Engine) Jobs(filter JobFilter, page int64, perPage int) (*JobPage, error) {
	var a arguments
	defer a.free()
	which := C.archaeo_job_filter{struct_size: C.sizeof_archaeo_job_filter, status: C.int32_t(filter.Status),
		job_type: a.optional("Type", filter.Type), project_id: C.int64_t(filter.ProjectID)}
	if a.err != nil {
		return nil, a.err
	}
	jobs, total, err := list(e, perPage, e.takeJob, func(c *call, out **C.archaeo_job, capacity C.size_t, to *filled) C.int32_t {
		return C.archaeo_job_list(c.engine, &which, C.int64_t(page), out, capacity, &to.count, &to.total, &c.failed)
	})
	if err != nil {
		return nil, err
	}
	return &JobPage{Jobs: jobs, Total: total}, nil
}

// CancelJob is final and durable at once; a running job's worker learns of it when it next extends its lease. Cancels a batch's children
// too. Errors: ErrNotFound, ErrConflict (already finished).
func (e *Engine) CancelJob(jobID string) error {
	return e.aboutJob(jobID, func(c *call, id *C.char) C.int32_t { return C.archaeo_job_cancel(c.engine, id, &c.failed) })
}

// RetryJob makes a new job like a finished one. Errors: ErrNotFound, ErrConflict (not finished).
func (e *Engine) RetryJob(jobID string) (*Job, error) {
	return e.getJob(jobID, func(c *call, id *C.char, job **C.archaeo_job) C.int32_t {
		return C.archaeo_job_retry(c.engine, id, job, &c.failed)
	})
}

// DeleteJob forgets a finished job and, of a batch, its children. Errors: ErrNotFound, ErrConflict (not finished).
func (e *Engine) DeleteJob(jobID string) error {
	return e.aboutJob(jobID, func(c *call, id *C.char) C.int32_t { return C.archaeo_job_delete(c.engine, id, &c.failed) })
}

// SetJobPriority changes it until the job runs. Errors: ErrNotFound, ErrConflict (running or finished).
func (e *Engine) SetJobPriority(jobID string, priority Priority) error {
	return e.aboutJob(jobID, func(c *call, id *C.char) C.int32_t {
		return C.archaeo_job_set_priority(c.engine, id, C.int32_t(priority), &c.failed)
	})
}

// JobSelection says which jobs a bulk action means: those that fit all that is given, of which there must be something.
type JobSelection struct {
	IDs       []string // at most 10,000
	Status    JobStatus
	Type      string
	ProjectID int64
}

// ChangeJobs does the same with many; priority is that of BulkSetPriority, else 0. It says how many were changed, and how many were
// refused because they are in no state for it. Not atomic as a whole, safe to repeat.
func (e *Engine) ChangeJobs(selection JobSelection, action BulkAction, priority Priority) (changed, refused int64, err error) {
	var a arguments
	defer a.free()
	which := (*C.archaeo_job_selection)(a.room(1, C.sizeof_archaeo_job_selection))
	which.struct_size = C.sizeof_archaeo_job_selection
	which.job_ids, which.job_id_count = a.texts("job id", selection.IDs)
	which.status = C.int32_t(selection.Status)
	which.job_type = a.optional("Type", selection.Type)
	which.project_id = C.int64_t(selection.ProjectID)
	if a.err != nil {
		return 0, 0, a.err
	}
	var cChanged, cRefused C.int64_t
	err = e.do(func(c *call) C.int32_t {
		return C.archaeo_job_bulk(c.engine, which, C.int32_t(action), C.int32_t(priority), &cChanged, &cRefused, &c.failed)
	})
	return int64(cChanged), int64(cRefused), err
}

// JobStats gives counts, mean duration and success rate as a JSON object. userID 0 means everybody's jobs.
func (e *Engine) JobStats(userID int64) (json.RawMessage, error) {
	return e.json(func(c *call, stats **C.archaeo_buffer) C.int32_t {
		return C.archaeo_job_stats(c.engine, C.int64_t(userID), stats, &c.failed)
	})
}
