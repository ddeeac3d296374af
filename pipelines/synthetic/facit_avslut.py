"""The truth about closed spells: which avslut closes which applicant's spell, and who comes back.

Belongs here: counts behind EB11 and EB12 of one municipality, readings R29 and R30. Does not belong here: whether the
year counts and sums over län and riket (facit_fragor).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.facit_rader import Utfall
from pipelines.synthetic.facit_underlag import Underlag, age_group, count, month_key
from pipelines.synthetic.koder import RESERV, START_YEAR, Arr
from pipelines.synthetic.rader import Leveranser, Rows, take
from pipelines.synthetic.samhalle import Samhalle

CAUSES = 9
SELF_SUPPORT = 2  # the first two causes, AO1 and AO2
BACK_FROM, BACK_TO = 2, 12  # months after m in which aid is a return


@dataclass
class Avslutade:
    """Closed spells: applicant, last month m, cause (0-8)."""

    person: Arr
    month: Arr
    orsak: Arr


def _found(keys: Arr, wanted: Arr) -> tuple[Arr, Arr]:
    """Place of the last key not after each wanted one, and whether there is one."""
    place = np.searchsorted(keys, wanted, side="right") - 1
    return np.maximum(place, 0), place >= 0


def _attached(u: Underlag, a: Rows) -> Rows:
    """Avslut rows with the month m and the applicant they belong to; those without either are left out."""
    home = np.sort(month_key(u.hushall["hus"], u.hushall["month"]))
    day_month = a["dag"].astype("datetime64[M]").astype(np.int64) - (START_YEAR - 1970) * 12
    hus = a["hus"]
    place, ok = _found(home, month_key(hus, np.maximum(day_month, -1)))
    at = home[place] if len(home) else np.full(len(hus), -1)
    ok &= at >= month_key(hus, np.zeros_like(hus))
    place, has = _found(u.sokande_nyckel, at)
    applicants = len(u.sokande_nyckel) > 0
    ok &= has & applicants & ((u.sokande_nyckel[place] if applicants else at) == at)
    out = take(a, ok)
    out["month"] = at[ok] - month_key(hus[ok], np.zeros(int(ok.sum()), dtype=np.int64))
    out["person"] = u.sokande_person[place[ok]].astype(np.int64)
    return out


def _has_aid(s: Samhalle, u: Underlag, spells: Avslutade, first: int, last: int) -> Arr:
    """Whether the applicants have aid, in any role, in some of the months m + first to m + last.

    A reservnummer is another person in the next year.
    """
    key = month_key(u.person["person"], u.person["month"])
    december = spells.month // 12 * 12 + 11
    reserv = s.personer.id_typ[spells.person] == RESERV
    to = np.where(reserv, np.minimum(spells.month + last, december), spells.month + last)
    low = np.searchsorted(key, month_key(spells.person, spells.month + first))
    return np.asarray(low < np.searchsorted(key, month_key(spells.person, to), side="right"))


def closed_spells(s: Samhalle, lev: Leveranser, utfall: dict[str, Utfall], u: Underlag) -> Avslutade:
    """Spells that an avslut in force closes, each once; of several the last reported decides, then the last date, then
    the highest cause.
    """
    rows = take(lev.avslut, utfall["eb_avslut"].lastad & u.i_kraft[lev.avslut["pkg"]])
    rows["hus"] = lev.household(rows)
    rows = _attached(u, rows)
    order = np.lexsort((rows["orsak"], rows["dag"], rows["t"], month_key(rows["person"], rows["month"])))
    rows = take(rows, order)
    spell = month_key(rows["person"], rows["month"])
    rows = take(rows, np.r_[spell[1:] != spell[:-1], True][: len(spell)])
    out = Avslutade(rows["person"], rows["month"], rows["orsak"].astype(np.int64))
    ended = ~_has_aid(s, u, out, 1, 1)
    return Avslutade(out.person[ended], out.month[ended], out.orsak[ended])


def _two(shape: tuple[int, ...], of: tuple[Arr, ...], which: Arr) -> Arr:
    """All, and those of them that are such, along a last axis."""
    return np.stack([count(shape, *of), count(shape, *(axis[which] for axis in of))], axis=-1)


def spell_counts(s: Samhalle, u: Underlag, spells: Avslutade, years: int) -> dict[str, Arr]:
    """avslutade [year of m, sex, age group, 2]: closed, by own support; aterkomna [year after m, sex, age group, 2] and
    aterkomna_orsak [year after m, cause, 2]: closed, come back.
    """
    kon, born = s.personer.kon[spells.person].astype(np.int64) - 1, s.personer.fodelsear[spells.person]
    year, shape = spells.month // 12, (years + 1, 2, 4)
    back = _has_aid(s, u, spells, BACK_FROM, BACK_TO)
    after = year + 1
    return {
        "avslutade": _two(shape, (year, kon, age_group(born, year)), spells.orsak < SELF_SUPPORT)[:years],
        "aterkomna": _two(shape, (after, kon, age_group(born, after)), back)[:years],
        "aterkomna_orsak": _two((years + 1, CAUSES), (after, spells.orsak), back)[:years],
    }
