-- →  document, begin, size, bits, head, tail; a document's in order
SELECT document, begin, size, bits, head, tail FROM signatures ORDER BY segment
