-- :document :begin :size :content
INSERT INTO segments(document, begin, size, content) VALUES (:document, :begin, :size, :content)
