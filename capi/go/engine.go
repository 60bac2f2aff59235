package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// Engine is everything on one data folder. Several engines, also of several processes of one machine, may share a folder. All
// methods may be called from any goroutine.
type Engine struct {
	setup *setup
	once  sync.Once

	mutex   sync.Mutex
	pointer *C.archaeo_engine // kept until no call uses it any longer
	closing bool
	calls   int
	idle    chan struct{} // closed when closing and no call runs
	worker  *workerHandle // the one that was started last
}

// Open opens or makes a data folder. It starts nothing: jobs run in StartWorker and Ingest. options may be nil. Errors:
// ErrPermissionDenied, ErrIncompatible (written by a newer version), ErrCorrupt, ErrStorageFull, ErrIOError, ErrUnavailable (Redis).
func Open(dataDir string, options *Options) (*Engine, error) {
	return open("data folder", dataDir, options, func(path *C.char, options *C.archaeo_options, engine **C.archaeo_engine,
		failed **C.archaeo_error) C.int32_t {
		return C.archaeo_engine_open(path, options, engine, failed)
	})
}

// OpenFile does the same with a configuration file; archaeologist.h says what stands in one. What options say, where they are
// not zero, counts more than the file. Errors: as Open; ErrNotFound (no such file), ErrInvalidArgument (names file, line and rule).
func OpenFile(configPath string, options *Options) (*Engine, error) {
	return open("configuration file", configPath, options, func(path *C.char, options *C.archaeo_options,
		engine **C.archaeo_engine, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_engine_open_file(path, options, engine, failed)
	})
}

type opener func(path *C.char, options *C.archaeo_options, engine **C.archaeo_engine, failed **C.archaeo_error) C.int32_t

func open(what, path string, options *Options, call opener) (*Engine, error) {
	if err := checkABI(); err != nil {
		return nil, err
	}
	var a arguments
	defer a.free()
	where := a.text(what, path)
	setup := options.setup(&a)
	if a.err != nil {
		setup.forget()
		return nil, a.err
	}
	var pointer *C.archaeo_engine
	var failed *C.archaeo_error
	code := call(where, &setup.options, &pointer, &failed)
	setup.options = C.archaeo_options{} // the texts it points to end here
	if code != C.ARCHAEO_OK {
		setup.forget()
		return nil, failure(code, failed)
	}
	engine := &Engine{setup: setup, pointer: pointer, idle: make(chan struct{})}
	runtime.SetFinalizer(engine, func(forgotten *Engine) { go forgotten.Close() })
	return engine, nil
}

// Close drains the built-in worker, ends what waits in other goroutines, waits for calls that run, and closes. It may be called
// any number of times and always returns nil. Callbacks must not call it.
func (e *Engine) Close() error {
	e.once.Do(func() {
		e.endCalls()
		C.archaeo_engine_close(e.pointer)
		e.worker.close()
		e.setup.forgetLog()
		runtime.SetFinalizer(e, nil)
	})
	return nil
}

// From here on calls are refused; returns when the last one has ended.
func (e *Engine) endCalls() {
	e.mutex.Lock()
	e.closing = true
	if e.calls == 0 {
		close(e.idle)
	}
	e.mutex.Unlock()
	e.interruptUntil(e.idle, 0)
}

// Once is not enough: a call that is about to wait hears only later interruptions.
func (e *Engine) interruptUntil(done <-chan struct{}, what interrupt) {
	again := time.NewTicker(2 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case <-done:
			return
		default:
			C.archaeo_engine_interrupt(e.pointer, C.int32_t(what), nil)
		}
		select {
		case <-done:
			return
		case <-again.C:
		}
	}
}

// The engine for one call, which ends with leave.
func (e *Engine) enter() (*C.archaeo_engine, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closing {
		return nil, isClosed("the engine")
	}
	e.calls++
	return e.pointer, nil
}

func (e *Engine) leave() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.calls--
	if e.calls == 0 && e.closing {
		close(e.idle)
	}
}

func (e *Engine) isClosing() bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.closing
}

