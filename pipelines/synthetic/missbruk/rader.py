"""The rows of every package of missbruk, asi, lvm and isu, as typed arrays.

Belongs here: which of the society's events each package holds. Does not belong here: what all yearly sources share
(arsvis.rader), planted faults (radfel), text, judgement (facit_*). A column is named as in the file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.arsvis.rader import Leveranser, Urval
from pipelines.synthetic.arsvis.tal import OPPEN, TOM, Rows
from pipelines.synthetic.koder import Arr
from pipelines.synthetic.missbruk.koder import MATTEN
from pipelines.synthetic.missbruk.samhalle import Samhalle


def _i_aret(u: Urval, e: Rows, event: Arr | None = None) -> tuple[Arr, Arr]:
    """(package, event) of what happened on a day of the year; event: what a correction's missing rows go by."""
    events = np.flatnonzero((e["dag"] >= u.jan) & (e["dag"] <= u.dec))
    pkg, src = u.copies(events, e["klient"][events])
    keep = u.kvar(pkg, src if event is None else event[src], e["dag"][src])
    return pkg[keep], src[keep]


def _pagar(u: Urval, e: Rows) -> tuple[Arr, Arr, Arr]:
    """(package, event, last day told) of what goes on some day of the year."""
    events = np.flatnonzero((e["start"] <= u.dec) & (e["slut"] >= u.jan))
    pkg, src = u.copies(events, e["klient"][events])
    keep = u.kvar(pkg, src, e["start"][src])
    pkg, src = pkg[keep], src[keep]
    return pkg, src, u.sista(pkg, src, e["slut"][src])


def _grund(soc: Samhalle, pkg: Arr, klient: Arr, src: Arr) -> Rows:
    return {"pkg": pkg, "klient": klient, "src": src, "klient_id": soc.klient["id"][klient] * 2}


def missbruk(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of missbruk."""
    u = Urval(lev, soc.klient, soc.av, rng, par)
    lev.rader["missbruk_utredning"] = _utredningar(u, soc)
    lev.rader["missbruk_insats"] = _insatser(u, soc)
    parts = [lev.rader[d] for d in lev.datasets[1:]]
    lev.rader["missbruk_person"] = u.personrader(*(np.concatenate([r[c] for r in parts]) for c in ("pkg", "klient")))


def _utredningar(u: Urval, soc: Samhalle) -> Rows:
    e = soc.arenden.utredning
    pkg, src, slut = _pagar(u, e)
    done = slut != OPPEN
    return _grund(soc, pkg, e["klient"][src], src) | {
        "utredning_id": e["id"][src],
        "malgrupp_kod": e["malgrupp"][src],
        "aktualisering_typ_kod": e["akt_typ"][src],
        "aktualisering_datum": e["aktualisering"][src],
        "utredning_start_datum": e["start"][src],
        "utredning_slut_datum": slut,
        "barn_under_18": e["barn"][src],
        "barn_uppmarksammat": np.where(done, e["uppmarksammat"][src], TOM),
        "beslut_kod": np.where(done, e["beslut"][src], TOM),
    }


def _insatser(u: Urval, soc: Samhalle) -> Rows:
    e = soc.arenden.insats
    pkg, src, slut = _pagar(u, e)
    return _grund(soc, pkg, e["klient"][src], src) | {
        "insats_id": e["id"][src],
        "insats_kod": e["kod"][src],
        "malgrupp_kod": e["malgrupp"][src],
        "metod_kod": e["metod"][src],
        "insats_start_datum": e["start"][src],
        "insats_slut_datum": slut,
        "insats_avslut_kod": np.where(slut == OPPEN, TOM, e["avslut"][src]),
    }


def asi(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of asi."""
    u, e = Urval(lev, soc.klient, soc.av, rng, par), soc.asi.rader
    pkg, src = _i_aret(u, e)
    values = soc.asi.varden[src]
    first = e["typ"][src] == 0
    lev.rader["asi_intervju"] = u.person(pkg, e["klient"][src]) | {
        "src": src,
        "intervju_id": e["id"][src],
        "asi_typ_kod": e["typ"][src],
        "asi_version_kod": e["version"][src],
        "intervju_datum": e["dag"][src],
        "grund_intervju_id": np.where(first, TOM, e["id"][e["grund"][src]]),
        "bortfall_kod": e["bortfall"][src],
        **{name: values[:, place].copy() for place, name in enumerate(MATTEN)},
        "cs_formelversion": e["formel"][src],
    }


def lvm(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of lvm."""
    u, ja = Urval(lev, soc.klient, soc.av, rng, par), soc.lvm.ansokan
    pkg, src = _i_aret(u, ja)
    lev.rader["lvm_ansokan"] = u.person(pkg, ja["klient"][src]) | {
        "src": src,
        "ansokan_id": ja["id"][src],
        "ansokan_datum": ja["dag"][src],
        **{f"indikation_{vad}": ja[f"indikation{i}"][src] for i, vad in enumerate(("fys_psyk", "liv", "skada"))},
        **{f"medel_{vad}": ja[f"medel{i}"][src] for i, vad in enumerate(("alkohol", "narkotika", "losningsmedel"))},
    }
    tagna = soc.lvm.omhandertagande
    pkg, src = _i_aret(u, tagna)
    lev.rader["lvm_omhandertagande"] = u.person(pkg, tagna["klient"][src]) | {
        "src": src,
        "omhandertagande_id": tagna["id"][src],
        "omhandertagande_datum": tagna["dag"][src],
    }
    ut = soc.lvm.utskrivning
    pkg, src = _i_aret(u, ut)
    lev.rader["lvm_utskrivning"] = u.person(pkg, ut["klient"][src]) | {
        "src": src,
        "utskrivning_id": ut["id"][src],
        "inskrivning_datum": ut["inskrivning"][src],
        "utskrivning_datum": ut["dag"][src],
        "boende_efter_kod": ut["boende"][src],
    }


def isu(lev: Leveranser, soc: Samhalle, rng: np.random.Generator, par: dict[str, Any]) -> None:
    """Fill the packages of isu; par: also the place of each municipality's model."""
    u, e, ins = Urval(lev, soc.klient, soc.av, rng, par), soc.isu, soc.arenden.insats
    pkg, src = _i_aret(u, e, e["insats"])
    of = e["insats"][src]
    lev.rader["isu_uppfoljning"] = u.person(pkg, e["klient"][src]) | {
        "src": src,
        "insats_id": ins["id"][of],
        "uppfoljningsmodell_kod": par["modell"][soc.av.kommun[lev.sand[pkg]]],
        "malgrupp_kod": ins["malgrupp"][of],
        "metod_kod": ins["metod"][of],
        "matt_kod": e["matt"][src],
        "tillfalle_kod": e["tillfalle"][src],
        "matt_datum": e["dag"][src],
        "matt_varde": e["varde"][src],
    }
