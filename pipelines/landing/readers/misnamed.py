"""A header that is not the contract's: what its file is read as, so that its cells can be searched for free text.

Belongs here: which columns a misnamed file has, for GEN-08 alone. Does not belong here: saying what is wrong with the
header (GEN-04, the readers), and the search (`free_text.py`).
"""

from __future__ import annotations

from pipelines.contracts.mappings import TableMapping
from pipelines.contracts.model import Dataset


def searched_as(
    dataset: Dataset, layout: TableMapping, header: tuple[str, ...]
) -> tuple[tuple[str, ...], TableMapping] | None:
    """Names for the file's columns, and the mapping that lets the unknown ones be searched; None if it is no header.

    An unknown or repeated column is called by its place: its name may be a row of data. Where the identity's own
    column is not named, a number may stand in any other, and nothing can be said of it.
    """
    identity = next((c.name for c in layout.columns.values() if c.target == dataset.identity_column), None)
    known = {name: i for i, name in reversed(list(enumerate(header, 1))) if name in layout.names}
    if not known or (identity and identity not in known):
        return None
    names = tuple(name if known.get(name) == i else f"på plats {i}" for i, name in enumerate(header, 1))
    searched = [new for new, name in zip(names, header, strict=True) if new not in known and name != identity]
    columns = {name: column for name, column in layout.columns.items() if name in known}
    left_out = (*(name for name in layout.left_out if name in known), *searched)
    return names, TableMapping(layout.separator, columns, left_out)
