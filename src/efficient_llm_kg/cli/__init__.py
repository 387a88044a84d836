"""The ``kg`` command: which commands it has, and which module holds each of them."""

from __future__ import annotations

from efficient_llm_kg.cli.group import Commands, kg, main

__all__ = ["kg", "main"]

# The summaries are the first lines of the commands' help, again: `kg --help` loads no module.
kg.commands = Commands(
    "efficient_llm_kg.cli",
    {
        "add": ("curate", "Add one claim by hand, with the document that it rests on."),
        "build": ("make", "Bring the graph into its canonical form, derive, check and store it."),
        "check": (
            "make",
            "Check whether the graph holds together; exit code 1 if there is an error.",
        ),
        "compare": ("compare", "Show techniques or frameworks side by side."),
        "conflicts": (
            "compare",
            "Show where sources disagree: on venue, year, category, support, effect and lineage.",
        ),
        "coverage": (
            "compare",
            "Show what each survey covers, how two of them overlap, what is in only one.",
        ),
        "diff": (
            "compare",
            "Show what changed between two versions of a list, two releases, or two graphs.",
        ),
        "export": (
            "see",
            "Write the graph for other tools, or the list of a survey in Markdown.",
        ),
        "ingest": (
            "make",
            "Read lists, survey pages, bibliographies, citations and RDF into the graph.",
        ),
        "lint": (
            "lint",
            "Find the defects of a list of papers in Markdown, each with its line and a proposal.",
        ),
        "lineage": ("read", "Show what a technique builds on, and what builds on it."),
        "map": (
            "compare",
            "Show what saves which resource at which stage: counts, or with a name the things.",
        ),
        "query": (
            "read",
            "Run a SPARQL query: a file, a name of the gallery, or - for standard input.",
        ),
        "resolve": (
            "resolve",
            "Show which papers may be one work, and take the answers of a person.",
        ),
        "search": ("read", "Find things by words in their names, titles, authors or identifiers."),
        "show": ("read", "Show all that is known of a thing, with who says so."),
        "stats": ("read", "Show the graph in figures."),
        "suggest": (
            "curate",
            "List pairs of techniques that may have a lineage, to be looked up and judged.",
        ),
        "support": (
            "compare",
            "Show which framework has which technique: yes, partial, no, disputed or unknown.",
        ),
        "view": ("see", "Write an interactive page, one file that works offline."),
    },
)
