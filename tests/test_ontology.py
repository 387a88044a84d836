"""The real files of ontology/, read as they are: terms, rules, checks, shapes, schemes."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef

HERE = Path(__file__).parent
ONTOLOGY = HERE.parent / "ontology"
DATA = HERE / "data"
BASE = "https://w3id.org/efficient-llm-kg/"
KG = rdflib.Namespace(BASE + "ontology#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHAPE = rdflib.Namespace(BASE + "shapes#")
DERIVED = ox.NamedNode(BASE + "graph/derived")

RULES = sorted((ONTOLOGY / "rules").glob("*.rq"))
CHECKS = sorted((ONTOLOGY / "checks").glob("*.rq"))
TURTLE = sorted(ONTOLOGY.glob("*.ttl"))
LEVELS = {"error", "warning", "info"}

PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
RESERVED = (str(OWL), str(RDF), str(RDFS), str(XSD))
# What OWL 2 lets stand for a class, a property or a datatype without a declaration.
BUILT_IN_CLASSES = {OWL.Thing, OWL.Nothing}
BUILT_IN_ANNOTATIONS = {
    RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated,
    OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith,
}  # fmt: skip
# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps; no xsd:date, no xsd:gYear.
DATATYPES = {
    OWL.real, OWL.rational, RDF.PlainLiteral, RDF.langString, RDF.XMLLiteral, RDFS.Literal,
    *(XSD[name] for name in (
        "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger "
        "long int short byte unsignedLong unsignedInt unsignedShort unsignedByte double float "
        "string normalizedString token language Name NCName NMTOKEN boolean hexBinary "
        "base64Binary anyURI dateTime dateTimeStamp"
    ).split()),
}  # fmt: skip
# Axioms in which OWL 2 DL wants simple properties.
SIMPLE_ONLY = {
    OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty,
    OWL.AsymmetricProperty,
}  # fmt: skip
COUNTING = (
    OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.hasSelf,
)  # fmt: skip


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


@functools.cache
def graph(*paths: Path) -> rdflib.Graph:
    found = rdflib.Graph()
    for path in paths:
        found.parse(path, format="turtle")
    return found


def ontology() -> rdflib.Graph:
    return graph(ONTOLOGY / "efficient-llm.ttl")


def header(path: Path) -> dict[str, str]:
    """Return the lines ``#+ key: value`` that a query opens with."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#+ "):
            break
        key, _, value = line.removeprefix("#+ ").partition(": ")
        found[key] = value.strip()
    return found


def terms_used(path: Path) -> set[URIRef]:
    """Return the terms of the namespace kg: that a Turtle file or a query names."""
    if path.suffix == ".ttl":
        return {
            node for triple in graph(path) for node in triple
            if isinstance(node, URIRef) and node in KG
        }  # fmt: skip
    text = path.read_text(encoding="utf-8")
    return {KG[name] for name in re.findall(r"\bkg:(\w+)", text)}


def declared(kind: URIRef | None = None) -> set[URIRef]:
    kinds = (OWL.Class, *PROPERTY_KINDS, OWL.NamedIndividual) if kind is None else (kind,)
    return {s for k in kinds for s in ontology().subjects(RDF.type, k) if s in KG}


def value_classes() -> set[URIRef]:
    """Return the classes that are a closed set of values; their use is that of the values."""
    return {s for s in declared(OWL.Class) if (s, OWL.equivalentClass, None) in ontology()}


@functools.cache
def store_of(*updates: str) -> ox.Store:
    """Return the tiny graph with the ontology beside it, changed, and all that follows from it."""
    store = ox.Store()
    store.load(path=str(DATA / "tiny.ttl"), format=ox.RdfFormat.TURTLE)
    for name in ("efficient-llm.ttl", "schemes.ttl"):
        store.load(
            path=str(ONTOLOGY / name),
            format=ox.RdfFormat.TURTLE,
            to_graph=ox.NamedNode(BASE + "graph/ontology"),
        )
    for update in updates:
        store.update(update, base_iri=BASE)
    for path in RULES:
        while run_rule(store, path) and "repeat" in header(path):
            pass
    return store


def ask_union(store: ox.Store, path: Path) -> ox.QuerySolutions | ox.QueryTriples:
    text = path.read_text(encoding="utf-8")
    return store.query(text, base_iri=BASE, use_default_graph_as_union=True)


def run_rule(store: ox.Store, path: Path) -> bool:
    """Add what a rule derives to the derived graph; say whether there was anything new."""
    before = len(store)
    for triple in set(ask_union(store, path)):
        if ox.Quad(*triple, ox.DefaultGraph()) not in store:
            store.add(ox.Quad(*triple, DERIVED))
    return len(store) > before


def answers(store: ox.Store, path: Path) -> list[tuple[str, str | None]]:
    rows = ask_union(store, path)
    return [(row["thing"].value, row["detail"] and row["detail"].value) for row in rows]


