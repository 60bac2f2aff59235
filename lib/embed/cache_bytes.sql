-- How many bytes all vectors have.  →  bytes
SELECT bytes FROM size
