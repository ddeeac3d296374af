"""The five invented systems that export asi and isu, each writing a delivery in its own columns, codes and forms.

Belongs here: what each of them is said to be (vendor.py says how one writes). Does not belong here: any use of the
product's code or of the mapping files. None is a real system's form: none has been read.

- Delta: cp1252, semicolons, capitals, dates as eight digits, interviews as G, U and N, an office that no one needs.
- Epsilon: UTF-8 with a mark of byte order, tabs, headings and codes in words, days first with full stops, numbers
  with a hyphen.
- in the name of SU-pilot: cp1252, semicolons, questions F1 to F6 at T0 to T3, dates with strokes.
- in the name of SUreg: tabs, capitals, codes in numbers, days first with hyphens, a unit that no one needs.
- in the name of LOKE: bars, small letters, words, dates as eight digits.
"""

from __future__ import annotations

from tests.support.vendor import System, coded, formed

AREAS = ["Fysisk hälsa", "Arbete", "Alkohol", "Narkotika", "Rättsligt", "Familj", "Psykisk hälsa"]
ISO = r"(\d{4})-(\d{2})-(\d{2})"
DELTA = System(
    "pahittad_delta",
    "cp1252",
    ";",
    {
        "asi_intervju": "KOMMUN=kommun_kod;STADSDEL=stadsdel_kod;AR=period;INTERVJU=intervju_id;KLIENT=klient_id;"
        "PERSONNR=personnummer;IDTYP=id_typ;FODELSEAR=fodelsear;KON=kon_kod;SKYDD=skyddad;TYP=asi_typ_kod;"
        "UTGAVA=asi_version_kod;DATUM=intervju_datum;GRUNDINTERVJU=grund_intervju_id;BORTFALL=bortfall_kod;"
        + "".join(
            f"ORO{n}=asi{n}_klient_oro;HJALP{n}=asi{n}_klient_hjalp;SKATTNING{n}=asi{n}_intervjuare;CS{n}=asi{n}_cs;"
            for n in range(1, 8)
        )
        + "FORMEL=cs_formelversion;ALKOHOL30=dagar_alkohol_30;BERUSNING30=dagar_berusning_30;"
        "NARKOTIKA30=dagar_narkotika_30;ARBETE30=dagar_arbete_30;PSYKISK30=dagar_psykisk_30;HANDLAGGARENHET="
    },
    {
        "asi_typ_kod": coded(G="grund", U="uppfoljning", N="ej_genomford"),
        "asi_version_kod": coded(_1="1996", _2="2017", _3="annan"),
        "intervju_datum": formed(ISO, r"\1\2\3"),
        "bortfall_kod": coded(A="avbojt", E="ej_nadd", D="avliden", F="ej_forsokt"),
        "kon_kod": coded(M="1", K="2"),
    },
    {"HANDLAGGARENHET": "E12"},
)
EPSILON = System(
    "pahittad_epsilon",
    "utf-8-sig",
    "\t",
    {
        "asi_intervju": "Intervju=intervju_id;Intervjudag=intervju_datum;Slag av intervju=asi_typ_kod;"
        "Hör till=grund_intervju_id;Inte följd upp=bortfall_kod;Formulär=asi_version_kod;Klient=klient_id;"
        "Identitet=personnummer;Slag av identitet=id_typ;Född=fodelsear;Kön=kon_kod;Skyddad=skyddad;"
        "Alkohol dagar=dagar_alkohol_30;Berusning dagar=dagar_berusning_30;Narkotika dagar=dagar_narkotika_30;"
        "Arbete dagar=dagar_arbete_30;Psykiska besvär dagar=dagar_psykisk_30;"
        + "".join(
            f"{area} oro=asi{n}_klient_oro;{area} hjälpbehov=asi{n}_klient_hjalp;"
            f"{area} skattning=asi{n}_intervjuare;{area} sammanvägt=asi{n}_cs;"
            for n, area in enumerate(AREAS, 1)
        )
        + "Sammanvägt enligt=cs_formelversion;Kommun=kommun_kod;Kommundel=stadsdel_kod;År=period"
    },
    {
        "intervju_datum": formed(ISO, r"\3.\2.\1"),
        "asi_typ_kod": coded(
            **{
                "Grundintervju": "grund",
                "Uppföljningsintervju": "uppfoljning",
                "Ej genomförd uppföljning": "ej_genomford",
            }
        ),
        "bortfall_kod": coded(
            **{"Avböjde": "avbojt", "Nåddes inte": "ej_nadd", "Avled": "avliden", "Söktes inte": "ej_forsokt"}
        ),
        "personnummer": formed(r"(\d{8})(\d{4})", r"\1-\2"),
        "id_typ": coded(Personnummer="pnr", Samordningsnummer="samordning", Reservnummer="reserv"),
        "kon_kod": coded(Man="1", Kvinna="2"),
        "skyddad": coded(Nej="0", Ja="1"),
        "cs_formelversion": coded(**{"US-5": "US5", "Egen": "KALLANS"}),
    },
)
SU_PILOT = System(
    "pahittad_su_pilot",
    "cp1252",
    ";",
    {
        "isu_uppfoljning": "Kommun=kommun_kod;Kommundel=stadsdel_kod;År=period;Klient=klient_id;"
        "Personnummer=personnummer;Identitet=id_typ;Födelseår=fodelsear;Kön=kon_kod;Skyddad=skyddad;Insats=insats_id;"
        "Verktyg=uppfoljningsmodell_kod;Målgrupp=malgrupp_kod;Metod=metod_kod;Fråga=matt_kod;Tillfälle=tillfalle_kod;"
        "Datum=matt_datum;Svar=matt_varde"
    },
    {
        "uppfoljningsmodell_kod": coded(**{"SU-pilot": "SU_PILOT"}),
        "matt_kod": coded(
            F1="livskvalitet", F2="fungerande", F3="delaktighet", F4="nojdhet", F5="maluppfyllelse", F6="nyktra_dagar"
        ),
        "tillfalle_kod": coded(T0="start", T1="under", T2="slut", T3="efter"),
        "matt_datum": formed(ISO, r"\1/\2/\3"),
    },
)
SUREG = System(
    "pahittad_sureg",
    "utf-8",
    "\t",
    {
        "isu_uppfoljning": "REGISTER=uppfoljningsmodell_kod;KOMMUN=kommun_kod;DEL=stadsdel_kod;AR=period;"
        "PNR=personnummer;IDTYP=id_typ;FODELSEAR=fodelsear;KON=kon_kod;SKYDD=skyddad;KLIENT=klient_id;INSATS=insats_id;"
        "MALGRUPP=malgrupp_kod;METOD=metod_kod;MATT=matt_kod;TILLFALLE=tillfalle_kod;DAG=matt_datum;VARDE=matt_varde;"
        "ENHET="
    },
    {
        "kon_kod": coded(M="1", K="2"),
        "malgrupp_kod": coded(_10="alkohol", _20="narkotika", _30="bland", _40="spel", _50="anhorig"),
        "matt_kod": coded(
            _1="livskvalitet", _2="fungerande", _3="delaktighet", _4="nojdhet", _5="maluppfyllelse", _6="nyktra_dagar"
        ),
        "tillfalle_kod": coded(_1="start", _2="under", _3="slut", _4="efter"),
        "matt_datum": formed(ISO, r"\3-\2-\1"),
    },
    {"ENHET": "Mottagningen"},
)
LOKE = System(
    "pahittad_loke",
    "utf-8-sig",
    "|",
    {
        "isu_uppfoljning": "modell=uppfoljningsmodell_kod;klientnummer=klient_id;id=personnummer;idslag=id_typ;"
        "fött år=fodelsear;kön=kon_kod;skyddad identitet=skyddad;insatsnummer=insats_id;målgrupp=malgrupp_kod;"
        "arbetssätt=metod_kod;mått=matt_kod;när=tillfalle_kod;dag=matt_datum;värde=matt_varde;kommunkod=kommun_kod;"
        "kommundel=stadsdel_kod;år=period"
    },
    {
        "id_typ": coded(P="pnr", S="samordning", R="reserv"),
        "skyddad": coded(N="0", J="1"),
        "matt_kod": coded(
            **{
                "Livskvalitet": "livskvalitet",
                "Fungerande": "fungerande",
                "Delaktighet": "delaktighet",
                "Nöjdhet": "nojdhet",
                "Måluppfyllelse": "maluppfyllelse",
                "Nyktra dagar": "nyktra_dagar",
            }
        ),
        "tillfalle_kod": coded(
            **{"Vid start": "start", "Under insatsen": "under", "Vid slut": "slut", "Efter insatsen": "efter"}
        ),
        "matt_datum": formed(ISO, r"\1\2\3"),
    },
)
ASI_SYSTEMS = {system.name: system for system in (DELTA, EPSILON)}
MODELS = {"SU_PILOT": SU_PILOT, "SUREG": SUREG, "LOKE": LOKE}
"""By the code of the model that each exports."""
ISU_SYSTEMS = {system.name: system for system in MODELS.values()}