def derived(store: ox.Store, predicate: URIRef) -> set[tuple[str, str]]:
    quads = store.quads_for_pattern(None, ox.NamedNode(str(predicate)), None, DERIVED)
    return {(short(q.subject.value), short(q.object.value)) for q in quads}


def short(value: str) -> str:
    return value.removeprefix(BASE)


# --- The words


@pytest.mark.parametrize("path", TURTLE, ids=names(TURTLE))
def test_both_parsers_read_the_same_number_of_triples(path: Path) -> None:
    ours = set(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    # Read anew: a validator may write into a graph that tests share.
    assert len(ours) == len(rdflib.Graph().parse(path)) > 0


def test_the_ontology_says_what_it_is() -> None:
    iri = URIRef(BASE + "ontology")
    said = dict(ontology().predicate_objects(iri))
    assert said[RDF.type] == OWL.Ontology
    assert said[OWL.versionIRI] == URIRef(f"{iri}/{said[OWL.versionInfo]}")
    dcterms = rdflib.DCTERMS
    assert "creativecommons.org/licenses/by/4.0" in said[dcterms.license]
    assert said[dcterms.title] and said[dcterms.description]


@pytest.mark.parametrize("term", sorted(declared()), ids=lambda term: term.removeprefix(KG))
def test_each_term_is_labelled_defined_and_exemplified(term: URIRef) -> None:
    facts = ontology()
    for property_ in (RDFS.label, SKOS.definition, SKOS.example):
        values = list(facts.objects(term, property_))
        assert [v.language for v in values] == ["en"], f"give {term} one {property_} in English"
        assert values[0].strip() == str(values[0]) != "", f"{term}: strip {property_}"
    definition = str(facts.value(term, SKOS.definition))
    assert re.fullmatch(r"[A-Z].*\.", definition), f"{term}: write its definition as a sentence"
    assert ". " not in definition, f"{term}: one sentence is enough"
    assert list(facts.objects(term, RDFS.isDefinedBy)) == [URIRef(BASE + "ontology")]


def test_labels_are_not_shared_within_a_kind() -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        labels = [str(ontology().value(term, RDFS.label)) for term in declared(kind)]
        assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize(
    "path",
    [*TURTLE, *RULES, *CHECKS, DATA / "tiny.ttl"],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_only_declared_terms_are_used(path: Path) -> None:
    unknown = terms_used(path) - declared()
    assert not unknown, f"{path.name}: declare or correct {sorted(unknown)}"


def test_each_declared_term_has_a_use() -> None:
    queries = [*RULES, *CHECKS, *(HERE.parent / "queries").glob("**/*.rq")]
    used = terms_used(ONTOLOGY / "shapes.ttl").union(*map(terms_used, queries))
    idle = declared() - used - value_classes()
    assert not idle, f"use or delete {sorted(idle)}"


def test_other_vocabularies_are_declared_and_never_defined() -> None:
    own = {URIRef(BASE + "ontology"), *declared()}
    for s, p, o in ontology():
        if isinstance(s, URIRef) and s not in own:
            assert p == RDF.type and o in (OWL.Class, *PROPERTY_KINDS), f"drop {s} {p} {o}"


# --- The profile OWL 2 DL


def is_reserved(name: rdflib.term.Node) -> bool:
    return str(name).startswith(RESERVED)


def names_in(value: rdflib.term.Node, facts: rdflib.Graph) -> Iterator[URIRef]:
    """Yield the names that a class expression is made of."""
    if isinstance(value, URIRef):
        yield value
        return
    for list_ in (OWL.unionOf, OWL.intersectionOf, OWL.members):
        for head in facts.objects(value, list_):
            yield from rdflib.collection.Collection(facts, head)  # type: ignore[misc]
    for filler in (OWL.someValuesFrom, OWL.allValuesFrom):
        for part in facts.objects(value, filler):
            yield from names_in(part, facts)


def outside_owl_2_dl(facts: rdflib.Graph) -> list[str]:
    """Return what keeps an ontology out of the profile, as far as this project could err."""
    return [
        *undeclared_entities(facts),
        *forbidden_punning(facts),
        *foreign_datatypes(facts),
        *misused_non_simple_properties(facts),
    ]


def undeclared_entities(facts: rdflib.Graph) -> Iterator[str]:
    classes = {*facts.subjects(RDF.type, OWL.Class), *BUILT_IN_CLASSES}
    kinds = {k: set(facts.subjects(RDF.type, k)) for k in PROPERTY_KINDS}
    properties = BUILT_IN_ANNOTATIONS.union(*kinds.values())
    used_classes: set[rdflib.term.Node] = set()
    for property_ in (RDFS.subClassOf, RDFS.domain, OWL.equivalentClass, OWL.disjointWith):
        used_classes.update(facts.objects(None, property_))
    used_classes.update(facts.subjects(RDFS.subClassOf, None))
    used_classes.update(facts.subjects(RDF.type, OWL.AllDisjointClasses))
    for property_ in kinds[OWL.ObjectProperty]:
        used_classes.update(facts.objects(property_, RDFS.range))
    used_classes.update(o for o in facts.objects(None, RDF.type) if not is_reserved(o))
    for use in used_classes:
        for name in names_in(use, facts):
            if name not in classes:
                yield f"{name} is used as a class and not declared"
    for predicate in facts.predicates(unique=True):
        if not is_reserved(predicate) and predicate not in properties:
            yield f"{predicate} is used as a property and not declared"
    for link in (RDFS.subPropertyOf, OWL.inverseOf, OWL.onProperty):
        for end in facts.objects(None, link):
            if end not in properties:
                yield f"{end} is used as a property and not declared"
    for kind in (OWL.Class, *PROPERTY_KINDS):
        for name in facts.subjects(RDF.type, kind):
            if isinstance(name, URIRef) and is_reserved(name):
                yield f"{name} is reserved and cannot be declared"


def forbidden_punning(facts: rdflib.Graph) -> Iterator[str]:
    """Yield names that are two kinds of property, or a class and a datatype."""
    kinds = [set(facts.subjects(RDF.type, kind)) for kind in PROPERTY_KINDS]
    for i, one in enumerate(kinds):
        for other in kinds[i + 1 :]:
            yield from (f"{name} is two kinds of property" for name in one & other)
    both = set(facts.subjects(RDF.type, OWL.Class)) & set(facts.subjects(RDF.type, RDFS.Datatype))
    yield from (f"{name} is a class and a datatype" for name in both)
    # Allowed by OWL 2, but not wanted here: a name stands for one thing.
    properties = set().union(*kinds)
    classes = set(facts.subjects(RDF.type, OWL.Class))
    individuals = set(facts.subjects(RDF.type, OWL.NamedIndividual))
    for one, other in ((properties, classes), (properties, individuals), (classes, individuals)):
        yield from (f"{name} stands for two things" for name in one & other)


def foreign_datatypes(facts: rdflib.Graph) -> Iterator[str]:
    for _, p, o in facts:
        if isinstance(o, rdflib.Literal) and o.datatype and o.datatype not in DATATYPES:
            yield f"{o.n3()} of {p} has a datatype that OWL 2 lacks"
    for property_ in facts.subjects(RDF.type, OWL.DatatypeProperty):
        for range_ in facts.objects(property_, RDFS.range):
            if range_ not in DATATYPES:
                yield f"the range of {property_}, {range_}, is not in OWL 2"


def non_simple_properties(facts: rdflib.Graph) -> set[rdflib.term.Node]:
    found = set(facts.subjects(RDF.type, OWL.TransitiveProperty))
    found.update(facts.subjects(OWL.propertyChainAxiom, None))
    while True:
        wider = {o for name in found for o in facts.objects(name, RDFS.subPropertyOf)}
        for name in found:
            wider.update(facts.objects(name, OWL.inverseOf))
            wider.update(facts.subjects(OWL.inverseOf, name))
        if wider <= found:
            return found
        found |= wider


def misused_non_simple_properties(facts: rdflib.Graph) -> Iterator[str]:
    for name in non_simple_properties(facts):
        for kind in SIMPLE_ONLY & set(facts.objects(name, RDF.type)):
            yield f"{name} is not simple and cannot be {kind}"
        disjoint = OWL.propertyDisjointWith
        if (name, disjoint, None) in facts or (None, disjoint, name) in facts:
            yield f"{name} is not simple and cannot be disjoint with another"
        for restriction in facts.subjects(OWL.onProperty, name):
            if any((restriction, count, None) in facts for count in COUNTING):
                yield f"{name} is not simple and cannot be counted"


def test_the_ontology_is_owl_2_dl() -> None:
    assert outside_owl_2_dl(ontology()) == []


def test_the_ontology_with_its_schemes_is_owl_2_dl() -> None:
    assert outside_owl_2_dl(ontology() + graph(ONTOLOGY / "schemes.ttl")) == []


@pytest.mark.parametrize(
    ("addition", "problem"),
    [
        ("kg:descendsFrom a owl:FunctionalProperty .", "cannot be"),
        ("kg:ancestorOf a owl:IrreflexiveProperty .", "cannot be"),
        (
            "[] a owl:Restriction ; owl:onProperty kg:publishedIn ; owl:maxCardinality 1 .",
            "counted",
        ),
        ("kg:since rdfs:range xsd:date .", "not in OWL 2"),
        ("kg:Paper kg:motto 'less is more' .", "motto is used as a property"),
        ("kg:Paper rdfs:subClassOf kg:Opus .", "Opus is used as a class"),
        ("kg:extends a owl:AnnotationProperty .", "two kinds of property"),
        ("kg:extends a owl:NamedIndividual .", "stands for two things"),
        ("kg:Paper rdfs:comment '2023'^^xsd:gYear .", "datatype that OWL 2 lacks"),
    ],
)
def test_the_profile_check_finds(addition: str, problem: str) -> None:
    prefixes = "".join(
        f"@prefix {prefix}: <{name}> .\n"
        for prefix, name in (("kg", KG), ("owl", OWL), ("rdfs", RDFS), ("xsd", XSD))
    )
    extra = rdflib.Graph().parse(data=prefixes + addition, format="turtle")
    assert any(problem in line for line in outside_owl_2_dl(ontology() + extra))


@pytest.fixture
def java() -> None:
    if shutil.which("java") is None:
        message = "no Java on the PATH; install a runtime to check consistency with HermiT"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def unsatisfiable_classes(folder: Path, addition: str = "") -> list[str]:
    """Run HermiT over ontology, schemes and tiny graph; return the classes that nothing can be in.

    Days are left out, as OWL 2 has no datatype for them.
    """
    import owlready2

    facts = ontology() + graph(ONTOLOGY / "schemes.ttl") + graph(DATA / "tiny.ttl")
    facts.parse(data=addition, format="turtle")
    for s, p, o in list(facts):
        if isinstance(o, rdflib.Literal) and o.datatype == XSD.date:
            facts.remove((s, p, o))
    path = folder / "facts.nt"
    facts.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    try:
        with path.open("rb") as file:
            world.get_ontology(BASE + "ontology").load(fileobj=file)
        owlready2.sync_reasoner_hermit(world, debug=0)
        return [found.iri for found in world.inconsistent_classes()]
    finally:
        world.close()


@pytest.mark.reasoner
@pytest.mark.usefixtures("java")
class TestWithReasoner:
    def test_ontology_schemes_and_facts_are_consistent(self, tmp_path: Path) -> None:
        assert unsatisfiable_classes(tmp_path) == []

    @pytest.mark.parametrize(
        "addition",
        [
            f"<{BASE}technique/qlora> <{RDF.type}> <{KG.Paper}> .",
            f"<{BASE}technique/gptq> <{KG.extends}> <{BASE}technique/gptq> .",
            f"<{BASE}claim/0> <{KG.polarity}> <{KG.Affirmed}>, <{KG.Denied}> .",
            f"<{BASE}paper/arxiv-2305.14314> <{KG.compresses}> <{BASE}component/weights> .",
        ],
        ids=["two classes", "extends itself", "two polarities", "a paper compresses"],
    )
    def test_the_reasoner_refuses(self, tmp_path: Path, addition: str) -> None:
        import owlready2

        with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
            unsatisfiable_classes(tmp_path, addition)


# --- Schemes


@pytest.mark.parametrize(
    ("scheme", "cls", "count"),
    [("stages", "Stage", 8), ("components", "Component", 12),
     ("resources", "Resource", 5), ("families", "Family", 22)],
)  # fmt: skip
def test_scheme_is_whole(scheme: str, cls: str, count: int) -> None:
    facts = graph(ONTOLOGY / "schemes.ttl")
    iri = URIRef(f"{BASE}scheme/{scheme}")
    members = set(facts.subjects(RDF.type, KG[cls]))
    assert len(members) == count
    assert members == set(facts.subjects(SKOS.inScheme, iri))
    assert members == set(facts.subjects(SKOS.topConceptOf, iri))
    assert members == set(facts.objects(iri, SKOS.hasTopConcept))
    for member in members:
        assert facts.value(member, SKOS.definition).language == "en"
    spelled = [
        str(name).casefold() for member in members
        for name in (*facts.objects(member, SKOS.prefLabel), *facts.objects(member, SKOS.altLabel))
    ]  # fmt: skip
    assert sorted(spelled) == sorted(set(spelled)), "two members share a name"


def in_order(facts: rdflib.Graph, kind: URIRef) -> list[tuple[int, str]]:
    found = (
        (o.toPython(), short(s))
        for s in facts.subjects(RDF.type, kind)
        for o in facts.objects(s, KG.position)
    )
    return sorted(found)


def test_stages_are_in_order() -> None:
    facts = graph(ONTOLOGY / "schemes.ttl")
    assert in_order(facts, KG.Stage) == [
        (1, "stage/data-preparation"), (2, "stage/architecture-design"), (3, "stage/pre-training"),
        (4, "stage/fine-tuning"), (5, "stage/alignment"), (6, "stage/inference"),
        (7, "stage/serving"), (8, "stage/system-design"),
    ]  # fmt: skip


def test_resources_are_in_order() -> None:
    facts = graph(ONTOLOGY / "schemes.ttl")
    assert in_order(facts, KG.Resource) == [
        (1, "resource/computation"), (2, "resource/memory"), (3, "resource/energy"),
        (4, "resource/money"), (5, "resource/network"),
    ]  # fmt: skip


def test_nothing_else_of_the_schemes_has_a_position() -> None:
    facts = graph(ONTOLOGY / "schemes.ttl")
    kinds = {o for s in facts.subjects(KG.position) for o in facts.objects(s, RDF.type)}
    assert kinds == {KG.Stage, KG.Resource}


# --- Rules


@pytest.mark.parametrize("path", RULES, ids=names(RULES))
def test_rule_says_what_it_does(path: Path) -> None:
    assert re.fullmatch(r"\d\d-[a-z]+(-[a-z]+)*", path.stem), "name it by its place and its result"
    assert header(path).keys() >= {"title", "rule"}


@pytest.mark.parametrize("path", [*RULES, *CHECKS], ids=names([*RULES, *CHECKS]))
def test_query_is_read_by_a_second_engine(path: Path) -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    parseQuery(path.read_text(encoding="utf-8"))


TECHNIQUES_BELOW_GPTQ = {"technique/obq", "technique/obs", "technique/obd"}


def test_accepted_claims_become_plain_triples() -> None:
    store = store_of()
    assert ("technique/qlora", "technique/lora") in derived(store, KG.combines)
    assert derived(store, KG.extends) >= {
        ("technique/gptq", "technique/obq"), ("technique/obq", "technique/obs"),
    }  # fmt: skip


def test_denied_and_deprecated_claims_give_nothing() -> None:
    store = store_of()
    assert ("technique/gptq", "component/activations") not in derived(store, KG.compresses)
    stages = {o for s, o in derived(store, KG.supportsStage) if s == "framework/llm-foundry"}
    assert stages == {"stage/fine-tuning"}


def test_comparison_goes_both_ways() -> None:
    pair = ("technique/owq", "technique/gptq")
    assert derived(store_of(), KG.comparedWith) == {pair, pair[::-1]}


def test_everything_named_has_a_label() -> None:
    labels = derived(store_of(), RDFS.label)
    assert ("technique/qlora", "QLoRA") in labels
    assert ("paper/arxiv-2305.14314", "QLoRA: Efficient Finetuning of Quantized LLMs") in labels
    assert ("stage/fine-tuning", "fine-tuning") in labels
    assert not any(thing.startswith("framework/") for thing, _ in labels), "asserted already"


def test_a_keyword_is_called_by_its_preferred_name() -> None:
    store = store_of((DATA / "keyword.ru").read_text(encoding="utf-8"))
    keyword = "keyword/bai-2024/approximate-attention"
    assert (keyword, "Approximate attention") in derived(store, RDFS.label)


def test_inverses() -> None:
    store = store_of()
    assert ("technique/nf4", "paper/arxiv-2305.14314") in derived(store, KG.introducedBy)
    assert ("technique/nf4", "framework/bitsandbytes") in derived(store, KG.implementedBy)
    turned = {(o, s) for s, o in derived(store, KG.descendsFrom)}
    assert derived(store, KG.ancestorOf) == turned


def test_descent_is_closed() -> None:
    descent = derived(store_of(), KG.descendsFrom)
    assert {o for s, o in descent if s == "technique/gptq"} == TECHNIQUES_BELOW_GPTQ
    assert {o for s, o in descent if s == "technique/qlora"} == {
        "technique/lora", "technique/nf4", "technique/double-quantization",
        "technique/paged-optimizers",
    }  # fmt: skip
    assert not {s for s, _ in descent} & {"technique/awq", "technique/lora"}


def test_distance_is_the_shortest_chain() -> None:
    store = store_of()
    descendants = dict(derived(store, KG.descendant))
    ancestors, steps = dict(derived(store, KG.ancestor)), dict(derived(store, KG.distance))
    found = {(descendants[d], ancestors[d]): int(steps[d]) for d in descendants}
    assert set(found) == derived(store, KG.descendsFrom)
    assert found["technique/owq", "technique/obs"] == 3
    assert found["technique/gptq", "technique/obq"] == 1


def test_published_beats_preprint() -> None:
    store = store_of()
    chosen = dict(derived(store, KG.preferredPublication))
    assert chosen["paper/arxiv-2305.14314"] == "publication/arxiv-2305.14314/neurips-2023"
    assert chosen["paper/arxiv-2306.00978"] == "publication/arxiv-2306.00978/arxiv-2023"
    rules = derived(store, KG.preferenceRule)
    assert rules == {(paper, "ontology#PublishedBeatsPreprint") for paper in chosen}
    assert ("paper/arxiv-2305.14314", "venue/neurips") in derived(store, KG.publishedIn)
    assert ("paper/arxiv-2305.14314", "venue/arxiv") in derived(store, KG.publishedIn)


def test_years_are_the_earliest() -> None:
    years = derived(store_of(), KG.year)
    assert ("paper/arxiv-2210.17323", "2022") in years, "the arXiv id is older than ICLR 2023"
    assert ("technique/gptq", "2022") in years
    assert ("technique/lora", "2021") in years
    assert ("technique/obs", "1992") in years, "a paper without arXiv id has that of its venue"


def test_year_of_old_and_of_broken_arxiv_ids() -> None:
    store = store_of((DATA / "old-arxiv-ids.ru").read_text(encoding="utf-8"))
    years = dict(derived(store, KG.year))
    assert years["paper/arxiv-cs-0112017"] == "2001"
    assert years["paper/arxiv-cmp-lg-9605012"] == "1996"
    assert "paper/title-00000000000000aa" not in years


def test_an_asserted_year_is_kept() -> None:
    store = store_of((DATA / "own-year.ru").read_text(encoding="utf-8"))
    assert "technique/lora" not in dict(derived(store, KG.year))


def test_survey_surveys_what_it_places() -> None:
    surveyed = derived(store_of(), KG.surveys)
    assert {survey for survey, _ in surveyed} == {"paper/arxiv-2312.03863"}
    assert len(surveyed) == 8
    assert ("paper/arxiv-2312.03863", "paper/arxiv-2305.14314") in surveyed


def test_a_category_concerns_what_those_above_it_concern() -> None:
    store = store_of((DATA / "concerns.ru").read_text(encoding="utf-8"))
    assert derived(store, KG.concerns) == {
        ("category/wan-2023/quantization", "stage/inference"),
        ("category/wan-2023/weight-only-quantization", "stage/inference"),
    }
    check = ONTOLOGY / "checks" / "relation-without-claim.rq"
    assert answers(store, check) == [], "what is inherited needs no claim of its own"


def test_exact_matches_share_a_topic() -> None:
    store = store_of((DATA / "exact-matches.ru").read_text(encoding="utf-8"))
    topics = dict(derived(store, KG.topic))
    assert {category for category, topic in topics.items() if topic == "topic/quantization"} == {
        "category/wan-2023/quantization", "category/bai-2024/fewer-bits",
        "category/rostam-2024/number-formats",
    }  # fmt: skip
    assert dict(derived(store, SKOS.prefLabel))["topic/quantization"] == "Quantization"
    assert ("topic/quantization", "scheme/topics") in derived(store, SKOS.inScheme)
    assert ("topic/quantization", "ontology#Topic") in derived(store, RDF.type)


def test_topics_of_one_name_have_their_scheme_before_it() -> None:
    store = store_of((DATA / "exact-matches.ru").read_text(encoding="utf-8"))
    topics = dict(derived(store, KG.topic))
    assert topics["category/ding-2023/quantization"] == "topic/ding-2023--quantization"
    assert topics["category/other-2025/quantization"] == "topic/other-2025--quantization"


def test_each_category_has_one_topic() -> None:
    topics = derived(store_of(), KG.topic)
    assert len(topics) == len(dict(topics)) == 6
    assert len({topic for _, topic in topics}) == 6
    assert set(dict(derived(store_of(), RDFS.label))) >= {topic for _, topic in topics}


def test_narrower_things_are_wider_things() -> None:
    types = derived(store_of(), RDF.type)
    assert ("paper/arxiv-2312.03863", "ontology#Paper") in types


def test_rules_come_to_an_end_at_a_second_run() -> None:
    store = store_of()
    assert [path.stem for path in RULES if run_rule(store, path)] == []


# --- Checks


@pytest.mark.parametrize("path", CHECKS, ids=names(CHECKS))
def test_check_is_complete(path: Path) -> None:
    said = header(path)
    assert list(said) == ["title", "problem", "solution", "level"]
    assert said["level"] in LEVELS
    text = path.read_text(encoding="utf-8")
    assert "NOW()" not in text, "the same graph has to give the same answer tomorrow"
    rows = ask_union(store_of(), path)
    assert [variable.value for variable in rows.variables] == ["thing", "detail"]
    assert text.rstrip().endswith("ORDER BY ?thing ?detail")


@pytest.mark.parametrize("path", CHECKS, ids=names(CHECKS))
def test_check_is_silent_on_what_is_right(path: Path) -> None:
    assert answers(store_of(), path) == []


@pytest.mark.parametrize("path", CHECKS, ids=names(CHECKS))
def test_check_finds_its_defect(path: Path) -> None:
    defect = (DATA / "defects" / f"{path.stem}.ru").read_text(encoding="utf-8")
    wanted = re.match(r"# finds: (\S+)", defect)
    assert wanted
    assert wanted[1] in [thing for thing, _ in answers(store_of(defect), path)]


def test_each_defect_has_its_check() -> None:
    assert {p.stem for p in (DATA / "defects").glob("*.ru")} == {p.stem for p in CHECKS}


def test_dated_claims_that_follow_one_another_do_not_clash() -> None:
    check = ONTOLOGY / "checks" / "affirmed-and-denied.rq"
    undated = (DATA / "undated-claims.ru").read_text(encoding="utf-8")
    assert len(answers(store_of(undated), check)) == 1


def test_without_the_ontology_every_word_is_reported() -> None:
    """A forgotten file is loud."""
    store = ox.Store()
    store.load(path=str(DATA / "tiny.ttl"), format=ox.RdfFormat.TURTLE)
    assert len(answers(store, ONTOLOGY / "checks" / "undeclared-property.rq")) > 20


# --- Shapes


def shapes() -> rdflib.Graph:
    return graph(ONTOLOGY / "shapes.ttl")


def node_shapes() -> list[str]:
    return sorted(s.removeprefix(SHAPE) for s in shapes().subjects(RDF.type, SH.NodeShape))


def shapes_of(name: str) -> set[URIRef]:
    """Return a node shape, if it asks for more than to be an IRI, and its property shapes."""
    return {SHAPE[name], *shapes().objects(SHAPE[name], SH.property)}


def report_on(facts: rdflib.Graph) -> rdflib.Graph:
    import pyshacl

    # A copy, for pySHACL writes into the shapes that it is given.
    _, report, _ = pyshacl.validate(facts, shacl_graph=rdflib.Graph() + shapes())
    assert isinstance(report, rdflib.Graph)
    return report


def violated(facts: rdflib.Graph) -> list[tuple[URIRef, str]]:
    report = report_on(facts)
    return [
        (report.value(result, SH.sourceShape), str(report.value(result, SH.resultMessage)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def test_shapes_are_core_and_say_what_to_do() -> None:
    facts = shapes()
    assert not [p for p in facts.predicates() if p in (SH.sparql, SH.js, SH.rule, SH.target)]
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in facts.subjects(RDF.type, kind):
            assert isinstance(shape, URIRef)
            message = str(facts.value(shape, SH.message))
            assert re.match(r"[A-Z][a-z]+ .*\.\Z", message), f"{shape}: say what to do"
            assert facts.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info)
    owned = set(facts.objects(None, SH.property))
    assert owned == set(facts.subjects(RDF.type, SH.PropertyShape))


def test_each_class_of_things_has_a_shape() -> None:
    targets = set(shapes().objects(None, SH.targetClass))
    assert targets >= declared(OWL.Class) - value_classes()


def test_the_tiny_graph_conforms() -> None:
    facts = graph(DATA / "tiny.ttl") + graph(ONTOLOGY / "schemes.ttl")
    assert violated(facts) == []


def test_the_tiny_graph_conforms_with_what_is_derived() -> None:
    facts = graph(ONTOLOGY / "schemes.ttl") + graph(DATA / "tiny.ttl")
    quads = store_of().quads_for_pattern(None, None, None, DERIVED)
    lines = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads)
    facts.parse(data=lines, format="nt")
    assert violated(facts) == []


@pytest.mark.parametrize("name", node_shapes())
def test_each_property_of_a_shape_is_broken_by_its_example(name: str) -> None:
    results = violated(graph(DATA / "shapes" / f"{name}.ttl"))
    missed = shapes_of(name) - {shape for shape, _ in results}
    assert not missed, f"break also {sorted(missed)} in tests/data/shapes/{name}.ttl"
    assert all(message for _, message in results)


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [("Claim", KG.year), ("Evidence", SKOS.note)],
)
def test_claims_and_evidence_have_no_other_properties(name: str, forbidden: URIRef) -> None:
    report = report_on(graph(DATA / "shapes" / f"{name}.ttl"))
    closed = set(report.subjects(SH.sourceConstraintComponent, SH.ClosedConstraintComponent))
    assert forbidden in {report.value(result, SH.resultPath) for result in closed}


# --- Exchange


def test_context_has_each_term() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    for term in declared():
        name = term.removeprefix(KG)
        entry = context.get(name)
        assert (entry if isinstance(entry, str) else entry["@id"]) == f"kg:{name}"
    objects = {t.removeprefix(KG) for t in declared(OWL.ObjectProperty)}
    assert all(context[name]["@type"] in ("@id", "@vocab") for name in objects)


def test_json_with_the_context_is_the_same_as_turtle() -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    thing = json.loads((DATA / "claim.json").read_text(encoding="utf-8"))
    document = json.dumps({"@context": context, **thing})
    read = {
        ox.Triple(q.subject, q.predicate, q.object)
        for q in ox.parse(document, format=ox.RdfFormat.JSON_LD)
    }
    subject = ox.NamedNode(BASE + thing["id"])
    quads = store_of().quads_for_pattern(subject, None, None, ox.DefaultGraph())
    assert read == {q.triple for q in quads}


def mappings() -> tuple[dict[str, str], list[dict[str, str]]]:
    lines = (ONTOLOGY / "mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    comments = [line.removeprefix("#") for line in lines if line.startswith("#")]
    prefixes = dict(line.strip().split(": ", 1) for line in comments if line.startswith("  "))
    columns, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return prefixes, [dict(zip(columns, row, strict=True)) for row in rows]


SCHEMES = ["wan-2023", "bai-2024", "ding-2023", "rostam-2024"]
MATCHES = {"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch",
           "skos:relatedMatch"}  # fmt: skip
NO_MATCH = "sssom:NoTermFound"


def is_category(row: dict[str, str]) -> bool:
    return row["subject_id"].startswith("category:")


def full(curie: str) -> URIRef:
    prefix, _, name = curie.partition(":")
    return URIRef(mappings()[0][prefix] + name)


def term_rows() -> list[dict[str, str]]:
    return [row for row in mappings()[1] if not is_category(row)]


def category_rows() -> list[dict[str, str]]:
    return [row for row in mappings()[1] if is_category(row)]


@functools.cache
def categories() -> dict[str, tuple[str, str]]:
    """Return label and scheme of each category of the shipped graph."""
    store = ox.Store()
    for path in sorted((HERE.parent / "graph" / "surveys").glob("*.ttl")):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    kind, label, scheme = (
        ox.NamedNode(str(name)) for name in (KG.Category, SKOS.prefLabel, SKOS.inScheme)
    )
    found = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(str(RDF.type)), kind, None):
        (name,) = store.quads_for_pattern(quad.subject, label, None, None)
        (home,) = store.quads_for_pattern(quad.subject, scheme, None, None)
        curie = short(quad.subject.value).replace("category/", "category:", 1)
        found[curie] = (name.object.value, short(home.object.value).removeprefix("scheme/"))
    return found


def test_mappings_of_terms_are_those_of_the_ontology() -> None:
    rows = term_rows()
    written = {tuple(full(row[f"{part}_id"]) for part in ("subject", "predicate", "object"))
               for row in rows}  # fmt: skip
    said = {
        (s, p, o) for p in (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch)
        for s, o in ontology().subject_objects(p)
        if isinstance(o, URIRef) and o not in KG
    }  # fmt: skip
    assert written == said
    assert len(rows) == len(written)
    for row in rows:
        assert row["subject_label"] == str(ontology().value(full(row["subject_id"]), RDFS.label))


def test_mappings_are_justified_and_in_order() -> None:
    _, rows = mappings()
    assert {row["mapping_justification"] for row in rows} == {"semapv:ManualMappingCuration"}
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows if row["confidence"])
    assert rows == [
        *sorted(term_rows(), key=lambda row: tuple(row.values())),
        *sorted(
            category_rows(),
            key=lambda row: (row["subject_id"], row["object_source"], row["object_id"]),
        ),
    ]


def test_mappings_of_categories_name_what_is_in_the_graph() -> None:
    for row in category_rows():
        where = f"{row['subject_id']} to {row['object_id']}"
        for end in ("subject", "object"):
            scheme = row[f"{end}_source"].removeprefix("scheme:")
            # Surveys are held against each other, any other list against a survey.
            assert end == "subject" or scheme in SCHEMES, where
            if end == "subject" or row["object_id"] != NO_MATCH:
                said = categories().get(row[f"{end}_id"])
                assert said == (row[f"{end}_label"], scheme), f"{where}: the graph has {said}"
        assert row["subject_source"] != row["object_source"], where
        assert row["predicate_id"] in MATCHES, where
        if row["object_id"] == NO_MATCH:
            assert row["predicate_id"] == "skos:exactMatch", where
        else:
            ends = [row[f"{end}_source"].removeprefix("scheme:") for end in ("subject", "object")]
            if ends[0] in SCHEMES:
                assert ends == sorted(ends, key=SCHEMES.index), f"{where}: turn it round"


def test_a_pair_of_categories_is_mapped_once() -> None:
    pairs = [(row["subject_id"], row["object_id"], row["object_source"]) for row in category_rows()]
    assert sorted(pairs) == sorted(set(pairs))


def test_each_category_is_matched_or_said_not_to_be() -> None:
    matched, unmatched = set(), set()
    for row in category_rows():
        own, other = (row[f"{end}_source"].removeprefix("scheme:") for end in ("subject", "object"))
        if row["object_id"] == NO_MATCH:
            unmatched.add((row["subject_id"], other))
        else:
            matched |= {(row["subject_id"], other), (row["object_id"], own)}
    wanted = {
        (category, scheme) for category, (_, own) in categories().items() if own in SCHEMES
        for scheme in SCHEMES if scheme != own
    }  # fmt: skip
    assert {scheme for _, scheme in categories().values()} >= set(SCHEMES)
    assert not matched & unmatched, "a match and the statement that there is none"
    assert matched | unmatched >= wanted, f"map {sorted(wanted - matched - unmatched)}"
