package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// UploadOptions say how an upload is processed. Zero values mean the defaults.
type UploadOptions struct {
	Priority         Priority        // 0 = PriorityNormal
	MaxRetries       int             // to 100; 0 = 3, None = none
	Timeout          time.Duration   // of the job, each attempt; whole seconds to 7 days; 0 = an hour
	IfUnchanged      IfUnchanged     // 0 = UnchangedSkip
	OriginalFilename string          // as its owner called it; "" = filename
	Metadata         json.RawMessage // an object of at most 64 KiB; nil = {}
	UserID           int64           // who uploads; 0 = the local user, 1
}

// In C's memory; NULL for none.
func (o *UploadOptions) arguments(a *arguments) *C.archaeo_upload_options {
	if o == nil {
		return nil
	}
	to := (*C.archaeo_upload_options)(a.room(1, C.sizeof_archaeo_upload_options))
	to.struct_size = C.sizeof_archaeo_upload_options
	to.priority = C.int32_t(o.Priority)
	to.max_retries = a.int32("MaxRetries", o.MaxRetries)
	to.timeout_ms = milliseconds(o.Timeout)
	to.if_unchanged = C.int32_t(o.IfUnchanged)
	to.original_filename = a.optional("OriginalFilename", o.OriginalFilename)
	to.metadata_json = a.optional("Metadata", string(o.Metadata))
	to.user_id = C.int64_t(o.UserID)
	return to
}

// Uploaded is what an upload made: both are durable.
type Uploaded struct {
	Source *Source
	Job    *Job // nil when the content is unchanged
}

func (e *Engine) uploaded(source *C.archaeo_source, job *C.archaeo_job) *Uploaded {
	return &Uploaded{Source: takeSource(source), Job: e.takeJob(job)}
}

// Upload stores what content gives and queues its processing. filename is the source's name in the project: relative, UTF-8, at
// most 1,024 bytes, no control characters, each part between slashes 1 to 255 bytes and not "." or "..". When ctx ends first, or
// reading fails, nothing stays. options may be nil. Errors: ErrNotFound (project), ErrTooLarge, ErrStorageFull, ErrIOError.
func (e *Engine) Upload(ctx context.Context, projectID int64, filename string, content io.Reader, options *UploadOptions) (
	*Uploaded, error) {
	upload, err := e.BeginUpload(projectID, filename, options)
	if err != nil {
		return nil, err
	}
	defer upload.Close()
	block := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		count, err := content.Read(block)
		if count > 0 {
			if _, err := upload.Write(block[:count]); err != nil {
				return nil, err
			}
		}
		if errors.Is(err, io.EOF) {
			return upload.Finish()
		}
		if err != nil {
			return nil, err
		}
	}
}

// UploadFile does the same with a file. filename "": the last part of the path. Errors: as Upload; ErrNotFound (file),
// ErrPermissionDenied.
func (e *Engine) UploadFile(projectID int64, filename, path string, options *UploadOptions) (*Uploaded, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	cName, cPath, cOptions := a.optional("filename", filename), a.text("path", path), options.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	var source *C.archaeo_source
	var job *C.archaeo_job
	var failed *C.archaeo_error
	if code := C.archaeo_upload_path(pointer, C.int64_t(projectID), cName, cPath, cOptions, &source, &job, &failed); code !=
		C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return e.uploaded(source, job), nil
}

// UploadBytes does the same with bytes in memory. Errors: as Upload.
func (e *Engine) UploadBytes(projectID int64, filename string, content []byte, options *UploadOptions) (*Uploaded, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	cName, cOptions := a.text("filename", filename), options.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	size := C.size_t(len(content))
	if size == 0 {
		content = []byte{0}
	}
	var source *C.archaeo_source
	var job *C.archaeo_job
	var failed *C.archaeo_error
	if code := C.archaeo_upload_bytes(pointer, C.int64_t(projectID), cName, unsafe.Pointer(&content[0]), size, cOptions,
		&source, &job, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return e.uploaded(source, job), nil
}

// UploadPiece stores a piece of a file of totalSize bytes that may come over several programs' lives: what arrived stays for 24 h.
// Pieces belong together when project, filename, user and totalSize agree. offset: at most as many bytes as are there; where bytes
// that come again differ, they take the place of those and of all behind. Of no bytes: asks only. It says how many are there,
// durably, and once all are what became of them (otherwise nil). Errors: as Upload; ErrConflict (a gap, or another call is adding to
// this file).
func (e *Engine) UploadPiece(projectID int64, filename string, content []byte, offset, totalSize int64, options *UploadOptions) (
	received int64, done *Uploaded, err error) {
	var a arguments
	defer a.free()
	cName, cOptions := a.text("filename", filename), options.arguments(&a)
	from, total := a.uint64("offset", offset), a.uint64("totalSize", totalSize)
	if a.err != nil {
		return 0, nil, a.err
	}
	size := C.size_t(len(content))
	if size == 0 {
		content = []byte{0}
	}
	var there C.uint64_t
	var source *C.archaeo_source
	var job *C.archaeo_job
	if err := e.do(func(c *call) C.int32_t {
		return C.archaeo_upload_piece(c.engine, C.int64_t(projectID), cName, cOptions, from, total, unsafe.Pointer(&content[0]),
			size, &there, &source, &job, &c.failed)
	}); err != nil {
		return 0, nil, err
	}
	if source != nil {
		done = e.uploaded(source, job)
	}
	return int64(there), done, nil
}

// Upload is content that arrives bit by bit, an io.Writer. Nothing is visible before Finish, and nothing stays after Close or the
// program's death. Methods may be called from any goroutine; they take turns.
type Upload struct {
	engine  *Engine
	mutex   sync.Mutex
	pointer *C.archaeo_upload // nil once closed
}

// BeginUpload checks project, name and options at once. Errors: as Upload.
func (e *Engine) BeginUpload(projectID int64, filename string, options *UploadOptions) (*Upload, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	cName, cOptions := a.text("filename", filename), options.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	upload := &Upload{engine: e}
	var failed *C.archaeo_error
	if code := C.archaeo_upload_begin(pointer, C.int64_t(projectID), cName, cOptions, &upload.pointer, &failed); code !=
		C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	runtime.SetFinalizer(upload, (*Upload).Close)
	return upload, nil
}

// Write appends. After a failure the upload can only be closed. Errors: ErrTooLarge, ErrStorageFull, ErrIOError, ErrConflict (it is
// finished, closed or has failed).
func (u *Upload) Write(content []byte) (int, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.pointer == nil {
		return 0, isClosed("the upload")
	}
	if len(content) == 0 {
		return 0, nil
	}
	var failed *C.archaeo_error
	if code := C.archaeo_upload_append(u.pointer, unsafe.Pointer(&content[0]), C.size_t(len(content)), &failed); code !=
		C.ARCHAEO_OK {
		return 0, failure(code, failed)
	}
	return len(content), nil
}

// Finish makes what was written a source with a job. Errors: as Upload.
func (u *Upload) Finish() (*Uploaded, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.pointer == nil {
		return nil, isClosed("the upload")
	}
	var source *C.archaeo_source
	var job *C.archaeo_job
	var failed *C.archaeo_error
	if code := C.archaeo_upload_finish(u.pointer, &source, &job, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return u.engine.uploaded(source, job), nil
}

// Close forgets what was written, unless it is finished. Always nil.
func (u *Upload) Close() error {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	C.archaeo_upload_free(u.pointer)
	u.pointer = nil
	runtime.SetFinalizer(u, nil)
	return nil
}
