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
    try:
        return text_of(_rows(content, asked), asked)
    except etree.XMLSyntaxError:
        raise UnreadableError(NOT_OF_THE_FORM.format(asked.dataset)) from None


def _rows(content: bytes, asked: Asked) -> Iterator[list[str]]:
    yield list(asked.columns)
    known = frozenset(asked.columns)
    for number, element in enumerate(_elements(content, asked), 2):
        cells = {cell.tag: cell.text or "" for cell in element}
        if len(cells) != len(element):
            raise UnreadableError(REPEATED.format(asked.dataset, number), rad_nr=number)
        if not known.issuperset(cells):
            raise UnreadableError(UNKNOWN_NAME.format(asked.dataset, number), regel="GEN-04", rad_nr=number)
        yield [cells.get(name, "") for name in asked.columns]


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
