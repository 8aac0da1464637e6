"""rounds that move: pauses, changed rules, what one person is allowed, the trail of an appeal."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("attempt", sa.Column("paused_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "round_pause",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", _KEY, nullable=True),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_round_pause_order")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_pause_round_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_round_pause_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_pause")),
    )
    op.create_index(op.f("ix_round_pause_round_id"), "round_pause", ["round_id"])
    op.create_index(
        "uq_round_pause_one_open",
        "round_pause",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "rule_change",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", _KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_rule_change_round_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_rule_change_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_change")),
    )
    op.create_index(op.f("ix_rule_change_round_id"), "rule_change", ["round_id"])
    op.create_table(
        "allowance",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("extra_attempts >= 1", name=op.f("ck_allowance_extra_attempts")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_allowance_round_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_allowance_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance")),
        sa.UniqueConstraint("round_id", "account_id", name=op.f("uq_allowance_round_id_account_id")),
    )
    op.create_index(op.f("ix_allowance_account_id"), "allowance", ["account_id"])
    op.create_table(
        "accommodation",
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extra_percent BETWEEN 0 AND 300", name=op.f("ck_accommodation_extra_percent")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_accommodation_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accommodation")),
    )
    op.create_table(
        "attempt_note",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("attempt_id", _KEY, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("complaint", "upheld", "dismissed", "remark", name="notekind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor_id", _KEY, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_note_attempt_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_attempt_note_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_note")),
    )
    op.create_index(op.f("ix_attempt_note_attempt_id"), "attempt_note", ["attempt_id"])


def downgrade() -> None:
    for table in ("attempt_note", "accommodation", "allowance", "rule_change", "round_pause"):
        op.drop_table(table)
    op.drop_column("attempt", "paused_ms")
