"""A knowledge graph of efficient large language models, with its evidence.

>>> import efficient_llm_kg as kg
>>> graph = kg.open_graph()
>>> graph.lineage("QLoRA").ancestors[0].label
'LoRA'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from efficient_llm_kg.graph import KnowledgeGraph as KnowledgeGraph
    from efficient_llm_kg.graph import open_graph as open_graph

__version__ = "0.1.0"

__all__ = ["KnowledgeGraph", "__version__", "open_graph"]


def __getattr__(name: str) -> Any:
    # The engine is loaded by whoever needs it: `kg --help` shall not wait for it.
    if name in ("KnowledgeGraph", "open_graph"):
        from efficient_llm_kg import graph

        return getattr(graph, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
