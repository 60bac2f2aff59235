// Package archaeologist is libarchaeologist in Go: files in, searchable knowledge out.
//
//	engine, err := archaeologist.Open("data", nil)
//	if err != nil {
//		return err
//	}
//	defer engine.Close()
//	if _, err := engine.Ingest(ctx, "demo", "src"); err != nil {
//		return err
//	}
//	found, err := engine.Search("lease lost", nil)
//	if err != nil {
//		return err
//	}
//	for _, hit := range found.Hits {
//		fmt.Printf("%s:%d\n", hit.SourceName, hit.FirstLine)
//	}
//
// It stands on the C library (archaeologist.h, found by pkg-config) and needs nothing but the standard library.
//
// # Goroutines
//
// Everything may be called from any goroutine, at the same time. A call of the library holds a thread of the operating
// system for as long as it waits.
//
// # Contexts
//
// Methods that wait take a context.Context and return its error soon after it is done; what they had in hand by then they
// return all the same. Methods without one wait for the disk only, except Search and Embed, which compute.
//
// # Errors
//
// The library's errors are of the type *Error. errors.Is tells codes apart: errors.Is(err, archaeologist.ErrNotFound). IsRetriable
// says whether the same call may succeed later.
//
// # Closing
//
// Engines, leases, uploads, workers and vectors are to be closed. Close may be called any number of times, also while other
// goroutines use the thing: it waits for them. Then methods return ErrConflict. What was never closed is closed when the garbage
// collector finds it, some time. Projects, sources, jobs, hits, events and chunks are copies that need no closing.
//
// # Zero values
//
// In options, zero means the default, and None stands for "none" where that is something else.
package archaeologist

//go:generate go run ./internal/generate ../../include/archaeologist/archaeologist.h constants.go
