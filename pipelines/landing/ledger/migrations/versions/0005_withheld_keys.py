"""keys, hashed, of rows that were received but never landed: asked for when the next year is judged"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "undanhallen",
        sa.Column("leverans_id", sa.String(), sa.ForeignKey("leverans.leverans_id"), primary_key=True),
        sa.Column("nyckel", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
