"""The Turtle files of a folder parsed by rdflib, and the whole serialised again."""

import sys
from pathlib import Path

import rdflib

graph = rdflib.Graph()
for path in sorted(Path(sys.argv[1]).rglob("*.ttl")):
    graph.parse(path)
graph.serialize(sys.argv[2], format="turtle")
