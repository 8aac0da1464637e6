"""How many choices each question of an attempt's paper has, so that a save can refuse an impossible one without reading the paper."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Attempts that began before know no shape: their saves are not held to one."""
    op.add_column("attempt", sa.Column("shape", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """Dropped in place: SQLite cannot write the table anew while notes about its attempts refer to it."""
    op.drop_column("attempt", "shape")
