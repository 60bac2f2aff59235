package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// Lease is the right to run one job, until its time is over or it is settled (by Complete, Fail, Delay or Release). Methods may be
// called from any goroutine; they take turns.
type Lease struct {
	JobID     string
	JobType   string
	Data      json.RawMessage
	Attempt   int    // 1 for the first claim
	Epoch     uint64 // of this claim; never repeats for a job
	Priority  Priority
	ProjectID int64
	SourceID  int64
	Until     time.Time // when it was claimed; extending puts it off
	Deadline  time.Time // extending never goes past it

	engine  *Engine // which is not closed for want of use as long as its leases are in use
	length  time.Duration
	mutex   sync.Mutex
	pointer *C.archaeo_lease // nil once closed
}

func (e *Engine) newLease(pointer *C.archaeo_lease) *Lease {
	lease := &Lease{
		JobID:     text(C.archaeo_lease_job_id(pointer)),
		JobType:   text(C.archaeo_lease_job_type(pointer)),
		Data:      copyBytes(C.archaeo_lease_data(pointer)),
		Attempt:   int(C.archaeo_lease_attempt(pointer)),
		Epoch:     uint64(C.archaeo_lease_epoch(pointer)),
		Priority:  Priority(C.archaeo_lease_priority(pointer)),
		ProjectID: int64(C.archaeo_lease_project_id(pointer)),
		SourceID:  int64(C.archaeo_lease_source_id(pointer)),
		Until:     instant(C.archaeo_lease_until_ms(pointer)),
		Deadline:  instant(C.archaeo_lease_deadline_ms(pointer)),
		engine:    e,
		pointer:   pointer,
	}
	lease.length = time.Until(lease.Until)
	runtime.SetFinalizer(lease, (*Lease).Close)
	return lease
}

// Close frees the lease; it does not release the job: one that is not settled goes back to the queue when the lease's time is
// over. Always nil.
func (l *Lease) Close() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	C.archaeo_lease_free(l.pointer)
	l.pointer = nil
	runtime.SetFinalizer(l, nil)
	return nil
}

func (l *Lease) call(what func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.pointer == nil {
		return isClosed("the lease of job " + l.JobID)
	}
	var failed *C.archaeo_error
	if code := what(l.pointer, &failed); code != C.ARCHAEO_OK {
		return failure(code, failed)
	}
	return nil
}

// Extend keeps the lease for another Options.Lease. To be called about every third of that; Keep does. Errors: ErrLeaseLost (stop,
// write nothing more), ErrCancelled (stop: the job has ended, there is nothing to settle), ErrUnavailable (retriable until the
// lease ends).
func (l *Lease) Extend() error {
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_extend(lease, failed)
	})
}

// Progress does the same, and shows users how far it is: current of total, and a message, of which at most 1 KiB is kept.
func (l *Lease) Progress(current, total int64, message string) error {
	var a arguments
	defer a.free()
	cMessage := a.optional("message", message)
	if a.err != nil {
		return a.err
	}
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_progress(lease, C.int64_t(current), C.int64_t(total), cMessage, failed)
	})
}

// Complete gives the finished job back as completed. result: an object of at most 16 MiB; nil = {}. Errors: ErrLeaseLost when
// another worker holds the job by now (drop the result: its result counts), ErrConflict when it is settled already, ErrUnavailable
// (retriable until the lease ends).
func (l *Lease) Complete(result json.RawMessage) error {
	size := C.size_t(len(result))
	if size == 0 {
		return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
			return C.archaeo_lease_complete(lease, nil, 0, failed)
		})
	}
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_complete(lease, (*C.char)(unsafe.Pointer(&result[0])), size, failed)
	})
}

// Fail gives it back as failed. message is shown to users; of a longer one 8 KiB are kept. Otherwise as Complete.
func (l *Lease) Fail(message string, kind FailKind) error {
	var a arguments
	defer a.free()
	cMessage := a.optional("message", message)
	if a.err != nil {
		return a.err
	}
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_fail(lease, cMessage, C.int32_t(kind), failed)
	})
}

// Delay gives it back for a time (to an hour) without spending a retry: for rate limits and outages. Otherwise as Fail.
func (l *Lease) Delay(message string, wait time.Duration) error {
	var a arguments
	defer a.free()
	cMessage := a.optional("message", message)
	if a.err != nil {
		return a.err
	}
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_delay(lease, cMessage, milliseconds(wait), failed)
	})
}

// Release hands it back unfinished, for somebody else to start at once; spends no retry. Otherwise as Complete.
func (l *Lease) Release() error {
	return l.call(func(lease *C.archaeo_lease, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_lease_release(lease, failed)
	})
}

// Keep extends the lease in the background until stop is called, which waits for that to end. The context it gives is of ctx, and
// ends early when the job must not go on: the lease is lost, the job cancelled, or the engine closed.
func (l *Lease) Keep(ctx context.Context) (running context.Context, stop func()) {
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer cancel()
		l.keep(running)
	}()
	return running, func() {
		cancel()
		<-ended
	}
}

func (l *Lease) keep(ctx context.Context) {
	third := l.length / 3
	if third < time.Millisecond {
		third = time.Millisecond
	}
	tick := time.NewTicker(third)
	defer tick.Stop()
	for extended := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := l.Extend()
		switch {
		case err == nil:
			extended = time.Now()
		case errors.Is(err, ErrLeaseLost), errors.Is(err, ErrCancelled), errors.Is(err, ErrConflict), time.Since(extended) > l.length:
			return
		}
	}
}
