package archaeologist

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"time"
)

// Project is a wall between sets of sources; a copy of what it was like when it was asked for.
type Project struct {
	ID             int64
	Name           string
	Description    string
	CreatedAt      time.Time
	SourceCount    int64
	ExternalModels ExternalModels
	JSON           json.RawMessage // all fields
}

func takeProject(project *C.archaeo_project) *Project {
	if project == nil {
		return nil
	}
	defer C.archaeo_project_free(project)
	return &Project{
		ID:             int64(C.archaeo_project_id(project)),
		Name:           text(C.archaeo_project_name(project)),
		Description:    text(C.archaeo_project_description(project)),
		CreatedAt:      instant(C.archaeo_project_created_at_ms(project)),
		SourceCount:    int64(C.archaeo_project_source_count(project)),
		ExternalModels: ExternalModels(C.archaeo_project_external_models(project)),
		JSON:           copyBytes(C.archaeo_project_json(project)),
	}
}

// CreateProject makes a project. name: 1 to 200 bytes of UTF-8 without control characters, unique. Errors: ErrAlreadyExists.
func (e *Engine) CreateProject(name, description string) (*Project, error) {
	var a arguments
	defer a.free()
	cName, cDescription := a.text("name", name), a.text("description", description)
	if a.err != nil {
		return nil, a.err
	}
	return get(e, takeProject, func(c *call, project **C.archaeo_project) C.int32_t {
		return C.archaeo_project_create(c.engine, cName, cDescription, project, &c.failed)
	})
}

// Project finds a project by its name. Errors: ErrNotFound.
func (e *Engine) Project(name string) (*Project, error) {
	var a arguments
	defer a.free()
	cName := a.text("name", name)
	if a.err != nil {
		return nil, a.err
	}
	return get(e, takeProject, func(c *call, project **C.archaeo_project) C.int32_t {
		return C.archaeo_project_find(c.engine, cName, project, &c.failed)
	})
}

// ProjectByID finds a project by its id. Errors: ErrNotFound.
func (e *Engine) ProjectByID(projectID int64) (*Project, error) {
	return get(e, takeProject, func(c *call, project **C.archaeo_project) C.int32_t {
		return C.archaeo_project_get(c.engine, C.int64_t(projectID), project, &c.failed)
	})
}

// Projects gives all projects, the oldest first.
func (e *Engine) Projects() ([]*Project, error) {
	const atOnce = 200
	var projects []*Project
	for {
		found, _, err := list(e, atOnce, takeProject, func(c *call, out **C.archaeo_project, capacity C.size_t, to *filled) C.int32_t {
			return C.archaeo_project_list(c.engine, C.size_t(len(projects)), out, capacity, &to.count, &to.total, &c.failed)
		})
		if err != nil {
			return nil, err
		}
		projects = append(projects, found...)
		if len(found) < atOnce {
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
	return get(e, takeProject, func(c *call, project **C.archaeo_project) C.int32_t {
		return C.archaeo_project_update(c.engine, C.int64_t(projectID), name, description, project, &c.failed)
	})
}

// SetExternalModels says whether a project's texts, and the questions about it alone, may be sent to an embedder that is not the
// built-in one. ExternalDenied: the built-in model embeds them, whatever model the engine has; it takes the place of another in
// the background, and search goes by words until then. Errors: ErrNotFound.
func (e *Engine) SetExternalModels(projectID int64, externalModels ExternalModels) (*Project, error) {
	return get(e, takeProject, func(c *call, project **C.archaeo_project) C.int32_t {
		return C.archaeo_project_set_external_models(c.engine, C.int64_t(projectID), C.int32_t(externalModels), project, &c.failed)
	})
}

// DeleteProject cancels its unfinished jobs; its sources, chunks and jobs are gone on return. Errors: ErrNotFound.
func (e *Engine) DeleteProject(projectID int64) error {
	return e.do(func(c *call) C.int32_t { return C.archaeo_project_delete(c.engine, C.int64_t(projectID), &c.failed) })
}
