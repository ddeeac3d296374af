"""Missbruk och beroende from the inbox to the release, told as stories whose numbers are worked out by hand.

Belongs here: what the warehouse, the release and the receipts say of each story (docs/reference/missbruk.md, section 10
and its worked examples). Does not belong here: the deliveries (`tests/support/missbrukstories.py`), their order
(test_stories.py), and rules one by one (tests/unit).

A shown count is at most five from the true one.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.support import missbrukstories as missbruk
from tests.support.lager import Lager
from tests.support.stories import ADULTS, delivery_status, number, people, published, receipt

pytestmark = pytest.mark.xdist_group("stories")
MOVED = 5
POOL = "2017-2019"
Row = dict[str, Any]


def only(found: duckdb.DuckDBPyConnection) -> Row:
    """The one row of a result, by column."""
    names = [column[0] for column in found.description or ()]
    (row,) = found.fetchall()
    return dict(zip(names, row, strict=True))


def shown(db: duckdb.DuckDBPyConnection, indikator: str, place: str, kod: str, period: str = "2019") -> Row:
    """A cell as the release has it, of all sexes."""
    query = (
        "select * from published.pub_indikatorvarde where indikator_id = ? and geo_kod = ? and uppdelning_kod = ? "
        "and period = ? and kon_kod = 'T'"
    )
    return only(db.execute(query, [indikator, place, kod, period]))


def outcome(db: duckdb.DuckDBPyConnection, kommun: str, metod: str, omrade: str) -> Row:
    """What the release says came of a method."""
    query = (
        "select * from published.pub_metodutfall "
        "where kommun_kod = ? and metod_kod = ? and omrade_kod = ? and period = '2019'"
    )
    return only(db.execute(query, [kommun, metod, omrade]))


def counts(db: duckdb.DuckDBPyConnection, place: str, **cells: str) -> Row:
    """Numerator and denominator before protection of cells of one indicator each, as MB05=<kod>."""
    return {indikator: number(db, indikator, place, kod=kod)[:2] for indikator, kod in cells.items()}


def classes(db: duckdb.DuckDBPyConnection, indikator: str, place: str, start: str) -> Row:
    """Every class of what a code starts with: its numerator and the denominator."""
    query = (
        "select substring(uppdelning_kod, length(?) + 1), cast(taljare as integer), cast(namnare as integer) "
        "from indicators.fct_indikatorvarde "
        "where indikator_id = ? and geo_kod = ? and period = '2019' and starts_with(uppdelning_kod, ?)"
    )
    return {kod: (t, n) for kod, t, n in db.execute(query, [start, indikator, place, start]).fetchall()}


# -- the cohort ----------------------------------------------------------------------------------------------------


def test_t10_who_is_followed_up_after_nineteen_months_is_read_in_and_not_followed_up(
    told: Lager, now: duckdb.DuckDBPyConnection
) -> None:
    """a and e are followed, b after nineteen months, c before three, d not; f and h are a day
    outside, g is nobody's number."""
    place = missbruk.UPPLANDS_VASBY
    assert receipt(told, missbruk.COHORT_2019) == ("godkand", None, 0, {})
    (read,) = now.execute(
        "select count(*) from core.fct_asi_intervju where kommun_kod = ? and intervju_datum = date '2019-10-15'",
        [place],
    ).fetchall()
    assert read == (1,)
    assert number(now, "MB03", place) == (2, 5, "rapporterad")
    assert number(now, "MB08", place) == (3, 5, "rapporterad")
    reasons = {"avbojt": 1, "ej_nadd": 0, "avliden": 1, "ej_forsokt": 0, "okant": 1}
    assert {kod: number(now, "MB08", place, kod=kod)[:2] for kod in reasons} == {k: (n, 5) for k, n in reasons.items()}
    assert counts(now, place, MB05="ASI3_ej_uppfoljt", MB06="ej_uppfoljt") == {"MB05": (3, 5), "MB06": (3, 5)}
    assert number(now, "MB16", missbruk.SOLLENTUNA, kod="CRA_ASI3_ej_uppfoljt")[:2] == (2, 4), "b and f, who is so late"


