"""A gallery that stands open while its round is judged, or was never judged, is closed: its pictures told judges which came when."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ROUND = sa.table("round", sa.column("id", sa.BigInteger), sa.column("gallery_released_at", sa.DateTime(timezone=True)))
_STAGE = sa.table("stage", sa.column("round_id", sa.BigInteger), sa.column("closed_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    """Organisers open it again, with a reason, once the last stage is closed."""
    judged = sa.select(_STAGE.c.round_id)
    op.execute(
        _ROUND.update()
        .where(
            _ROUND.c.id.not_in(judged) | _ROUND.c.id.in_(judged.where(_STAGE.c.closed_at.is_(None))),
        )
        .values(gallery_released_at=None)
    )


def downgrade() -> None:
    """When it had been opened is not known any more."""
