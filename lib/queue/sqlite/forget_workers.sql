-- :process
DELETE FROM workers WHERE process = :process
