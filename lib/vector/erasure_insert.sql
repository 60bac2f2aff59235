-- :document :points
INSERT INTO erasures(document, points) VALUES (:document, :points)
