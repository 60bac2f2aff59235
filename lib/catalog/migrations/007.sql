-- Schema 7: a project may deny that its texts go to embedders elsewhere; the built-in model is its own then.

-- "allowed" or "denied".
ALTER TABLE projects ADD COLUMN external_models TEXT NOT NULL DEFAULT 'allowed';
