-- A batch begins to wait for its children. :id :children :ended
UPDATE jobs SET progress_total = :children, progress_current = :ended WHERE id = :id
