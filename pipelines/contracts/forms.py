"""The form of a dataset in words and as an XSD: what senders are given, and what their XML is validated by.

Belongs here: a column in words, the labels of its codes, and the schema. Does not belong here: the workbook
(`workbook.py`) and any judgement. Codes and what is required are told in words, since the gate judges them row by row:
a schema that held them would stop the whole file.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment

from pipelines.contracts.changes import form_codes
from pipelines.contracts.files import read_yaml
from pipelines.contracts.model import CONTRACTS, SEEDS, Column, Contracts, Dataset

FEW_CODES = 40
KINDS = {
    "string": "Text",
    "integer": "Heltal",
    "number": "Belopp med decimalkomma, högst två decimaler",
    "date": "Datum, ÅÅÅÅ-MM-DD",
}
XSD = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True).from_string(
    """<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" version="{{ version }}">
  <xs:annotation><xs:documentation xml:lang="sv">{{ titel }}</xs:documentation></xs:annotation>
  <xs:element name="{{ id }}">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="rad" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:all>
            {% for name, words in columns.items() %}
              <xs:element name="{{ name }}" type="xs:string" minOccurs="0">
                <xs:annotation>
                  <xs:documentation xml:lang="sv">{{ words | join(" ") }}</xs:documentation>
                </xs:annotation>
              </xs:element>
            {% endfor %}
            </xs:all>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
)


@lru_cache(maxsize=64)
def _form(id_: str, version: str, titel: str, names: tuple[str, ...]) -> str:
    return XSD.render(id=id_, version=version, titel=titel, columns=dict.fromkeys(names, ()))


def form(dataset: Dataset) -> str:
    """The schema without words, for validation: the same form as senders are given."""
    return _form(dataset.id, dataset.version, dataset.titel, tuple(c.name for c in dataset.columns))


def described_form(contracts: Contracts, dataset: Dataset) -> str:
    """The schema that senders are given, every element with its column in words."""
    columns = {c.name: [*in_words(contracts, dataset, c), *_few_codes(contracts, dataset, c)] for c in dataset.columns}
    return XSD.render(id=dataset.id, version=dataset.version, titel=dataset.titel, columns=columns)


def in_words(contracts: Contracts, dataset: Dataset, column: Column) -> list[str]:
    """What a sender must know of a column, a sentence a line."""
    found = [" ".join((column.description or contracts.columns.get(column.name, "")).split())]
    kind = f"Kod ur listan {column.kodlista}" if column.kodlista else KINDS[column.logical_type]
    found.append(kind + (f", högst {column.max_length} tecken." if column.max_length else "."))
    found += ["Krävs."] if column.required else []
    found += [f"Krävs när {column.obligatorisk_nar}."] if column.obligatorisk_nar else []
    found += [f"Ska vara tom när {column.tom_nar}."] if column.tom_nar else []
    found += [f"Minst {column.minimum:g}."] if column.minimum is not None else []
    found += ["Ingår i nyckeln, som får stå på en enda rad."] if column.name in dataset.key else []
    found += [f"{rule.id}: {' '.join(rule.regel.split())}." for rule in dataset.rules if rule.kolumn == column.name]
    return [line for line in found if line]


def _few_codes(contracts: Contracts, dataset: Dataset, column: Column) -> list[str]:
    codes = form_codes(dataset, column.kodlista, contracts.codes[column.kodlista]) if column.kodlista else ()
    if column.kodlista is None or len(codes) > FEW_CODES:
        return []
    named = labels(column.kodlista, codes)
    return ["Koder: " + ", ".join(f"{code} {text}".strip() for code, text in named.items()) + "."]


def labels(kodlista: str, codes: tuple[str, ...]) -> Mapping[str, str]:
    """Every code of a list with what it means, from the list's own seed; empty where the seed does not say."""
    entry = read_yaml(CONTRACTS / "shared" / "kodlistor.yaml")[kodlista]
    with (SEEDS / f"{entry['seed']}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    said = next((name for name in (rows[0] if rows else ()) if name == "text" or name.endswith("_namn")), "")
    found = {row[entry["kolumn"]]: row.get(said, "") for row in rows}
    return {code: found.get(code, "") for code in codes}
