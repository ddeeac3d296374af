"""the secret of counts that have no pseudonym behind them, derived from the key in use; null until it is next opened"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nyckel", sa.Column("skyddsnyckel", sa.String()))


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken back; restore a backup instead")
