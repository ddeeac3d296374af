"""which key the pseudonyms in landing are made with: never a key, only its fingerprint"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nyckel",
        sa.Column("nr", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("fingeravtryck", sa.String(), nullable=False),
        sa.Column("tagen_i_bruk", sa.DateTime(), nullable=False),
        sa.Column("av", sa.String(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
