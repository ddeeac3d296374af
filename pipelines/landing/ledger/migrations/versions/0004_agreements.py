"""agreements: which municipality lets its data be used for which purpose, and between which days"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "avtal",
        sa.Column("nr", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("kommun_kod", sa.String(), nullable=False),
        sa.Column("andamal_kod", sa.String(), nullable=False),
        sa.Column("giltig_fran", sa.Date(), nullable=False),
        sa.Column("giltig_till", sa.Date(), nullable=True),
        sa.Column("inskriven_tid", sa.DateTime(), nullable=False),
        sa.Column("inskriven_av", sa.String(), nullable=False),
        sa.CheckConstraint("giltig_till is null or giltig_till >= giltig_fran", name="avtal_slut_efter_start"),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
