"""A mapping as SQL: the sender's text of one column to the contract's.

Belongs here: DuckDB expressions over a raw column. Does not belong here: what is translated to what (the mapping, in
`data_contracts/`) and whether the result is right (the gate's rules).

An empty cell stays empty. A cell that the mapping does not know keeps its text behind UNKNOWN, which no code list, type
or identity holds, so that it can never pass by looking like what the contract asks for.
"""

from __future__ import annotations

import re

from pipelines.contracts.mappings import UNKNOWN, Form, MappedColumn, NumberForm
from pipelines.landing.gate_sql import quote


def translated(column: MappedColumn, source: str) -> str:
    """The cell in the contract's words; the source as it is where the mapping says nothing."""
    if column.codes:
        known = [(f"{source} = {quote(local)}", quote(code)) for local, code in column.codes]
    elif column.number:
        known = [(f"regexp_full_match({source}, {quote(_number(column.number))})", _plain(column.number, source))]
    elif column.forms:
        known = [_form(form, source) for form in column.forms]
    else:
        return source
    cases = " ".join(f"when {condition} then {value}" for condition, value in known)
    return f"case {cases} else {quote(UNKNOWN)} || {source} end"


def _form(form: Form, source: str) -> tuple[str, str]:
    whole = f"^(?:{form.monster})$"
    return (
        f"regexp_full_match({source}, {quote(form.monster)})",
        f"regexp_replace({source}, {quote(whole)}, {quote(form.blir)})",
    )


def _number(form: NumberForm) -> str:
    """Grouped in threes from the right when there is a sign for it, and always with all its decimals."""
    signs = "".join(re.escape(sign) for sign in form.tusental)
    whole = f"[0-9]{{1,3}}(?:[{signs}][0-9]{{3}})*" if signs else "[0-9]+"
    return f"-?{whole}{re.escape(form.decimaltecken)}[0-9]{{{form.decimaler}}}"


def _plain(form: NumberForm, source: str) -> str:
    signs = "".join(form.tusental)
    return f"translate({source}, {quote(form.decimaltecken + signs)}, ',')"
