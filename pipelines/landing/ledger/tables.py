"""The ledger's tables.

Belongs here: the tables as SQLAlchemy sees them; the database itself holds the conservation of rows and the keys.
Does not belong here: reading and writing them (`store.py`) and how they came about (`migrations/`).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

leverans = Table(
    "leverans",
    metadata,
    Column("leverans_id", String, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    Column("kommun_kod", String, nullable=False),
    Column("stadsdel_kod", String, nullable=False),
    Column("kalla", String, nullable=False),
    Column("period", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("leveranstyp", String),
    Column("profil", String),
    Column("system", String),
    Column("system_version", String),
    Column("paket_namn", String, nullable=False),
    Column("mottagen_tid", DateTime, nullable=False),
    Column("mottagen_lokal", DateTime, nullable=False),
    Column("provad", Boolean, nullable=False, default=False),
    Column("gate_regel", String),
    Column("status", String, nullable=False, default="mottagen"),
    Column("stoppande_regel", String),
    CheckConstraint("status in ('mottagen', 'godkand', 'stoppad')", name="leverans_status"),
    CheckConstraint("(status = 'stoppad') = (stoppande_regel is not null)", name="leverans_stopp_har_regel"),
    Index("leverans_avsandare", "kommun_kod", "stadsdel_kod", "kalla", "period", "version"),
)

leverans_dataset = Table(
    "leverans_dataset",
    metadata,
    Column("leverans_id", ForeignKey("leverans.leverans_id"), primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("schema_version", String),
    Column("mottagna", Integer, nullable=False),
    Column("lasta", Integer, nullable=False),
    Column("i_karantan", Integer, nullable=False),
    Column("skyddade", Integer, nullable=False),
    Column("avvisade", Integer, nullable=False),
    Column("ar_nolleverans", Boolean, nullable=False),
    CheckConstraint("mottagna = lasta + i_karantan + skyddade + avvisade", name="rader_bevaras"),
    CheckConstraint("min(lasta, i_karantan, skyddade, avvisade) >= 0", name="rader_ej_negativa"),
)

leverans_manad = Table(
    "leverans_manad",
    metadata,
    Column("leverans_id", ForeignKey("leverans.leverans_id"), primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("mottagna", Integer, nullable=False),
    Column("lasta", Integer, nullable=False),
    Column("skyddade_hushall", Integer, nullable=False),
    Column("skyddade_personer", Integer, nullable=False),
    Column("ar_nolleverans", Boolean, nullable=False),
)

regelutfall = Table(
    "regelutfall",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("leverans_id", ForeignKey("leverans.leverans_id"), nullable=False, index=True),
    Column("dataset", String),
    Column("regel_id", String, nullable=False),
    Column("allvar", String, nullable=False),
    Column("antal_rader", Integer, nullable=False),
    Column("detalj", String),
    UniqueConstraint("leverans_id", "dataset", "regel_id", "detalj", name="regelutfall_en_gang"),
)

fynd = Table(
    "fynd",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("leverans_id", ForeignKey("leverans.leverans_id"), nullable=False, index=True),
    Column("dataset", String, nullable=False),
    Column("rad_nr", Integer, nullable=False),
    Column("kolumn", String),
    Column("regel_id", String, nullable=False),
)

undanhallen = Table(
    "undanhallen",
    metadata,
    Column("leverans_id", ForeignKey("leverans.leverans_id"), primary_key=True),
    Column("nyckel", String, primary_key=True),
    Column("period", String, nullable=False),
)

landningsfil = Table(
    "landningsfil",
    metadata,
    Column("namn", String, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("rader", Integer, nullable=False),
    Column("sha256", String, nullable=False),
)

i_kraft = Table(
    "i_kraft",
    metadata,
    Column("kommun_kod", String, primary_key=True),
    Column("stadsdel_kod", String, primary_key=True),
    Column("kalla", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("leverans_id", ForeignKey("leverans.leverans_id"), nullable=False),
)

varning = Table(
    "varning",
    metadata,
    Column("leverans_id", ForeignKey("leverans.leverans_id"), primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("regel_id", String, primary_key=True),
    Column("antal", Integer, nullable=False),
    Column("jamfort_med", Integer),
)

kvittering = Table(
    "kvittering",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("kommun_kod", String, nullable=False),
    Column("stadsdel_kod", String, nullable=False),
    Column("kalla", String, nullable=False),
    Column("dataset", String, nullable=False),
    Column("period", String, nullable=False),
    Column("regel_id", String, nullable=False),
    Column("underlag", String, nullable=False),
    Column("kvitterad_tid", DateTime, nullable=False),
    Column("kvitterad_av", String, nullable=False),
    Column("skal", String, nullable=False),
)

avtal = Table(
    "avtal",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("kommun_kod", String, nullable=False),
    Column("andamal_kod", String, nullable=False),
    Column("giltig_fran", Date, nullable=False),
    Column("giltig_till", Date),
    Column("inskriven_tid", DateTime, nullable=False),
    Column("inskriven_av", String, nullable=False),
    CheckConstraint("giltig_till is null or giltig_till >= giltig_fran", name="avtal_slut_efter_start"),
)

gallring = Table(
    "gallring",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("gallrad_tid", DateTime, nullable=False),
    Column("regel", String, nullable=False),
    Column("slag", String, nullable=False),
    Column("namn", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("antal_rader", Integer),
    Column("utford_av", String, nullable=False),
    UniqueConstraint("slag", "namn", name="gallring_en_gang"),
)

nyckel = Table(
    "nyckel",
    metadata,
    Column("nr", Integer, primary_key=True, autoincrement=True),
    Column("fingeravtryck", String, nullable=False),
    Column("tagen_i_bruk", DateTime, nullable=False),
    Column("av", String, nullable=False),
    Column("skyddsnyckel", String),
)
