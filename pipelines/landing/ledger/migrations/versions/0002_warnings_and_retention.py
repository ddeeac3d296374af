"""warnings over the ledger, their acknowledgement, and the protocol of retention"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _warnings()
    _acknowledgements()
    _retention()


def _warnings() -> None:
    op.create_table(
        "varning",
        sa.Column("leverans_id", sa.String(), sa.ForeignKey("leverans.leverans_id"), primary_key=True),
        sa.Column("dataset", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("regel_id", sa.String(), primary_key=True),
        sa.Column("antal", sa.Integer(), nullable=False),
        sa.Column("jamfort_med", sa.Integer(), nullable=True),
    )


def _acknowledgements() -> None:
    op.create_table(
        "kvittering",
        sa.Column("nr", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("kommun_kod", sa.String(), nullable=False),
        sa.Column("stadsdel_kod", sa.String(), nullable=False),
        sa.Column("kalla", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("regel_id", sa.String(), nullable=False),
        sa.Column("underlag", sa.String(), nullable=False),
        sa.Column("kvitterad_tid", sa.DateTime(), nullable=False),
        sa.Column("kvitterad_av", sa.String(), nullable=False),
        sa.Column("skal", sa.String(), nullable=False),
    )


def _retention() -> None:
    op.create_table(
        "gallring",
        sa.Column("nr", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("gallrad_tid", sa.DateTime(), nullable=False),
        sa.Column("regel", sa.String(), nullable=False),
        sa.Column("slag", sa.String(), nullable=False),
        sa.Column("namn", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("antal_rader", sa.Integer(), nullable=True),
        sa.Column("utford_av", sa.String(), nullable=False),
        sa.UniqueConstraint("slag", "namn", name="gallring_en_gang"),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
