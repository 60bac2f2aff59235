package archaeologist

// #include "shim.h"
import "C"

import (
	"math"
	"strings"
	"time"
	"unsafe"
)

// The arguments of one call, in C's memory, and the first rule one of them breaks. Nothing of Go's is in there, so that
// structs may point to it.
type arguments struct {
	blocks []unsafe.Pointer
	err    error
}

func (a *arguments) free() {
	for _, block := range a.blocks {
		C.free(block)
	}
	a.blocks = nil
}

func (a *arguments) refuse(format string, values ...any) {
	if a.err == nil {
		a.err = refused(format, values...)
	}
}

// Zeroed room for count things of a size.
func (a *arguments) room(count int, size uintptr) unsafe.Pointer {
	block := C.calloc(C.size_t(count)+1, C.size_t(size))
	if block == nil {
		panic("archaeologist: out of memory")
	}
	a.blocks = append(a.blocks, block)
	return block
}

// A text that ends with a NUL; name says what it is.
func (a *arguments) text(name, value string) *C.char {
	if strings.IndexByte(value, 0) >= 0 {
		a.refuse("%s is %q, must not have a NUL in it", name, value)
	}
	copied := C.CString(value)
	a.blocks = append(a.blocks, unsafe.Pointer(copied))
	return copied
}

// The same, or NULL for an empty one.
func (a *arguments) optional(name, value string) *C.char {
	if value == "" {
		return nil
	}
	return a.text(name, value)
}

// Bytes with their size, where NUL is nothing special.
func (a *arguments) bytes(value string) (*C.char, C.size_t) {
	if value == "" {
		return nil, 0
	}
	copied := C.CString(value)
	a.blocks = append(a.blocks, unsafe.Pointer(copied))
	return copied, C.size_t(len(value))
}

func (a *arguments) texts(name string, values []string) (**C.char, C.size_t) {
	if len(values) == 0 {
		return nil, 0
	}
	block := a.room(len(values), unsafe.Sizeof((*C.char)(nil)))
	for i, value := range values {
		unsafe.Slice((**C.char)(block), len(values))[i] = a.text(name, value)
	}
	return (**C.char)(block), C.size_t(len(values))
}

func (a *arguments) numbers(values []int64) (*C.int64_t, C.size_t) {
	if len(values) == 0 {
		return nil, 0
	}
	block := a.room(len(values), unsafe.Sizeof(C.int64_t(0)))
	copy(unsafe.Slice((*int64)(block), len(values)), values)
	return (*C.int64_t)(block), C.size_t(len(values))
}

func (a *arguments) floats(values []float32) (*C.float, C.size_t) {
	if len(values) == 0 {
		return nil, 0
	}
	block := a.room(len(values), unsafe.Sizeof(C.float(0)))
	copy(unsafe.Slice((*float32)(block), len(values)), values)
	return (*C.float)(block), C.size_t(len(values))
}

func (a *arguments) int32(name string, value int) C.int32_t {
	if value < math.MinInt32 || value > math.MaxInt32 {
		a.refuse("%s is %d, must be %d to %d", name, value, math.MinInt32, math.MaxInt32)
	}
	return C.int32_t(value)
}

func (a *arguments) uint32(name string, value int) C.uint32_t {
	if value < 0 || int64(value) > math.MaxUint32 {
		a.refuse("%s is %d, must be 0 to %d", name, value, uint32(math.MaxUint32))
	}
	return C.uint32_t(value)
}

func (a *arguments) uint64(name string, value int64) C.uint64_t {
	if value < 0 {
		a.refuse("%s is %d, must be at least 0", name, value)
	}
	return C.uint64_t(value)
}

// How many things a call may give, which room is made for.
func (a *arguments) capacity(name string, value, most int) C.size_t {
	if value < 1 || value > most {
		a.refuse("%s is %d, must be 1 to %d", name, value, most)
		return 0
	}
	return C.size_t(value)
}

func truth(value bool) C.int32_t {
	if value {
		return 1
	}
	return 0
}

// Whole milliseconds, at least 1 of what is above 0. None stays what it is; other negative times are for the library to refuse.
func milliseconds(duration time.Duration) C.int64_t {
	switch {
	case duration == None:
		return None
	case duration < 0:
		return C.int64_t(duration/time.Millisecond) - 2
	}
	whole := duration / time.Millisecond
	if duration%time.Millisecond != 0 {
		whole++
	}
	return C.int64_t(whole)
}

func instantMilliseconds(instant time.Time) C.int64_t {
	if instant.IsZero() {
		return 0
	}
	return C.int64_t(instant.UnixMilli())
}

func instant(milliseconds C.int64_t) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(milliseconds))
}

func text(borrowed C.archaeo_str) string {
	if borrowed.size == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(borrowed.data)), int(borrowed.size)))
}

func copyBytes(borrowed C.archaeo_str) []byte {
	if borrowed.size == 0 {
		return nil
	}
	return append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(borrowed.data)), int(borrowed.size))...)
}

// The bytes of a buffer, which is freed.
func takeBuffer(buffer *C.archaeo_buffer) []byte {
	defer C.archaeo_buffer_free(buffer)
	return copyBytes(C.archaeo_buffer_text(buffer))
}
