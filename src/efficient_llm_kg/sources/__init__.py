"""One reader per kind of input: text in, records with file and line out, nothing else."""
