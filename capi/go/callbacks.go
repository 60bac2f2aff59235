package archaeologist

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime/cgo"
	"unsafe"
)

//export goArchaeoLog
func goArchaeoLog(level C.int32_t, message *C.char, messageSize C.size_t, jobID *C.char, handle C.uintptr_t) {
	// A panic must not pass through the library, whose locks it would leave behind.
	defer func() {
		if problem := recover(); problem != nil {
			go panic(problem)
		}
	}()
	tell := cgo.Handle(handle).Value().(func(LogLevel, string, string))
	job := ""
	if jobID != nil {
		job = C.GoString(jobID)
	}
	tell(LogLevel(level), text(C.archaeo_str{data: message, size: messageSize}), job)
}

//export goArchaeoEmbed
func goArchaeoEmbed(texts *C.archaeo_str, count C.size_t, role C.int32_t, vectors *C.float, errorOut **C.archaeo_error,
	handle C.uintptr_t) C.int32_t {
	embedder := cgo.Handle(handle).Value().(*Embedder)
	copies := make([]string, int(count))
	for i, borrowed := range unsafe.Slice(texts, int(count)) {
		copies[i] = text(borrowed)
	}
	rows, err := embedder.call(copies, Role(role))
	if err != nil {
		return give(err, errorOut)
	}
	to := unsafe.Slice((*float32)(unsafe.Pointer(vectors)), len(copies)*embedder.Dimension)
	for i, row := range rows {
		copy(to[i*embedder.Dimension:], row)
	}
	return C.ARCHAEO_OK
}

//export goArchaeoRelease
func goArchaeoRelease(handle C.uintptr_t) { cgo.Handle(handle).Delete() }

// A row of the right length for each text, or an error.
func (e *Embedder) call(texts []string, role Role) (rows [][]float32, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = &Error{Code: ErrInternal, Message: fmt.Sprintf("embedder %s panicked: %v", e.ModelID, problem)}
		}
	}()
	if rows, err = e.Embed(texts, role); err != nil {
		return nil, err
	}
	if len(rows) != len(texts) {
		return nil, refused("embedder %s gave %d vectors for %d texts", e.ModelID, len(rows), len(texts))
	}
	for i, row := range rows {
		if len(row) != e.Dimension {
			return nil, refused("embedder %s: vector %d has %d dimensions, must have %d", e.ModelID, i, len(row), e.Dimension)
		}
	}
	return rows, nil
}

// Hands an error of Go's to the library.
func give(err error, errorOut **C.archaeo_error) C.int32_t {
	code := ErrUnavailable
	var failed *Error
	if errors.As(err, &failed) {
		code = failed.Code
	} else {
		errors.As(err, &code)
	}
	if errorOut != nil {
		message := C.CString(err.Error())
		*errorOut = C.archaeo_error_new(C.int32_t(code), message)
		C.free(unsafe.Pointer(message))
	}
	return C.int32_t(code)
}
