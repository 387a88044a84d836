"""The same query by rdflib, from the same graph as Turtle."""

import sys

import rdflib

graph = rdflib.Graph()
graph.parse(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    rows = graph.query(file.read())
for row in rows:
    print("\t".join("" if cell is None else str(cell) for cell in row))
