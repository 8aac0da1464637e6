"""What a clerk decided about words that name an entry's author, and which such words the author of a photograph keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ENTRY = sa.table("entry", sa.column("state", sa.String))


def upgrade() -> None:
    """What was handed in before stays with the judges: nobody had been told otherwise."""
    op.add_column("entry", sa.Column("passed", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("entry", sa.Column("verdict", sa.Text(), nullable=False, server_default=""))
    op.add_column("photo", sa.Column("acknowledged", sa.JSON(), nullable=False, server_default="[]"))
    for table, columns in (("entry", ("passed", "verdict")), ("photo", ("acknowledged",))):
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.alter_column(column, server_default=None)


def downgrade() -> None:
    """What waits for a clerk is handed in like the rest."""
    op.execute(_ENTRY.update().where(_ENTRY.c.state == "held").values(state="handed_in"))
    with op.batch_alter_table("photo") as photo:
        photo.drop_column("acknowledged")
    with op.batch_alter_table("entry") as entry:
        entry.drop_column("verdict")
        entry.drop_column("passed")
