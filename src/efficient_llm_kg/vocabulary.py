"""Namespaces, the terms of the ontology that the code uses, and how IRIs are made."""

from __future__ import annotations

import re
import unicodedata

from efficient_llm_kg.terms import IRI

BASE = "https://w3id.org/efficient-llm-kg/"
DERIVED = IRI(BASE + "graph/derived")
ONTOLOGY = IRI(BASE + "graph/ontology")


class Namespace:
    """A closed set of terms: ``KG.extends`` is an IRI, a name that is not listed is an error.

    Parameters
    ----------
    base : str
        What each IRI of the namespace starts with.
    names : str
        The local names, separated by blanks.
    """

    def __init__(self, base: str, names: str) -> None:
        self.base = base
        self.names = frozenset(names.split())

    def __getattr__(self, name: str) -> IRI:
        # By way of the dictionary: a copy is asked for its methods before it has any names.
        if name not in self.__dict__.get("names", ()):
            raise AttributeError(
                f"{self.__dict__.get('base')} has no term {name!r} that this package uses"
            )
        # Kept, so that a term that is asked for in a loop is found at once from then on.
        found = self.__dict__[name] = IRI(self.base + name)
        return found


CLASSES = (
    "Paper Survey Publication Venue Technique Component Stage Resource Family Metric Benchmark "
    "Result Framework Release Hardware Category Keyword Topic Mapping Protocol ProtocolStep "
    "Document Evidence Claim LineageClaim SupportClaim "
    "EffectClaim PlacementClaim PublicationClaim IntroductionClaim CitationClaim Descent "
    "IdentityReview Verdict Polarity Rank Method Reading Certainty EvidenceKind Doubt "
    "PublicationType PreferenceRule Direction Preparation Extent Placing"
)
LINEAGE_RELATIONS = ("extends", "combines", "supersedes", "comparedWith")
EFFECT_RELATIONS = ("compresses", "reduces", "increases")
SUPPORT_RELATIONS = ("implements", "supportsStage", "incompatibleWith")
CLAIMED_RELATIONS = (
    *LINEAGE_RELATIONS,
    *EFFECT_RELATIONS,
    *SUPPORT_RELATIONS,
    "needs",
    "introduces",
    "categorisedAs",
    "hasKeyword",
    "hasPublication",
    "concerns",
    "relatedTo",
    "describedIn",
    "appliesToStage",
    "surveys",
    "cites",
)
PROPERTIES = (
    "introduces extends combines supersedes comparedWith compresses reduces increases "
    "supportsStage implements incompatibleWith needs categorisedAs hasPublication descendsFrom "
    "ancestorOf introducedBy implementedBy publishedIn preferredPublication preferenceRule "
    "surveys venue publicationType "
    "track year family position releaseOf version status subject relation object polarity rank "
    "assertedBy method certainty doubt evidence onRelease since until sinceVersion untilVersion "
    "extent onHardware bits placing measures metric value baseline model releasedOn "
    "document locator evidenceKind reading dateRead "
    "passageHash titleAsWritten venueAsWritten scoreAsWritten descendant ancestor distance "
    "hasKeyword concerns relatedTo describedIn appliesToStage atStage ofResource direction unit "
    "protocol step count authorList topic "
    "reviewedPaper otherPaper otherIdentifier verdict question dateDecided "
    "mapsFrom mapsTo intoScheme mappingRelation justification confidence"
)
INDIVIDUALS = (
    "Affirmed Denied Preferred Normal Deprecated Manual Automatic Reviewed Verified Recalled "
    "Certain Probable Abstract Body Readme Documentation SourceCode SurveyEntry TableCell Heading "
    "Title SecondaryPage ChangeNote BibliographicRecord CitesItself CitesLater MutualCitation "
    "Preprint Conference Journal Workshop Web Book "
    "Open Same Different Later PublishedBeatsPreprint MoreIsBetter LessIsBetter "
    "Retraining Calibration NoPreparation Partial Root Unplaced"
)

