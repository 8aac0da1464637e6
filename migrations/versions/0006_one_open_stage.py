"""one open judging stage for each round."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Where several stand open the newest goes on; the others end when it began.
    op.execute(
        "UPDATE stage SET closed_at = (SELECT max(newer.opened_at) FROM stage newer WHERE newer.round_id = stage.round_id) "
        "WHERE closed_at IS NULL AND EXISTS (SELECT 1 FROM stage newer WHERE newer.round_id = stage.round_id "
        "AND newer.closed_at IS NULL AND newer.number > stage.number)"
    )
    op.create_index(
        "uq_stage_round_id_open",
        "stage",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_stage_round_id_open", "stage")
