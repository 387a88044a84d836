"""The knowledge graph as one object: what the commands do, for a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from efficient_llm_kg import locations
from efficient_llm_kg.engine import Answer, Engine, Rows, Statements
from efficient_llm_kg.errors import NotFound, UsageProblem
from efficient_llm_kg.terms import IRI, BlankNode, Literal, Triple
from efficient_llm_kg.vocabulary import DCTERMS, DERIVED, ONTOLOGY

if TYPE_CHECKING:
    from pathlib import Path

    import networkx
    import rdflib

    from efficient_llm_kg.card import Card
    from efficient_llm_kg.comparison import Comparison
    from efficient_llm_kg.conflicts import Conflict
    from efficient_llm_kg.coverage import Covered, Overlap
    from efficient_llm_kg.lineage import Lineage, LineageGraph
    from efficient_llm_kg.resource_map import ResourceMap
    from efficient_llm_kg.search import Hit
    from efficient_llm_kg.suggestions import Suggestion
    from efficient_llm_kg.support import Support
    from efficient_llm_kg.survey_list import SurveyList


def open_graph(
    graph: str | Path | None = None, *, data: Iterable[str | Path] = ()
) -> KnowledgeGraph:
    """Open a graph for reading.

    Parameters
    ----------
    graph : str | Path | None
        A folder of Turtle files, or one RDF file. None opens the graph of this installation.
    data : Iterable[str | Path]
        RDF files to be read as they are instead, without deriving anything.

    Returns
    -------
    KnowledgeGraph
        Over a store in the user's cache, which is built if this state of the graph has none.

    Raises
    ------
    DataError
        When there is no such graph, or it cannot be read; the message names file and line.

    Examples
    --------
    >>> import efficient_llm_kg as kg
    >>> graph = kg.open_graph()
    >>> graph.query("lineage", technique="GPTQ").columns[:2]
    ('direction', 'distance')
    """
    files = list(data)
    if files:
        return KnowledgeGraph(_engine_of_files(files))
    from efficient_llm_kg.store import open_store

    place = graph if graph is not None else locations.shipped("graph")
    engine = open_store(place, locations.shipped("ontology"), locations.cache_folder())
    return KnowledgeGraph(engine)


def _engine_of_files(files: Iterable[str | Path]) -> Engine:
    from pathlib import Path

    from efficient_llm_kg.turtle import content_of

    engine = Engine.in_memory()
    for path in map(Path, files):
        engine.add_file(content_of(path), str(path), path.suffix)
    return engine


class KnowledgeGraph:
    """A graph that is open for reading; make one with :func:`open_graph`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def find(self, name: str, kind: str | None = None) -> IRI:
        """Return the thing that a name means; see :func:`efficient_llm_kg.lookup.find`."""
        from efficient_llm_kg.lookup import find

        return find(self.engine, name, kind)

    def query(self, query: str, **values: str) -> Rows | Statements | Answer:
        """Return the answer to a query.

        Parameters
        ----------
        query : str
            SPARQL, the path of a ``.rq`` file, or a name of the gallery.
        values : str
            Values for the parameters that the query declares, as people write them.

        Raises
        ------
        NotFound, UsageProblem, RefusedQuery, SyntaxProblem
            For an unknown query or value, a parameter that is not declared, an update, an error.
        """
        from efficient_llm_kg.queries import bind, load_query, parse_query

        is_text = "{" in query or "\n" in query
        gallery = locations.shipped("queries")
        found = parse_query(query, "query") if is_text else load_query(query, gallery)
        text = bind(found, values, self.find) if values else found.text
        return self.engine.answer(text, found.path)

    def lineage_graph(self) -> LineageGraph:
        """Return all techniques and the relations between them, for repeated questions."""
        from efficient_llm_kg.lineage import LineageGraph

        return LineageGraph.of(self.engine)

    def lineage(self, name: str, *, depth: int | None = None) -> Lineage:
        """Return the ancestors and descendants of a technique, with the evidence of each step.

        Parameters
        ----------
        name : str
            The technique, as people write it.
        depth : int | None
            How many steps at most.

        Raises
        ------
        NotFound, Ambiguous
            When the name means no technique, or several.
        """
        from efficient_llm_kg.lineage import LineageGraph

        technique = self.find(name, "Technique")
        return LineageGraph.around(self.engine, [technique], depth).lineage(technique, depth)

    def show(self, name: str) -> Card:
        """Return all that is known of a thing, with who says so."""
        from efficient_llm_kg.card import card

        return card(self.engine, self.find(name))

    def search(
        self,
        words: str,
        *,
        kinds: Iterable[str] = (),
        years: tuple[int | None, int | None] = (None, None),
        stage: str | None = None,
        venue: str | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """Return what is found for some words, best first; see :mod:`efficient_llm_kg.search`."""
        from efficient_llm_kg.search import search

        return search(
            self.engine,
            words,
            kinds=kinds,
            years=years,
            stage=self.find(stage, "Stage") if stage else None,
            venue=self.find(venue, "Venue") if venue else None,
            limit=limit,
        )

    def map(
        self, *, resource: str | None = None, stage: str | None = None, survey: str | None = None
    ) -> ResourceMap:
        """Return what saves which resource at which stage.

        Parameters
        ----------
        resource, stage : str | None
            Only this row, only this column.
        survey : str | None
            Only papers that this survey places.

        Raises
        ------
        NotFound, Ambiguous
            When a name means nothing of its kind, or several things.

        Examples
        --------
        >>> import efficient_llm_kg as kg
        >>> [label for _, label in kg.open_graph().map().resources]
        ['computation', 'memory', 'energy', 'money', 'network']
        """
        from efficient_llm_kg.resource_map import resource_map

        return resource_map(
            self.engine,
            resource=self.find(resource, "Resource") if resource else None,
            stage=self.find(stage, "Stage") if stage else None,
            survey=self.find(survey, "Survey") if survey else None,
        )

    def coverage(self, *, versions: bool = False) -> list[Covered]:
        """Return each survey's list in figures; see :mod:`efficient_llm_kg.coverage`."""
        from efficient_llm_kg.coverage import coverage

        return coverage(self.engine, versions=versions)

    def overlaps(self) -> list[Overlap]:
        """Return how any two surveys' newest lists overlap, most shared papers first."""
        from efficient_llm_kg.coverage import overlaps

        return overlaps(self.engine)

    def only_in(self, survey: str) -> list[tuple[str, IRI]]:
        """Return title and IRI of the papers that only this survey's newest list has."""
        from efficient_llm_kg.coverage import only_in

        papers = only_in(self.engine, self.find(survey, "Survey"))
        titled = ((str(self.engine.values(paper, DCTERMS.title)[0]), paper) for paper in papers)
        return sorted(titled, key=lambda one: (one[0].casefold(), one[1]))

    def conflicts(self, kinds: Iterable[str] | None = None) -> list[Conflict]:
        """Return where sources disagree; see :mod:`efficient_llm_kg.conflicts`.

        Parameters
        ----------
        kinds : Iterable[str] | None
            Some of ``venue``, ``year``, ``category``, ``support``, ``effect``, ``lineage``; None
            is all.
        """
        from efficient_llm_kg.conflicts import KINDS, conflicts

        return conflicts(self.engine, KINDS if kinds is None else kinds)

    def compare(self, *names: str) -> Comparison:
        """Return techniques or frameworks side by side; see :mod:`efficient_llm_kg.comparison`."""
        from efficient_llm_kg.comparison import compare

        return compare(self.engine, [self.find(name) for name in names])

    def support(
        self,
        *,
        framework: str | None = None,
        technique: str | None = None,
        stage: str | None = None,
        family: str | None = None,
        at: str | None = None,
        hardware: str | None = None,
        unknown: bool = False,
    ) -> list[Support]:
        """Return which framework has which technique; see :func:`efficient_llm_kg.support.support`.

        Examples
        --------
        >>> import efficient_llm_kg as kg
        >>> [cell.answer for cell in kg.open_graph().support(framework="vLLM", technique="AWQ")]
        ['yes']
        """
        from efficient_llm_kg.support import support

        return support(
            self.engine,
            framework=self.find(framework, "Framework") if framework else None,
            technique=self.find(technique, "Technique") if technique else None,
            stage=self.find(stage, "Stage") if stage else None,
            family=self.find(family, "Family") if family else None,
            at=at,
            hardware=hardware,
            unknown=unknown,
        )

    def suggest(
        self,
        *,
        family: str | None = None,
        technique: str | None = None,
        judged: Iterable[tuple[str, str]] = (),
    ) -> list[Suggestion]:
        """Return candidates for lineage; see :func:`efficient_llm_kg.suggestions.suggestions`."""
        from efficient_llm_kg.suggestions import suggestions

        return suggestions(
            self.engine,
            family=self.find(family, "Family") if family else None,
            technique=self.find(technique, "Technique") if technique else None,
            judged=judged,
        )

    def stats(self) -> list[tuple[str, str, int]]:
        """Return the graph in figures: what is counted, of which kind (or all), how many."""
        from efficient_llm_kg.internal_queries import ask

        counts = [
            (str(group), str(of), int(str(count)))
            for group, of, count in ask(self.engine, "counts").rows
        ]
        asserted, derived = self.engine.count(), self.engine.count(DERIVED)
        return [*counts, ("triples", "asserted", asserted), ("triples", "derived", derived)]

    def graphs(self) -> dict[IRI, list[Triple]]:
        """Return what stands beside the asserted facts: what follows from them, and the words.

        The words are the terms of the ontology and its small schemes, with their labels and
        definitions; what the ontology says in anonymous expressions is left to its own file.
        """
        words = [
            triple
            for triple in self.engine.triples(ONTOLOGY)
            if not isinstance(triple[0], BlankNode) and not isinstance(triple[2], BlankNode)
        ]
        return {DERIVED: self.engine.triples(DERIVED), ONTOLOGY: words}

    def triples(self, *, derived: bool = True) -> set[Triple]:
        """Return the asserted facts, and beside them all of :meth:`graphs` unless not wanted."""
        return set(self.engine.triples()).union(*self.graphs().values() if derived else ())

    def to_rdflib(self, *, derived: bool = True) -> rdflib.Graph:
        """Return a copy of the graph for rdflib; ``derived`` is as for :meth:`triples`."""
        import rdflib

        graph = rdflib.Graph()
        for s, p, o in self.triples(derived=derived):
            graph.add((rdflib.URIRef(s), rdflib.URIRef(p), _rdflib_term(o)))
        return graph

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Return the techniques and the relations between them for networkx.

        Nodes are IRIs with ``label``, ``year``, ``family``, ``venue``; an edge runs from the newer
        to the older technique and has ``relation``, ``documents`` (how many) and ``verified``.
        """
        import networkx

        lineage = self.lineage_graph()
        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for node in sorted(lineage.nodes.values(), key=lambda n: n.iri):
            given: dict[str, Any] = {
                "label": node.label,
                "year": node.year,
                "family": node.family_label,
                "venue": node.venue,
                "paper": str(node.paper) if node.paper else None,
            }
            graph.add_node(str(node.iri), **{k: v for k, v in given.items() if v is not None})
        for edge in lineage.edges:
            graph.add_edge(
                str(edge.subject),
                str(edge.object),
                key=edge.relation,
                relation=edge.relation,
                documents=len({passage.document for passage in edge.evidence}),
                verified=any(passage.reading == "verified" for passage in edge.evidence),
            )
        return graph

    def survey_list(
        self, survey: str, *, version: str | None = None, venues: str = "preferred"
    ) -> SurveyList:
        """Return a survey's list; see :func:`efficient_llm_kg.survey_list.survey_list`."""
        from efficient_llm_kg.survey_list import survey_list

        found = self.find(survey, "Survey")
        return survey_list(self.engine, found, version=version, venues=venues)

    def export(
        self,
        form: str,
        *,
        derived: bool = True,
        survey: str | None = None,
        version: str | None = None,
        venues: str | None = None,
    ) -> str:
        """Return the whole graph in a format that other tools read, or a survey's list.

        Parameters
        ----------
        form : str
            ``turtle``, ``ntriples``, ``jsonld``: the facts, what follows from them and the words
            of the ontology as one graph; ``trig``: each in a graph of its own; ``graphml``: the
            techniques and the relations between them; ``markdown``: the list of a survey.
        derived : bool
            False leaves only the facts.
        survey, version, venues
            For ``markdown``, and only for that, as for :meth:`survey_list`.

        Raises
        ------
        UsageProblem
            When ``markdown`` is asked for without a survey, or a survey in another format.
        """
        from efficient_llm_kg.render.graph_formats import render_network, render_triples

        if form == "markdown":
            from efficient_llm_kg.render.markdown_list import render_markdown_list

            if survey is None:
                raise UsageProblem("markdown holds the list of a survey; name one with --survey")
            if not derived:
                raise UsageProblem("markdown holds no triples; leave --asserted away")
            found = self.survey_list(survey, version=version, venues=venues or "preferred")
            return render_markdown_list(found)
        if (survey, version, venues) != (None, None, None):
            raise UsageProblem(
                f"{form} holds the whole graph; for a survey's list ask for markdown"
            )

        if form == "graphml":
            return render_network(self.to_networkx())
        return render_triples(self.engine.triples(), form, self.graphs() if derived else None)

    def view(
        self,
        name: str | None = None,
        *,
        depth: int | None = None,
        family: str | None = None,
        theme: str = "auto",
        max_nodes: int = 3000,
    ) -> str:
        """Return the lineage as an HTML page, of all techniques or of those around one.

        Parameters
        ----------
        name : str | None
            The technique that the page is about; None draws all.
        depth : int | None
            How many steps around it.
        family : str | None
            Only techniques of this family.
        theme : str
            ``auto``, ``light`` or ``dark``.
        max_nodes : int
            More techniques than this are refused.

        Raises
        ------
        NotFound
            When the name means no technique, or there is nothing to draw.
        ViewTooLarge
            When there are more than ``max_nodes`` techniques.
        """
        from efficient_llm_kg.render.lineage_view import lineage_view
        from efficient_llm_kg.render.views import lineage_page

        focus = self.find(name, "Technique") if name else None
        kind = self.find(family, "Family") if family else None
        lineage = self.lineage_graph()
        view = lineage_view(self.engine, lineage, focus, depth=depth, family=kind)
        if not view.nodes:
            raise NotFound("no technique with a lineage is left to show; leave a filter away")
        folder = locations.views_folder()
        return lineage_page(view, viz_dir=folder, theme=theme, max_nodes=max_nodes)


def _rdflib_term(term: IRI | Literal) -> Any:
    import rdflib

    if not isinstance(term, Literal):
        return rdflib.URIRef(term)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype == "http://www.w3.org/2001/XMLSchema#string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype))
