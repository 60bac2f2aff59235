package archaeologist

// #cgo pkg-config: archaeologist
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
)

// Error is what the library says when it cannot do what it was asked.
type Error struct {
	Code      Code
	Message   string // names thing, value and rule
	Retriable bool   // the same call may succeed later without a change
}

func (e *Error) Error() string { return e.Message }

// Is makes errors.Is(err, ErrNotFound) true for errors of that code.
func (e *Error) Is(target error) bool {
	code, is := target.(Code)
	return is && code == e.Code
}

// Error makes a code something to compare errors with; it can also be returned by an Embedder.
func (value Code) Error() string { return value.String() }

// IsRetriable says whether the call that gave err may succeed when it is repeated later.
func IsRetriable(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.Retriable
}

// The error of a call of the library, which is freed.
func failure(code C.int32_t, given *C.archaeo_error) error {
	if given == nil {
		return &Error{Code: Code(code), Message: Code(code).String()}
	}
	defer C.archaeo_error_free(given)
	return &Error{
		Code:      Code(C.archaeo_error_code(given)),
		Message:   text(C.archaeo_error_message(given)),
		Retriable: C.archaeo_error_is_retriable(given) != 0,
	}
}

func refused(format string, values ...any) error {
	return &Error{Code: ErrInvalidArgument, Message: fmt.Sprintf(format, values...)}
}

func isClosed(thing string) error {
	return &Error{Code: ErrConflict, Message: thing + " is closed"}
}

func unknown(kind string, value int32) string { return fmt.Sprintf("%s(%d)", kind, value) }

// Version is the loaded library's, "MAJOR.MINOR.PATCH".
func Version() string { return C.GoString(C.archaeo_version_string()) }

// ABIVersion is the C interface's that the loaded library has.
func ABIVersion() int { return int(C.archaeo_abi_version()) }

// An older library may lack what this binding was compiled with.
func checkABI() error {
	if ABIVersion() < abiVersion {
		return &Error{Code: ErrIncompatible, Message: fmt.Sprintf(
			"libarchaeologist %s has ABI %d, must be at least %d", Version(), ABIVersion(), abiVersion)}
	}
	return nil
}
