-- Makes a project. :name :description :now_ms  →  id; a name already taken is a constraint error.
INSERT INTO projects (name, description, created_at_ms) VALUES (:name, :description, :now_ms) RETURNING id