def test_of_those_followed_up_the_change_is_what_was_answered_both_times(now: duckdb.DuckDBPyConnection) -> None:
    """a: worry 2 to 1, rating 4 to 3, alcohol 10 to 4 days, narcotics 10 to 0; e: as before."""
    place = missbruk.UPPLANDS_VASBY
    assert counts(now, place, MB04="ASI3", MB05="ASI3_minskad", MB06="drogfri", MB07="T") == {
        "MB04": (-1, 2),
        "MB05": (1, 2),
        "MB06": (1, 2),
        "MB07": (-6, 2),
    }
    assert counts(now, place, MB04="ASI1", MB05="ASI1_minskad") == {"MB04": (0, 2), "MB05": (0, 2)}
    for indikator in ("MB04", "MB05", "MB06", "MB07"):
        assert number(now, indikator, place, kod="uppfoljda") == (2, 6, "rapporterad"), "and nobody's number is missed"
        assert shown(now, indikator, place, "uppfoljda")["har_selektionsvarning"] is None, "of so few nothing is shown"


def test_a_follow_up_forgotten_in_a_closed_year_counts_once_it_is_sent(
    told: Lager, before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    """e has two Grund within ninety days; the forgotten one names the second, and follows the first all the same."""
    place = missbruk.UPPLANDS_VASBY
    for parcel in (missbruk.COHORT_2018, missbruk.COHORT_2018_AGAIN):
        assert receipt(told, parcel) == ("godkand", None, 0, {"ASI-06": [2, 3]})
    asi = {("asi_intervju", "Upplands Väsby", "mottagen_med_varning")}
    assert delivery_status(now, place, "asi", "2018") == asi
    for db, followed, unknown in ((before, 1, 2), (now, 2, 1)):
        assert number(db, "MB03", place) == (followed, 5, "rapporterad")
        assert number(db, "MB08", place, kod="okant") == (unknown, 5, "rapporterad")
        assert number(db, "MB07", place, kod="uppfoljda") == (followed, 6, "rapporterad")


# -- methods -------------------------------------------------------------------------------------------------------


def test_who_began_with_a_method_is_one_record_a_method_with_the_nearest_grund(now: duckdb.DuckDBPyConnection) -> None:
    """a's second Grund is nearer and is followed, b is not reached, c's Grund is 61 days from the start; d began anew
    and has a Grund only by that; e has two methods; f is followed too late; who stands near (i) is not asked."""
    place = missbruk.SOLLENTUNA
    expected = {"uppfoljd": 2, "ej_nadd": 1, "okant": 1, "ingen_grund": 2, "avbojt": 0, "avliden": 0, "ej_forsokt": 0}
    assert classes(now, "MB15", place, "CRA_") == {kod: (n, 6) for kod, n in expected.items()}
    one = {"MET_uppfoljd": (1, 1), "CRAFT_uppfoljd": (0, 0), "alkohol_uppfoljd": (3, 7), "E0_uppfoljd": (3, 7)}
    assert {kod: number(now, "MB15", place, kod=kod)[:2] for kod in one} == one
    change = {"forbattrat": (1, 4), "oforandrat": (0, 4), "forsamrat": (1, 4), "ej_uppfoljt": (2, 4)}
    assert classes(now, "MB16", place, "CRA_ASI3_") == change
    assert classes(now, "MB16", place, "MET_ASI3_")["forsamrat"] == (1, 1)
    assert number(now, "MB16", place, kod="uppfoljda") == (3, 8, "rapporterad"), "one more, of nobody's number"


def test_a_target_group_is_shown_for_the_rss_and_never_for_the_municipality(now: duckdb.DuckDBPyConnection) -> None:
    """Sollentuna's five records with a Grund, two of them e's, and Norrtälje's hundred."""
    change = {"forbattrat": (41, 105), "oforandrat": (10, 105), "forsamrat": (2, 105), "ej_uppfoljt": (52, 105)}
    assert classes(now, "MB17", "RSS01", "alkohol_ASI3_") == change
    assert classes(now, "MB17", missbruk.SOLLENTUNA, "alkohol_") == {}


# -- who was followed up -------------------------------------------------------------------------------------------


def test_urval_the_followed_up_seem_better_than_all_were_and_the_bounds_hold_the_truth(
    now: duckdb.DuckDBPyConnection,
) -> None:
    """Of a hundred fifty got better: forty of them are followed up, and ten of the others. Where ninety are, the bounds
    are ten hundredths apart."""
    true = {"ASI3_minskad": (40, 50), "ASI3_ej_uppfoljt": (50, 100), "uppfoljda": (50, 100)}
    assert {kod: number(now, "MB05", missbruk.NORRTALJE, kod=kod)[:2] for kod in true} == true
    for place, better, missing, width in ((missbruk.NORRTALJE, 40, 50, 0.4), (missbruk.HALMSTAD, 45, 10, 0.0)):
        row, rest = (shown(now, "MB05", place, f"ASI3_{kod}") for kod in ("minskad", "ej_uppfoljt"))
        for count, truth in ((row["taljare"], better), (rest["taljare"], missing), (rest["namnare"], 100)):
            assert abs(count - truth) <= MOVED
        low, high = row["grans_nedre"], row["grans_ovre"]
        assert low == pytest.approx(float(row["taljare"] / rest["namnare"]))
        assert high == pytest.approx(min(1.0, float((row["taljare"] + rest["taljare"]) / rest["namnare"])))
        assert width < high - low < width + 0.2
        assert (rest["grans_nedre"], rest["grans_ovre"]) == (None, None)
    half = shown(now, "MB05", missbruk.NORRTALJE, "ASI3_minskad")
    assert half["grans_nedre"] < 0.5 < half["grans_ovre"]


def test_urval_is_warned_of_where_fewer_than_half_are_followed_up_and_keeps_out_of_ranking(
    now: duckdb.DuckDBPyConnection,
) -> None:
    """A half in Norrtälje, a quarter in Vaxholm, nine of ten in Halmstad, each of another group."""
    for indikator in ("MB04", "MB05", "MB06", "MB07"):
        half, quarter, most = (
            shown(now, indikator, place, "uppfoljda")
            for place in (missbruk.NORRTALJE, missbruk.VAXHOLM, missbruk.HALMSTAD)
        )
        for row, followed, all_of_them in ((half, 50, 100), (quarter, 10, 40), (most, 90, 100)):
            assert abs(row["taljare"] - followed) <= MOVED
            assert abs(row["namnare"] - all_of_them) <= MOVED
            assert row["uppfoljningsandel"] == pytest.approx(float(row["taljare"] / row["namnare"]))
        assert half["har_selektionsvarning"] is bool(half["uppfoljningsandel"] < 0.5)
        assert (quarter["har_selektionsvarning"], most["har_selektionsvarning"]) == (True, False)
        assert [row["far_rangordnas"] for row in (half, quarter, most)] == [False, False, True]


def test_the_outcome_of_a_method_is_what_the_indicators_show(now: duckdb.DuckDBPyConnection) -> None:
    true = {"CRA_ASI3_forbattrat": (40, 100), "CRA_ASI3_ej_uppfoljt": (50, 100), "uppfoljda": (50, 100)}
    assert {kod: number(now, "MB16", missbruk.NORRTALJE, kod=kod)[:2] for kod in true} == true
    for place, metod, lan, rss, comparable in (
        (missbruk.NORRTALJE, "CRA", "01", "RSS01", False),
        (missbruk.HALMSTAD, "MET", "13", None, True),
    ):
        row = outcome(now, place, metod, "ASI3")
        assert (row["evidensniva"], row["tecken"], row["far_jamforas"]) == (0, None, comparable)
        for level, geo in (("egen", place), ("rss", rss), ("lan", lan), ("riket", "00")):
            better, rest = (
                shown(now, "MB16", geo, f"{metod}_ASI3_{kod}") if geo else {} for kod in ("forbattrat", "ej_uppfoljt")
            )
            for name in ("ki_nedre", "ki_ovre", "grans_nedre", "grans_ovre"):
                assert row[f"{name}_{level}"] == better.get(name)
            assert row[f"andel_forbattrat_{level}"] == better.get("varde")
            assert row[f"andel_ej_uppfoljt_{level}"] == rest.get("varde")
            assert (row[f"grans_ovre_{level}"] is None) == (geo is None)
        began, country = (shown(now, "MB15", geo, f"{metod}_uppfoljd") for geo in (place, "00"))
        assert (row["antal_paborjade"], row["antal_uppfoljda"]) == (began["namnare"], began["taljare"])
        assert row["uppfoljningsandel"] == began["varde"]
        assert row["uppfoljningsandel_riket"] == country["varde"]
        assert row["uppfoljningsandel"] is not None
    few = outcome(now, missbruk.SOLLENTUNA, "CRA", "ASI3")
    assert (few["andel_forbattrat_egen"], few["far_jamforas"]) == (None, False)
    assert few["tecken"] in ("X", "."), "four may be shown as none"


# -- persons -------------------------------------------------------------------------------------------------------


def test_t16_in_two_municipalities_one_person_is_two_and_of_lvm_yet_another(now: duckdb.DuckDBPyConnection) -> None:
    places = (missbruk.SUNDBYBERG, missbruk.SOLNA)
    of: dict[str, list[Any]] = {}
    for table, where in (
        ("fct_asi_intervju", "true"),
        ("fct_insatsperiod", "delmangd = 'missbruk'"),
        ("fct_lvm_ansokan", "true"),
    ):
        query = f"select kommun_kod, person_id from core.{table} where {where} and kommun_kod in (?, ?)"
        rows = dict(now.execute(query, places).fetchall())
        of[table] = [rows[place] for place in places]
    assert of["fct_asi_intervju"] == of["fct_insatsperiod"], "local follow-up of one municipality may meet"
    assert len({*of["fct_asi_intervju"], *of["fct_lvm_ansokan"]}) == 4
    assert number(now, "MB03", missbruk.SUNDBYBERG) == (0, 1, "rapporterad"), "Solna's follow-up follows no Grund here"
    assert number(now, "MB03", missbruk.SOLNA) == (None, None, "ej_rapporterad"), "one year of three"


def test_t18_at_eighteen_an_application_is_read_in_and_not_counted(told: Lager, now: duckdb.DuckDBPyConnection) -> None:
    assert receipt(told, missbruk.GOTLAND_LAST) == ("godkand", None, 0, {"LVM-06": [32]})
    assert ("lvm_ansokan", "Gotland", "mottagen_godkand") in delivery_status(now, missbruk.GOTLAND, "lvm")
    query = "select count(*) from core.fct_lvm_ansokan where kommun_kod = ? and ar = 2019"
    assert now.execute(query, [missbruk.GOTLAND]).fetchall() == [(31,)]
    assert number(now, "MB09", "09")[0] == 30


def test_lvm_of_a_municipality_is_three_years_together_or_nothing_and_gotlands_county_would_tell(
    before: duckdb.DuckDBPyConnection, now: duckdb.DuckDBPyConnection
) -> None:
    """25, 28 and 30 on Gotland, one in Sundbyberg and one in Solna."""
    place, adults = missbruk.GOTLAND, people(missbruk.GOTLAND, ages=ADULTS)
    for table in ("indicators.fct_indikatorvarde", "published.pub_indikatorvarde"):
        lvm = "indikator_id between 'MB09' and 'MB12'"
        periods = now.execute(f"select distinct period from {table} where {lvm} and geo_typ = 'kommun'").fetchall()
        assert periods == [(POOL,)]
    assert number(before, "MB09", place, POOL) == (None, None, "ej_rapporterad"), "the first year has not come"
    assert number(now, "MB09", place, POOL) == (25 + 28 + 30, 3 * adults, "rapporterad")
    taljare, namnare, varde, *why = published(now, "MB09", place, POOL)
    assert abs(taljare - 83) <= MOVED
    assert (namnare, why) == (3 * adults, ["rapporterad", "visas", None])
    assert varde == pytest.approx(float(taljare / namnare))
    few = published(now, "MB09", missbruk.SUNDBYBERG, POOL)
    assert (few[0], *few[2:]) == (None, None, "rapporterad", "skyddad", "X"), "one in three years is too few"
    for year, events in (("2018", 28), ("2019", 30)):
        assert number(now, "MB09", "09", year)[:2] == (events, adults)
        assert published(now, "MB09", "09", year) == (None, adults, None, "rapporterad", "skyddad", "X")
        assert shown(now, "MB09", "09", "T", year)["skydd_orsak"] == "kansligt"
    assert number(now, "MB09", "00")[0] == 30 + 1 + 1
    assert published(now, "MB09", "00")[4] == "visas", "the country's is of three"


def test_of_lvm_care_the_days_and_the_homes_are_the_countys_and_so_few_are_hidden(
    now: duckdb.DuckDBPyConnection,
) -> None:
    """Two discharged after 181 days each, one of them without a home."""
    assert number(now, "MB11", "09") == (2 * 181, 2, "rapporterad")
    assert number(now, "MB12", "09") == (1, 2, "rapporterad")
    assert number(now, "MB10", missbruk.GOTLAND, POOL)[2] == "rapporterad"
    for indikator in ("MB11", "MB12"):
        assert published(now, indikator, "09") == (None, None, None, "rapporterad", "skyddad", "X")


# -- investigations ------------------------------------------------------------------------------------------------


def test_who_is_investigated_anew_within_twelve_months_came_back(now: duckdb.DuckDBPyConnection) -> None:
    """a's contact ended 2018-06-30 and an investigation began 2019-06-30; b's began the day after; e's new one is for
    somebody near; c died, d goes on, r can not be followed."""
    place = missbruk.LIDINGO
    assert number(now, "MB13", place) == (2, 3, "rapporterad")
    assert number(now, "MB13", place, kod="uppfoljda") == (3, 4, "rapporterad")


def test_of_two_investigations_one_has_asi_in_sixty_days_and_one_saw_the_child(now: duckdb.DuckDBPyConnection) -> None:
    """a's Grund is sixty days after the start, b's sixty-one. d's care goes on, by a method that is not known."""
    place = missbruk.LIDINGO
    assert number(now, "MB01", place) == (1, people(place, ages=ADULTS), "rapporterad")
    assert number(now, "MB02", place) == (1, 2, "rapporterad")
    assert number(now, "MB14", place) == (1, 2, "rapporterad")
    assert number(now, "SU06", place) == (1, 1, "rapporterad")
    assert number(now, "SU05", place)[:2] == (0, 0), "no method's evidence is confirmed"
    assert published(now, "SU05", place)[4:] == ("namnare_noll", ".")


def test_measurements_of_three_tools_are_read_alike_and_are_no_indicator(now: duckdb.DuckDBPyConnection) -> None:
    place = missbruk.SIGTUNA
    query = (
        "select ar, uppfoljningsmodell_kod, tillfalle_kod, matt_varde from core.fct_uppfoljning "
        "where delmangd = 'isu' and kommun_kod = ? order by ar, uppfoljning_datum"
    )
    models = ((2017, "SU_PILOT"), (2018, "SUREG"), (2019, "LOKE"))
    both = (("start", 5), ("slut", 7))
    assert now.execute(query, [place]).fetchall() == [(ar, model, *m) for ar, model in models for m in both]
    for year in missbruk.YEARS:
        assert delivery_status(now, place, "isu", year) == {("isu_uppfoljning", "Sigtuna", "mottagen_godkand")}
