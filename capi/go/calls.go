package archaeologist

// #include "shim.h"
import "C"

import "encoding/json"

// One call of the library on an open engine.
type call struct {
	engine *C.archaeo_engine
	failed *C.archaeo_error
}

// Makes a call that gives nothing but a code.
func (e *Engine) do(what func(c *call) C.int32_t) error {
	pointer, err := e.enter()
	if err != nil {
		return err
	}
	defer e.leave()
	c := call{engine: pointer}
	if code := what(&c); code != C.ARCHAEO_OK {
		return failure(code, c.failed)
	}
	return nil
}

// Makes a call that gives a handle, of which take makes what the program gets.
func get[Handle, Value any](e *Engine, take func(Handle) Value, what func(c *call, out *Handle) C.int32_t) (Value, error) {
	var out Handle
	if err := e.do(func(c *call) C.int32_t { return what(c, &out) }); err != nil {
		var nothing Value
		return nothing, err
	}
	return take(out), nil
}

// What a call gives that fills an array: how many of its members, and how many there are in all.
type filled struct {
	count C.size_t
	total C.int64_t
}

// Makes a call that gives some of a list, at most perPage (1 to 1,000), and how many there are in all.
func list[Handle, Value any](e *Engine, perPage int, take func(Handle) Value,
	what func(c *call, out *Handle, capacity C.size_t, to *filled) C.int32_t) ([]Value, int64, error) {
	var a arguments
	capacity := a.capacity("perPage", perPage, 1000)
	if a.err != nil {
		return nil, 0, a.err
	}
	out := make([]Handle, capacity)
	var to filled
	if err := e.do(func(c *call) C.int32_t { return what(c, &out[0], capacity, &to) }); err != nil {
		return nil, 0, err
	}
	var values []Value
	for _, handle := range out[:to.count] {
		values = append(values, take(handle))
	}
	return values, int64(to.total), nil
}

// Makes a call that gives JSON.
func (e *Engine) json(what func(c *call, out **C.archaeo_buffer) C.int32_t) (json.RawMessage, error) {
	return get(e, func(buffer *C.archaeo_buffer) json.RawMessage { return takeBuffer(buffer) }, what)
}
