package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"time"
	"unsafe"
)

// NewJob is a job to be done by whoever claims it. A handler may run twice, when the first one's process died: what it does must
// bear that.
type NewJob struct {
	Type        string          // 1 to 64 of a-z A-Z 0-9 . _ -
	Data        json.RawMessage // an object of at most 1 MiB; nil = {}
	ID          string          // a UUID; "" = a new one; the same id again changes nothing
	ProjectID   int64           // jobs of different projects take turns; 0 = of none
	UserID      int64           // 0 = the local user, 1
	Priority    Priority        // 0 = PriorityNormal
	MaxRetries  int             // to 100; 0 = 3, None = none
	Timeout     time.Duration   // of each attempt; whole seconds to 7 days; 0 = an hour
	ScheduledAt time.Time       // not before this time
}

func (j *NewJob) arguments(a *arguments, to *C.archaeo_new_job) {
	to.struct_size = C.sizeof_archaeo_new_job
	to.job_type = a.text("Type", j.Type)
	to.data_json, to.data_size = a.bytes(string(j.Data))
	to.job_id = a.optional("ID", j.ID)
	to.project_id = C.int64_t(j.ProjectID)
	to.user_id = C.int64_t(j.UserID)
	to.priority = C.int32_t(j.Priority)
	to.max_retries = a.int32("MaxRetries", j.MaxRetries)
	to.timeout_ms = milliseconds(j.Timeout)
	to.scheduled_at_ms = instantMilliseconds(j.ScheduledAt)
}

// Enqueue accepts up to 10,000 jobs, all or none, and gives their ids in order. Errors: ErrUnavailable, ErrStorageFull.
func (e *Engine) Enqueue(jobs ...NewJob) ([]string, error) { return e.EnqueueOnce("", jobs...) }

// EnqueueOnce does the same with a key of 1 to 255 bytes: within 24 h the same key gives the first call's ids instead of making
// jobs. Errors: as Enqueue; ErrInvalidArgument also when the key came with other jobs.
func (e *Engine) EnqueueOnce(idempotencyKey string, jobs ...NewJob) ([]string, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	list := (*C.archaeo_new_job)(a.room(len(jobs), C.sizeof_archaeo_new_job))
	for i := range jobs {
		jobs[i].arguments(&a, &unsafe.Slice(list, len(jobs))[i])
	}
	key := a.optional("idempotency key", idempotencyKey)
	if a.err != nil {
		return nil, a.err
	}
	ids := make([]C.archaeo_id, len(jobs)+1)
	var failed *C.archaeo_error
	if code := C.archaeo_queue_enqueue(pointer, list, C.size_t(len(jobs)), key, &ids[0], &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	texts := make([]string, len(jobs))
	for i := range texts {
		texts[i] = C.GoString(&ids[i].text[0])
	}
	return texts, nil
}

const claimMax = 256

type claim struct {
	workerID  *C.char
	types     **C.char
	typeCount C.size_t
	capacity  C.size_t
}

func (a *arguments) claim(limit int, workerID string, jobTypes []string) claim {
	made := claim{workerID: a.text("worker id", workerID), capacity: a.capacity("limit", limit, claimMax)}
	made.types, made.typeCount = a.texts("job type", jobTypes)
	return made
}

func (e *Engine) claimOnce(engine *C.archaeo_engine, what claim, timeout C.int64_t) ([]*Lease, error) {
	found := make([]*C.archaeo_lease, what.capacity)
	var count C.size_t
	var failed *C.archaeo_error
	if code := C.archaeo_queue_claim(engine, what.workerID, what.types, what.typeCount, timeout, &found[0], what.capacity,
		&count, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	var leases []*Lease
	for _, lease := range found[:count] {
		leases = append(leases, e.newLease(lease))
	}
	return leases, nil
}

// Claim waits for a job of these types and leases it. workerID: 1 to 200 bytes, who claims. No type means all types, the built-in
// ones included (which are better left alone); at most 64. Errors: the context's; ErrUnavailable (retriable).
func (e *Engine) Claim(ctx context.Context, workerID string, jobTypes ...string) (*Lease, error) {
	leases, err := e.ClaimMany(ctx, 1, workerID, jobTypes...)
	if err != nil {
		return nil, err
	}
	return leases[0], nil
}

// ClaimMany waits until there is at least one job, and leases the best, at most limit (1 to 256, no more than will start now).
// Otherwise as Claim.
func (e *Engine) ClaimMany(ctx context.Context, limit int, workerID string, jobTypes ...string) ([]*Lease, error) {
	var a arguments
	defer a.free()
	what := a.claim(limit, workerID, jobTypes)
	if a.err != nil {
		return nil, a.err
	}
	var leases []*Lease
	err := e.await(ctx, interruptWaits, func(engine *C.archaeo_engine) (_ bool, err error) {
		leases, err = e.claimOnce(engine, what, forever)
		return len(leases) > 0, err
	})
	return leases, err
}

// ClaimNow leases what is ready, without waiting: none is no error. Otherwise as ClaimMany.
func (e *Engine) ClaimNow(limit int, workerID string, jobTypes ...string) ([]*Lease, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	what := a.claim(limit, workerID, jobTypes)
	if a.err != nil {
		return nil, a.err
	}
	return e.claimOnce(pointer, what, 0)
}