// Calls attempt, which such an interruption makes return, until it is done, fails, or the context ends. The interruption means
// all calls of its kind: those whose context goes on are made again.
func (e *Engine) await(ctx context.Context, by interrupt, attempt func(engine *C.archaeo_engine) (bool, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	pointer, err := e.enter()
	if err != nil {
		return err
	}
	defer e.leave()
	if ctx.Done() != nil {
		returned := make(chan struct{})
		var watcher sync.WaitGroup
		watcher.Add(1)
		go func() {
			defer watcher.Done()
			select {
			case <-ctx.Done():
				e.interruptUntil(returned, by)
			case <-returned:
			}
		}()
		defer watcher.Wait()
		defer close(returned)
	}
	for {
		if done, err := attempt(pointer); done || err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.isClosing() {
			return isClosed("the engine")
		}
	}
}

// IngestReport says what became of files and folders.
type IngestReport struct {
	ProjectID    int64           `json:"project_id"`
	Files        int64           `json:"files"` // seen
	Bytes        int64           `json:"bytes"`
	Unchanged    int64           `json:"unchanged"`
	Searchable   int64           `json:"searchable"` // have chunks now
	Skipped      int64           `json:"skipped"`    // have none: unsupported, empty, ...
	Failed       int64           `json:"failed"`
	Pending      int64           `json:"pending"` // still to be processed
	Chunks       int64           `json:"chunks"`
	Problems     []IngestProblem `json:"problems"` // at most 1,000
	ProblemCount int64           `json:"problem_count"`
	Seconds      float64         `json:"seconds"`
}

// IngestProblem is a path that could not be taken, and why.
type IngestProblem struct {
	Path    string `json:"path"`
	Code    string `json:"code"` // "permission_denied", ...
	Message string `json:"error"`
}

// IngestOptions says how an ingest goes; zeros are the defaults.
type IngestOptions struct {
	Priority    Priority
	IfUnchanged IfUnchanged
	AllFiles    bool // also what .gitignore names, .git, node_modules, ...
}

// Ingest walks files and folders, stores what is new or changed, processes it here and waits for the end. The project is made
// if new. When the context ends, every file is stored whole or not at all, and the next Ingest goes on. Errors: the context's;
// ErrInvalidArgument (no path, unknown path), ErrStorageFull, ErrIOError.
func (e *Engine) Ingest(ctx context.Context, projectName string, paths ...string) (*IngestReport, error) {
	return e.IngestWith(ctx, IngestOptions{}, projectName, paths...)
}

// IngestWith does the same in a way of its own.
func (e *Engine) IngestWith(ctx context.Context, options IngestOptions, projectName string, paths ...string) (*IngestReport, error) {
	var a arguments
	defer a.free()
	name := a.text("project name", projectName)
	list, count := a.texts("path", paths)
	if a.err != nil {
		return nil, a.err
	}
	how := C.archaeo_ingest_options{struct_size: C.sizeof_archaeo_ingest_options, priority: C.int32_t(options.Priority),
		if_unchanged: C.int32_t(options.IfUnchanged), all_files: truth(options.AllFiles)}
	report := &IngestReport{}
	err := e.await(ctx, interruptIngests, func(engine *C.archaeo_engine) (bool, error) {
		var buffer *C.archaeo_buffer
		var failed *C.archaeo_error
		code := C.archaeo_engine_ingest(engine, name, list, count, &how, &buffer, &failed)
		if code == C.ARCHAEO_CANCELLED {
			C.archaeo_error_free(failed)
			return false, nil
		}
		if code != C.ARCHAEO_OK {
			return false, failure(code, failed)
		}
		return true, json.Unmarshal(takeBuffer(buffer), report)
	})
	if err != nil {
		return nil, err
	}
	return report, nil
}

// Finding is one thing that Check looked at.
type Finding struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"` // "good", "warning" or "bad"
	Found   string `json:"found"`
	Advice  string `json:"advice"` // empty when it is good
}

// Check looks at everything the engine stands on.
func (e *Engine) Check() ([]Finding, error) {
	found, err := e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_engine_check(c.engine, out, &c.failed)
	})
	if err != nil {
		return nil, err
	}
	var findings []Finding
	err = json.Unmarshal(found, &findings)
	return findings, err
}

// Dimension is the length of the embedder's vectors; 0 when the engine is closed.
func (e *Engine) Dimension() int {
	pointer, err := e.enter()
	if err != nil {
		return 0
	}
	defer e.leave()
	return int(C.archaeo_engine_dimension(pointer))
}

// Embed turns up to 10,000 texts of at most 1 MiB each into normalised vectors, in order. Errors: ErrTooLarge, ErrUnavailable,
// ErrRateLimited, and what an own embedder gives.
func (e *Engine) Embed(texts []string, role Role) ([][]float32, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	list := (*C.archaeo_str)(a.room(len(texts), C.sizeof_archaeo_str))
	for i, one := range texts {
		into := &unsafe.Slice(list, len(texts))[i]
		into.data, into.size = a.bytes(one)
	}
	dimension := int(C.archaeo_engine_dimension(pointer))
	values := make([]float32, len(texts)*dimension+1)
	var failed *C.archaeo_error
	if code := C.archaeo_engine_embed(pointer, list, C.size_t(len(texts)), C.int32_t(role), (*C.float)(&values[0]),
		C.size_t(len(values)), &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	rows := make([][]float32, len(texts))
	for i := range rows {
		rows[i] = values[i*dimension : (i+1)*dimension : (i+1)*dimension]
	}
	return rows, nil
}