KG = Namespace(BASE + "ontology#", f"{CLASSES} {PROPERTIES} {INDIVIDUALS}")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "label comment")
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "prefLabel altLabel note inScheme topConceptOf broader hasTopConcept ConceptScheme definition "
    "exactMatch closeMatch broadMatch narrowMatch relatedMatch",
)
DCTERMS = Namespace(
    "http://purl.org/dc/terms/",
    "title alternative identifier issued isPartOf isReplacedBy source creator description license",
)
OWL = Namespace("http://www.w3.org/2002/07/owl#", "deprecated")
CITO = Namespace("http://purl.org/spar/cito/", "cites")
PROV = Namespace("http://www.w3.org/ns/prov#", "wasGeneratedBy Activity")
SCHEMA = Namespace("https://schema.org/", "url codeRepository")

#: Kinds of things that have an IRI of ours; the folder of the IRI names the kind.
FOLDERS = (
    "activity benchmark category claim component descent evidence family framework hardware "
    "keyword mapping metric paper protocol publication release resource result review scheme stage "
    "survey technique topic venue"
).split()

PREFIXES: dict[str, str] = {
    "kg": KG.base,
    "cito": CITO.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "skos": SKOS.base,
    "dcterms": DCTERMS.base,
    "prov": PROV.base,
    "schema": SCHEMA.base,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "void": "http://rdfs.org/ns/void#",
    "owl": "http://www.w3.org/2002/07/owl#",
    **{folder: f"{BASE}{folder}/" for folder in FOLDERS},
}

#: The relations that claims state and that are terms of another vocabulary.
_BORROWED_RELATIONS = {"cites": CITO.cites}

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SPELLED = {"+": " plus ", "#": " sharp ", "&": " and ", "%": " percent "}
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "π": "pi", "σ": "sigma", "μ": "mu",
    "µ": "mu", "λ": "lambda", "ω": "omega", "θ": "theta", "²": "2", "³": "3",
}  # fmt: skip


def slug(name: str) -> str:
    """Return the part of an IRI that stands for a name: lower case, ASCII, hyphens.

    What tells two names apart stays: ``KV-Cache++`` is not ``KV-Cache``. Raises ValueError when
    nothing is left of the name.

    >>> slug("LLM.int8()"), slug("QuIP#"), slug("PanGu-Σ")
    ('llm-int8', 'quip-sharp', 'pangu-sigma')
    """
    lowered = name.casefold()
    spelled = "".join(_SPELLED.get(c) or _GREEK.get(c) or c for c in lowered)
    plain = unicodedata.normalize("NFKD", spelled).lower()
    # A letter of another script keeps its place as its code point, so that names stay apart.
    plain = "".join(c if c.isascii() or not c.isalnum() else f"-u{ord(c):x}-" for c in plain)
    result = _NOT_SLUG.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")
    if not result:
        result = "-".join(f"u{ord(c):x}" for c in lowered if not c.isspace())
    if not result:
        raise ValueError(f"no IRI can be made of the name {name!r}")
    return result


def iri(folder: str, name: str) -> IRI:
    """Return the IRI of the thing of a kind that has this slug.

    >>> iri("technique", "qlora")
    'https://w3id.org/efficient-llm-kg/technique/qlora'
    """
    if folder not in FOLDERS:
        raise ValueError(f"no kind of thing is called {folder!r}")
    return IRI(f"{BASE}{folder}/{name}")


def hashed(folder: str, *parts: str) -> IRI:
    """Return an IRI that is a hash of its parts, so that the same input has the same IRI."""
    import hashlib

    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return iri(folder, digest[:16])


def relation_iri(name: str) -> IRI:
    """Return the relation that a claim states by its local name, ours or one that we borrow.

    >>> compact(relation_iri("extends")), compact(relation_iri("cites"))
    ('kg:extends', 'cito:cites')
    """
    return _BORROWED_RELATIONS.get(name) or IRI(KG.base + name)


def relation_name(relation: str) -> str:
    """Return the local name of a relation that a claim states; see :func:`relation_iri`.

    >>> relation_name(CITO.cites)
    'cites'
    """
    return re.split(r"[#/]", relation)[-1]


def compact(term: str) -> str:
    """Return an IRI as prefix and local name where a prefix fits, else as it is.

    >>> compact("https://w3id.org/efficient-llm-kg/technique/qlora")
    'technique:qlora'
    """
    for prefix, base in PREFIXES.items():
        if term.startswith(base) and len(term) > len(base):
            return f"{prefix}:{term[len(base) :]}"
    return term
