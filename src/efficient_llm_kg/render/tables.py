"""Tables in the formats of the command line, and SPARQL results in their own.

``tsv``, ``csv``, ``json`` and ``jsonl`` hold whole values; ``table`` is for reading, shortens IRIs
and cuts what does not fit. ``srj`` is SPARQL 1.1 Query Results JSON, ``srx`` the XML of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from efficient_llm_kg.render.terminal import columns_of, cut, harmless
from efficient_llm_kg.terms import XSD_STRING, BlankNode, Cell, Literal, python_value
from efficient_llm_kg.vocabulary import compact

TABLE_FORMATS = ("table", "tsv", "csv", "json", "jsonl", "markdown")
RESULT_FORMATS = (*TABLE_FORMATS, "srj", "srx")
_RESULTS_NAMESPACE = "http://www.w3.org/2005/sparql-results#"
_NARROWEST = 6


def render_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], form: str, width: int | None = None
) -> str:
    """Return rows of terms in one of :data:`RESULT_FORMATS`, with a line end where one belongs.

    Parameters
    ----------
    columns, rows
        Names and cells; a cell is a term or None.
    form : str
        The format.
    width : int | None
        For ``table``: how many columns the terminal has; None cuts nothing.
    """
    if form == "tsv":
        lines = ["\t".join(columns)]
        lines += ["\t".join(_tab_separated(cell) for cell in row) for row in rows]
        return "\n".join(lines) + "\n"
    if form == "table":
        return _table(columns, [[_short(cell) for cell in row] for row in rows], width)
    if form == "csv":
        return _csv(columns, rows)
    if form in ("json", "jsonl"):
        return _json(columns, rows, lines=form == "jsonl")
    if form == "markdown":
        return _markdown(columns, [[_short(cell) for cell in row] for row in rows])
    if form == "srj":
        return _results_json(columns, rows)
    return _results_xml(columns, rows)


def render_boolean(value: bool, form: str | None = None) -> str:
    """Return the answer of an ASK: ``true`` or ``false``, or a document in ``srj`` and ``srx``."""
    word = str(value).lower()
    if form == "srj":
        return f'{{"head": {{}}, "boolean": {word}}}\n'
    if form == "srx":
        body = f"<head/><boolean>{word}</boolean>"
        return f'<?xml version="1.0"?>\n<sparql xmlns="{_RESULTS_NAMESPACE}">{body}</sparql>\n'
    return f"{word}\n"


def _plain(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _short(cell: Cell) -> str:
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, Literal) else compact(cell)


def _tab_separated(cell: Cell) -> str:
    value = _plain(cell)
    if "\t" in value or "\n" in value or "\r" in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        value = value.replace("\r", "\\r")
    return value


def _table(columns: Sequence[str], rows: list[list[str]], width: int | None) -> str:
    cells = [[harmless(cell) for cell in row] for row in [list(columns), *rows]]
    widths = [max(columns_of(row[i]) for row in cells) for i in range(len(columns))]
    if width is not None and widths:
        # The widest column gives way until the table fits, or all are as narrow as they may be.
        while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > _NARROWEST:
            widest = widths.index(max(widths))
            others = sorted(widths)[-2] if len(widths) > 1 else 0
            over = sum(widths) + 2 * (len(widths) - 1) - width
            widths[widest] = max(
                _NARROWEST, min(widths[widest] - 1, max(others, widths[widest] - over))
            )
    lines = []
    for number, row in enumerate(cells):
        shown = [cut(cell, width) for cell, width in zip(row, widths, strict=True)]
        padded = [
            cell + " " * (width - columns_of(cell))
            for cell, width in zip(shown, widths, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
        if number == 0:
            lines.append("  ".join("─" * width for width in widths))
    return "\n".join(lines) + "\n"


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _json(columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, lines: bool) -> str:
    import json

    found = [
        {column: _json_value(cell) for column, cell in zip(columns, row, strict=True)}
        for row in rows
    ]
    if lines:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _json_value(cell: Cell) -> str | int | float | bool | None:
    value = python_value(cell)
    # JSON has no infinity and nothing that is no number; their names are all that is left.
    return str(cell) if isinstance(value, float) and not math.isfinite(value) else value


def _markdown(columns: Sequence[str], rows: list[list[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        safe = [
            harmless(cell.replace("\n", " "))
            .replace("\\", "\\\\")
            .replace("|", "\\|")
            .replace("<", "&lt;")
            for cell in cells
        ]
        return "| " + " | ".join(safe) + " |"

    return "\n".join([line(columns), "|" + " --- |" * len(columns), *map(line, rows)]) + "\n"


def _results_json(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    import json

    def binding(cell: Cell) -> dict[str, str]:
        if isinstance(cell, Literal):
            found = {"type": "literal", "value": cell.value}
            if cell.language:
                found["xml:lang"] = cell.language
            elif cell.datatype != XSD_STRING:
                found["datatype"] = cell.datatype
            return found
        return {"type": "bnode" if isinstance(cell, BlankNode) else "uri", "value": str(cell)}

    bindings = [
        {c: binding(cell) for c, cell in zip(columns, row, strict=True) if cell is not None}
        for row in rows
    ]
    document = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False) + "\n"


def _results_xml(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    from xml.etree import ElementTree

    root = ElementTree.Element("sparql", xmlns=_RESULTS_NAMESPACE)
    head = ElementTree.SubElement(root, "head")
    for column in columns:
        ElementTree.SubElement(head, "variable", name=column)
    results = ElementTree.SubElement(root, "results")
    for row in rows:
        result = ElementTree.SubElement(results, "result")
        for column, cell in zip(columns, row, strict=True):
            if cell is None:
                continue
            place = ElementTree.SubElement(result, "binding", name=column)
            if isinstance(cell, Literal):
                literal = ElementTree.SubElement(place, "literal")
                literal.text = xml_text(cell.value)
                if cell.language:
                    literal.set("xml:lang", cell.language)
                elif cell.datatype != XSD_STRING:
                    literal.set("datatype", cell.datatype)
            else:
                kind = "bnode" if isinstance(cell, BlankNode) else "uri"
                ElementTree.SubElement(place, kind).text = str(cell)
    return '<?xml version="1.0"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def xml_text(text: str) -> str:
    """Return text without the characters that XML 1.0 cannot hold, each spelt out."""
    return "".join(
        c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else f"\\u{ord(c):04X}"
        for c in text
    )
