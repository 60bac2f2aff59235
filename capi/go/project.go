package archaeologist

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"time"
)

// Project is a wall between sets of sources; a copy of what it was like when it was asked for.
type Project struct {
	ID          int64
	Name        string
	Description string
	CreatedAt   time.Time
	SourceCount int64
	JSON        json.RawMessage // all fields
}

func takeProject(project *C.archaeo_project) *Project {
	if project == nil {
		return nil
	}
	defer C.archaeo_project_free(project)
	return &Project{
		ID:          int64(C.archaeo_project_id(project)),
		Name:        text(C.archaeo_project_name(project)),
		Description: text(C.archaeo_project_description(project)),
		CreatedAt:   instant(C.archaeo_project_created_at_ms(project)),
		SourceCount: int64(C.archaeo_project_source_count(project)),
		JSON:        copyBytes(C.archaeo_project_json(project)),
	}
}

// CreateProject makes a project. name: 1 to 200 bytes of UTF-8 without control characters, unique. Errors: ErrAlreadyExists.
func (e *Engine) CreateProject(name, description string) (*Project, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	cName, cDescription := a.text("name", name), a.text("description", description)
	if a.err != nil {
		return nil, a.err
	}
	var project *C.archaeo_project
	var failed *C.archaeo_error
	if code := C.archaeo_project_create(pointer, cName, cDescription, &project, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return takeProject(project), nil
}

// Project finds a project by its name. Errors: ErrNotFound.
func (e *Engine) Project(name string) (*Project, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	cName := a.text("name", name)
	if a.err != nil {
		return nil, a.err
	}
	var project *C.archaeo_project
	var failed *C.archaeo_error
	if code := C.archaeo_project_find(pointer, cName, &project, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return takeProject(project), nil
}

// ProjectByID finds a project by its id. Errors: ErrNotFound.
func (e *Engine) ProjectByID(projectID int64) (*Project, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var project *C.archaeo_project
	var failed *C.archaeo_error
	if code := C.archaeo_project_get(pointer, C.int64_t(projectID), &project, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return takeProject(project), nil
}

// Projects gives all projects by name.
func (e *Engine) Projects() ([]*Project, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var projects []*Project
	for {
		var page [100]*C.archaeo_project
		var count C.size_t
		var total C.int64_t
		var failed *C.archaeo_error
		if code := C.archaeo_project_list(pointer, C.size_t(len(projects)), &page[0], C.size_t(len(page)), &count, &total,
			&failed); code != C.ARCHAEO_OK {
			return nil, failure(code, failed)
		}
		for _, project := range page[:count] {
			projects = append(projects, takeProject(project))
		}
		if count < C.size_t(len(page)) {
			return projects, nil
		}
	}
}

// ProjectChange says what is to change; what is nil stays.
type ProjectChange struct {
	Name        *string
	Description *string
}

// UpdateProject changes a project and gives it as it then is. Errors: ErrNotFound, ErrAlreadyExists (the name).
func (e *Engine) UpdateProject(projectID int64, change ProjectChange) (*Project, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	var name, description *C.char
	if change.Name != nil {
		name = a.text("name", *change.Name)
	}
	if change.Description != nil {
		description = a.text("description", *change.Description)
	}
	if a.err != nil {
		return nil, a.err
	}
	var project *C.archaeo_project
	var failed *C.archaeo_error
	if code := C.archaeo_project_update(pointer, C.int64_t(projectID), name, description, &project, &failed); code !=
		C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return takeProject(project), nil
}

// DeleteProject cancels its unfinished jobs; its sources, chunks and jobs are gone on return. Errors: ErrNotFound.
func (e *Engine) DeleteProject(projectID int64) error {
	pointer, err := e.enter()
	if err != nil {
		return err
	}
	defer e.leave()
	var failed *C.archaeo_error
	if code := C.archaeo_project_delete(pointer, C.int64_t(projectID), &failed); code != C.ARCHAEO_OK {
		return failure(code, failed)
	}
	return nil
}
