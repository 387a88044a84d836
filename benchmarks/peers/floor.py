"""The least that can be done: open the store, run the query, print the rows."""

import sys

import pyoxigraph

store = pyoxigraph.Store.read_only(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    rows = store.query(
        file.read(),
        base_iri="https://w3id.org/efficient-llm-kg/",
        use_default_graph_as_union=True,
    )
for row in rows:
    print("\t".join("" if cell is None else cell.value for cell in row))
