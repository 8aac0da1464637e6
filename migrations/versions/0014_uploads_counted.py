"""How many bytes of files an account has sent in an hour; and originals that were replaced in a draft before this are let go."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The sweep of the store forgets the content of what no row names any more."""
    op.create_table(
        "upload_hour",
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sent >= 0", name=op.f("ck_upload_hour_sent")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_upload_hour_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_upload_hour")),
    )
    op.execute(
        "DELETE FROM entry_file WHERE id NOT IN (SELECT file_id FROM essay WHERE file_id IS NOT NULL) "
        "AND id NOT IN (SELECT file_id FROM photo)"
    )


def downgrade() -> None:
    op.drop_table("upload_hour")
