-- A waiting batch has more children, or more of them have ended. :id :added :ended
UPDATE jobs SET progress_total = progress_total + :added, progress_current = progress_current + :ended
 WHERE id = :id AND state = 'waiting'
