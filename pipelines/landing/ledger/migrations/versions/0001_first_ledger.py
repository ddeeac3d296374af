"""the ledger as first laid"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _landing_files()
    _deliveries()
    _rows()
    _months()
    _findings()
    _rules()
    _in_force()
    _view()


def _landing_files() -> None:
    op.create_table(
        "landningsfil",
        sa.Column("namn", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("rader", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("namn"),
    )


def _deliveries() -> None:
    op.create_table(
        "leverans",
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kommun_kod", sa.String(), nullable=False),
        sa.Column("stadsdel_kod", sa.String(), nullable=False),
        sa.Column("kalla", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leveranstyp", sa.String(), nullable=True),
        sa.Column("profil", sa.String(), nullable=True),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("system_version", sa.String(), nullable=True),
        sa.Column("paket_namn", sa.String(), nullable=False),
        sa.Column("mottagen_tid", sa.DateTime(), nullable=False),
        sa.Column("mottagen_lokal", sa.DateTime(), nullable=False),
        sa.Column("provad", sa.Boolean(), nullable=False),
        sa.Column("gate_regel", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("stoppande_regel", sa.String(), nullable=True),
        sa.CheckConstraint("(status = 'stoppad') = (stoppande_regel is not null)", name="leverans_stopp_har_regel"),
        sa.CheckConstraint("status in ('mottagen', 'godkand', 'stoppad')", name="leverans_status"),
        sa.PrimaryKeyConstraint("leverans_id"),
        sa.UniqueConstraint("sha256"),
    )
    with op.batch_alter_table("leverans", schema=None) as batch_op:
        batch_op.create_index(
            "leverans_avsandare", ["kommun_kod", "stadsdel_kod", "kalla", "period", "version"], unique=False
        )


def _rows() -> None:
    op.create_table(
        "leverans_dataset",
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("schema_version", sa.String(), nullable=True),
        sa.Column("mottagna", sa.Integer(), nullable=False),
        sa.Column("lasta", sa.Integer(), nullable=False),
        sa.Column("i_karantan", sa.Integer(), nullable=False),
        sa.Column("skyddade", sa.Integer(), nullable=False),
        sa.Column("avvisade", sa.Integer(), nullable=False),
        sa.Column("ar_nolleverans", sa.Boolean(), nullable=False),
        sa.CheckConstraint("min(lasta, i_karantan, skyddade, avvisade) >= 0", name="rader_ej_negativa"),
        sa.CheckConstraint("mottagna = lasta + i_karantan + skyddade + avvisade", name="rader_bevaras"),
        sa.ForeignKeyConstraint(
            ["leverans_id"],
            ["leverans.leverans_id"],
        ),
        sa.PrimaryKeyConstraint("leverans_id", "dataset"),
    )


def _months() -> None:
    op.create_table(
        "leverans_manad",
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("mottagna", sa.Integer(), nullable=False),
        sa.Column("lasta", sa.Integer(), nullable=False),
        sa.Column("skyddade_hushall", sa.Integer(), nullable=False),
        sa.Column("skyddade_personer", sa.Integer(), nullable=False),
        sa.Column("ar_nolleverans", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leverans_id"],
            ["leverans.leverans_id"],
        ),
        sa.PrimaryKeyConstraint("leverans_id", "dataset", "period"),
    )


def _findings() -> None:
    op.create_table(
        "fynd",
        sa.Column("nr", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("rad_nr", sa.Integer(), nullable=False),
        sa.Column("kolumn", sa.String(), nullable=True),
        sa.Column("regel_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leverans_id"],
            ["leverans.leverans_id"],
        ),
        sa.PrimaryKeyConstraint("nr"),
    )
    with op.batch_alter_table("fynd", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fynd_leverans_id"), ["leverans_id"], unique=False)


def _rules() -> None:
    op.create_table(
        "regelutfall",
        sa.Column("nr", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=True),
        sa.Column("regel_id", sa.String(), nullable=False),
        sa.Column("allvar", sa.String(), nullable=False),
        sa.Column("antal_rader", sa.Integer(), nullable=False),
        sa.Column("detalj", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["leverans_id"],
            ["leverans.leverans_id"],
        ),
        sa.PrimaryKeyConstraint("nr"),
        sa.UniqueConstraint("leverans_id", "dataset", "regel_id", "detalj", name="regelutfall_en_gang"),
    )
    with op.batch_alter_table("regelutfall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regelutfall_leverans_id"), ["leverans_id"], unique=False)


def _in_force() -> None:
    op.create_table(
        "i_kraft",
        sa.Column("kommun_kod", sa.String(), nullable=False),
        sa.Column("stadsdel_kod", sa.String(), nullable=False),
        sa.Column("kalla", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("leverans_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leverans_id"],
            ["leverans.leverans_id"],
        ),
        sa.PrimaryKeyConstraint("kommun_kod", "stadsdel_kod", "kalla", "dataset", "period"),
    )


def _view() -> None:
    op.execute(
        """
        create view leverans_utfall as
        select d.leverans_id, d.dataset, d.schema_version, d.mottagna,
            case when l.status = 'stoppad' then 0 else d.lasta end as lasta,
            case when l.status = 'stoppad' then 0 else d.i_karantan end as i_karantan,
            case when l.status = 'stoppad' then 0 else d.skyddade end as skyddade,
            case when l.status = 'stoppad' then d.mottagna else d.avvisade end as avvisade,
            d.ar_nolleverans
        from leverans_dataset as d join leverans as l on l.leverans_id = d.leverans_id
        """
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
