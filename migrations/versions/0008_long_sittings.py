"""How long an attempt took, also where it took more than 24 days: a round without a time limit may be open for months."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LARGEST = 2**31 - 1


def upgrade() -> None:
    """SQLite keeps whole numbers of any size as they are."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("attempt", "duration_ms", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade() -> None:
    """What took longer counts as the longest that the column holds."""
    if op.get_bind().dialect.name == "postgresql":
        shortened = f"LEAST(duration_ms, {_LARGEST})::integer"
        op.alter_column(
            "attempt", "duration_ms", existing_type=sa.BigInteger(), type_=sa.Integer(), postgresql_using=shortened
        )
