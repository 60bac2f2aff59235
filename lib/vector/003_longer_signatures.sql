-- Schema 3: signatures know six bytes in a row, too. Those of before say nothing until their sources' next version.
UPDATE signatures SET bits = x'';
