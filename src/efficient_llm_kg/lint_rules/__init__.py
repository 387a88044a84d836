"""What may be wrong with a list of papers: a module for each sort of defect, and what they share.

A rule is a function: the entries of a list (and what the graph knows of them) in, findings out.
None of them reads a file or knows how findings are shown.
"""
