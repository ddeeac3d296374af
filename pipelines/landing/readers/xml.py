"""XML files: one element per row, one per cell, and nothing else that XML can be.

Belongs here: bytes of UTF-8 to lines, in the child process (`landing/child.py`). Does not belong here: the schema
(`contracts/forms.py` renders it), encodings and what must hold of any file (`csv.py`, `body.py`).

In UTF-8, whatever the file's own words on its encoding, every DTD, comment, instruction and attribute begins with signs
that begin nothing else: they are refused before the parser sees them. What is left has no entities but XML's own five.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from pipelines.landing.readers.cells import MAX_ROWS, TOO_MUCH, Asked, UnreadableError, text_of

ROW = "rad"
MAX_UNKNOWN = 100  # names: more are no columns, and are not searched
DECLARATION = re.compile(rb"\s*<\?xml\s[^<>]*\?>")
MORE_THAN_ELEMENTS = re.compile(rb"<(?:!(?!\[CDATA\[)|\?|[^\s<>!?/]+\s+[^\s/>])")
REFUSED = (
    "Filen för {} har annat än element: attribut, namnrymd, DTD, kommentar eller instruktion. Inget av det tas emot."
)
NOT_OF_THE_FORM = "Filen för {} är inte hel XML av den form som schemat (XSD) beskriver."
REPEATED = "Ett element står två gånger på samma rad i {}, först på rad {}."
UNKNOWN_NAME = "{} har ett element som inte är någon av kolumnerna, först på rad {}."


def read_xml(content: bytes, asked: Asked) -> str:
    """The file's rows as text, the contract's columns first. Raises UnreadableError (GEN-01, GEN-04)."""
    declared = DECLARATION.match(content)
    if MORE_THAN_ELEMENTS.search(content, declared.end() if declared else 0):
        raise UnreadableError(REFUSED.format(asked.dataset))
    if content.count(b"<rad>") + content.count(b"<rad/>") > MAX_ROWS:
        raise UnreadableError(TOO_MUCH.format(asked.dataset))
    unknown: dict[str, int] = {}
    text = text_of(_rows(content, asked, unknown), asked)
    if unknown:
        raise _unknown(asked, unknown, _searchable(content, asked, len(unknown), text))
    return text


def _rows(content: bytes, asked: Asked, unknown: dict[str, int]) -> Iterator[list[str]]:
    """The contract's cells of every row, then those of `unknown` names: filled here, with the row each is first on."""
    yield list(asked.columns)
    known = frozenset(asked.columns)
    try:
        for number, element in enumerate(_elements(content, asked), 2):
            cells = {cell.tag: cell.text or "" for cell in element}
            if len(cells) != len(element):
                raise UnreadableError(REPEATED.format(asked.dataset, number), rad_nr=number)
            if not known.issuperset(cells):
                more = {cell.tag: "".join(map(str, cell.itertext())) for cell in element if cell.tag not in known}
                cells |= more
                unknown |= {name: unknown.get(name, number) for name in more}
                if len(unknown) > MAX_UNKNOWN:
                    raise _unknown(asked, unknown)
            yield [cells.get(name, "") for name in asked.columns] + [cells.get(name, "") for name in unknown]
    except etree.XMLSyntaxError:
        if not unknown:  # otherwise the schema has fallen on them
            raise UnreadableError(NOT_OF_THE_FORM.format(asked.dataset)) from None


def _unknown(asked: Asked, unknown: dict[str, int], text: str = "") -> UnreadableError:
    row = min(unknown.values())
    return UnreadableError(UNKNOWN_NAME.format(asked.dataset, row), regel="GEN-04", rad_nr=row, text=text)


def _searchable(content: bytes, asked: Asked, more: int, text: str) -> str:
    """The rows with a name over those columns alone that the file has, and every line as long as the longest."""
    named = [name if re.search(rf"<{name}[\s/>]".encode(), content) else "" for name in asked.columns]
    lines, width = text.split("\n"), len(asked.columns) + more
    lines[0] = asked.separator.join(named)
    return "\n".join(line + asked.separator * (width - 1 - line.count(asked.separator)) for line in lines)


def _elements(content: bytes, asked: Asked) -> Iterator[etree._Element]:
    """Every row's element as it is read and validated; forgotten when the next is asked for.

    The parser says nothing of a file that is cut off in its last element: its end must have been seen.
    """
    ended = False
    rows = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=(ROW, asked.dataset),
        schema=_compiled(asked.schema),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for _, element in rows:
        parent = element.getparent()
        if parent is None:
            ended = True
        elif element.tag == ROW:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del parent[0]
    if not ended:
        raise UnreadableError(NOT_OF_THE_FORM.format(asked.dataset))


@lru_cache(maxsize=16)
def _compiled(schema: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema.encode()))
