package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
)

// Apart from Worker, which knows its engine: the engine frees it.
type workerHandle struct {
	mutex   sync.RWMutex
	pointer *C.archaeo_worker // nil once freed
}

func (h *workerHandle) close() {
	if h == nil {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	C.archaeo_worker_free(h.pointer)
	h.pointer = nil
}

func (h *workerHandle) call(what func(worker *C.archaeo_worker, failed **C.archaeo_error) C.int32_t) error {
	h.mutex.RLock()
	defer h.mutex.RUnlock()
	if h.pointer == nil {
		return isClosed("the worker")
	}
	var failed *C.archaeo_error
	if code := what(h.pointer, &failed); code != C.ARCHAEO_OK {
		return failure(code, failed)
	}
	return nil
}

// Worker is the built-in worker: it processes files on threads of the library, as many at once as Options.Workers says. All
// methods may be called from any goroutine. It runs until it is stopped or the engine is closed, also when nobody holds it.
type Worker struct {
	engine *Engine
	handle *workerHandle
}

// StartWorker starts the engine's worker, of which it has one. Errors: ErrConflict (it runs).
func (e *Engine) StartWorker() (*Worker, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var started *C.archaeo_worker
	var failed *C.archaeo_error
	if code := C.archaeo_worker_start(pointer, &started, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	handle := &workerHandle{pointer: started}
	e.mutex.Lock()
	former := e.worker
	e.worker = handle
	e.mutex.Unlock()
	former.close() // it has stopped, or this one could not have started
	return &Worker{engine: e, handle: handle}, nil
}

const drainSlice = 50 // ms; so late it may be noticed that a context has ended

// Drain lets it claim no more; running jobs have Options.Grace, then they are handed back. It waits for that as long as ctx lasts,
// and goes on draining after that. Errors: the context's; ErrConflict (the engine is closed).
func (w *Worker) Drain(ctx context.Context) error {
	for {
		err := w.handle.call(func(worker *C.archaeo_worker, failed **C.archaeo_error) C.int32_t {
			return C.archaeo_worker_drain(worker, drainSlice, failed)
		})
		if !errors.Is(err, ErrTimedOut) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// Stop drains it to the end; after that another may be started. Idempotent.
func (w *Worker) Stop() error {
	return w.handle.call(func(worker *C.archaeo_worker, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_worker_stop(worker, failed)
	})
}

// Status gives worker_id, state ("running", "refused", "degraded", "draining", "stopped"), running jobs, processed, failed, ... as
// a JSON object.
func (w *Worker) Status() (json.RawMessage, error) {
	var buffer *C.archaeo_buffer
	if err := w.handle.call(func(worker *C.archaeo_worker, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_worker_status(worker, &buffer, failed)
	}); err != nil {
		return nil, err
	}
	return takeBuffer(buffer), nil
}

// Close stops it, too. Always nil.
func (w *Worker) Close() error {
	w.handle.close()
	return nil
}
