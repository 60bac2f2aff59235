-- →  document, begin, size, bits; a document's in order
SELECT document, begin, size, bits FROM signatures ORDER BY segment
