package archaeologist

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"time"
)

// EventFilter says which events are wanted; zeros do not restrict.
type EventFilter struct {
	JobID     string
	ProjectID int64
	Limit     int // 1 to 1,000; 0 = 1,000
}

// Event is something that happened. Events are a hint for followers; jobs and sources are the truth.
type Event struct {
	ID        int64
	At        time.Time
	Kind      string // "job.completed", ...
	JobID     string
	ProjectID int64
	SourceID  int64
	JSON      json.RawMessage
}

// Events are some, oldest first.
type Events struct {
	List     []Event
	Cursor   int64 // what to ask after the next time
	OldestID int64 // of all that are kept: who asks after one before it has missed some; 0 when there was none ever
	NewestID int64
}

// Events gives those with an id above after (0 = from the oldest) that are there. At least the newest 200,000 are kept.
func (e *Engine) Events(after int64, filter EventFilter) (*Events, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	which := filter.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	return pollEvents(pointer, after, which, 0)
}

// WaitEvents does the same, and waits for the first one. Errors: the context's.
func (e *Engine) WaitEvents(ctx context.Context, after int64, filter EventFilter) (*Events, error) {
	var a arguments
	defer a.free()
	which := filter.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	var events *Events
	err := e.await(ctx, interruptWaits, func(engine *C.archaeo_engine) (_ bool, err error) {
		events, err = pollEvents(engine, after, which, forever)
		return err == nil && len(events.List) > 0, err
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

func (f EventFilter) arguments(a *arguments) *C.archaeo_event_filter {
	to := (*C.archaeo_event_filter)(a.room(1, C.sizeof_archaeo_event_filter))
	to.struct_size = C.sizeof_archaeo_event_filter
	to.job_id = a.optional("JobID", f.JobID)
	to.project_id = C.int64_t(f.ProjectID)
	to.limit = a.uint32("Limit", f.Limit)
	return to
}

func pollEvents(engine *C.archaeo_engine, after int64, filter *C.archaeo_event_filter, timeout C.int64_t) (*Events, error) {
	var events *C.archaeo_events
	var failed *C.archaeo_error
	if code := C.archaeo_events_poll(engine, C.int64_t(after), filter, timeout, &events, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	defer C.archaeo_events_free(events)
	found := &Events{
		List:     make([]Event, C.archaeo_events_count(events)),
		Cursor:   int64(C.archaeo_events_cursor(events)),
		OldestID: int64(C.archaeo_events_oldest_id(events)),
		NewestID: int64(C.archaeo_events_newest_id(events)),
	}
	for i := range found.List {
		at := C.size_t(i)
		found.List[i] = Event{
			ID:        int64(C.archaeo_events_id(events, at)),
			At:        instant(C.archaeo_events_at_ms(events, at)),
			Kind:      text(C.archaeo_events_kind(events, at)),
			JobID:     text(C.archaeo_events_job_id(events, at)),
			ProjectID: int64(C.archaeo_events_project_id(events, at)),
			SourceID:  int64(C.archaeo_events_source_id(events, at)),
			JSON:      copyBytes(C.archaeo_events_json(events, at)),
		}
	}
	return found, nil
}
