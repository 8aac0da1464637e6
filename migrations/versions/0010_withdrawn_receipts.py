"""A receipt whose entry was taken back is kept as withdrawn: the page that checks receipts did not know it any more."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Receipts withdrawn before this are lost: nothing kept them."""
    op.create_table(
        "withdrawn_receipt",
        sa.Column("receipt", sa.String(30), nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("entry_id", _KEY, nullable=True),
        sa.Column("entrant_id", _KEY, nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id"], ["account.id"], name=op.f("fk_withdrawn_receipt_entrant_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_withdrawn_receipt_entry_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_withdrawn_receipt_round_id")),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_withdrawn_receipt")),
    )
    op.create_index(op.f("ix_withdrawn_receipt_entrant_id"), "withdrawn_receipt", ["entrant_id"])
    op.create_index(op.f("ix_withdrawn_receipt_entry_id"), "withdrawn_receipt", ["entry_id"])


def downgrade() -> None:
    op.drop_table("withdrawn_receipt")
