-- →  process
SELECT DISTINCT process FROM workers
