"""places of closed rounds, keys changed after the fact, which attempt drew which question, signals."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "round_ledger",
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("lot_seed", sa.String(length=64), nullable=True),
        sa.Column("lot_drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing_due", sa.Boolean(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranked_by", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("indexed_to", sa.BigInteger(), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_ledger_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_ledger")),
    )
    op.create_table(
        "standing",
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entrant_id", _KEY, nullable=False),
        sa.Column("attempt_id", _KEY, nullable=False),
        sa.Column("bloc", sa.Integer(), nullable=False),
        sa.Column("bloc_position", sa.Integer(), nullable=False),
        sa.Column("bloc_place", sa.Integer(), nullable=False),
        sa.Column("prediction_error", sa.BigInteger(), nullable=True),
        sa.Column("perfect", sa.Integer(), nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("depths", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_standing_round_id")),
        sa.ForeignKeyConstraint(["entrant_id"], ["account.id"], name=op.f("fk_standing_entrant_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_standing_attempt_id")),
        sa.PrimaryKeyConstraint("round_id", "position", name=op.f("pk_standing")),
        sa.UniqueConstraint("round_id", "entrant_id", name=op.f("uq_standing_round_id_entrant_id")),
    )
    op.create_index(op.f("ix_standing_round_id_bloc_bloc_position"), "standing", ["round_id", "bloc", "bloc_position"])
    op.create_table(
        "key_change",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("version_id", _KEY, nullable=False),
        sa.Column(
            "rule", sa.Enum("key", "any", "dropped", name="keyrule", native_enum=False, length=20), nullable=False
        ),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", _KEY, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("passed_id", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rule <> 'key' OR key > 0", name=op.f("ck_key_change_key")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_key_change_round_id")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_key_change_version_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_key_change_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_change")),
    )
    op.create_index(op.f("ix_key_change_round_id_version_id"), "key_change", ["round_id", "version_id"])
    op.create_table(
        "paper_block",
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column("version_id", _KEY, nullable=False),
        sa.Column("block", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_paper_block_round_id")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_paper_block_version_id")),
        sa.PrimaryKeyConstraint("round_id", "version_id", "block", name=op.f("pk_paper_block")),
    )
    op.create_table(
        "quiz_signal",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("round_id", _KEY, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("fast", "alike", "same_person", name="signalkind", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("mark", sa.String(length=80), nullable=False),
        sa.Column("attempt_ids", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("new", "seen", "cleared", "acted", name="signalstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_quiz_signal_round_id")),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name=op.f("fk_quiz_signal_judged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_signal")),
        sa.UniqueConstraint("round_id", "mark", name=op.f("uq_quiz_signal_round_id_mark")),
    )
    op.create_index(op.f("ix_quiz_signal_round_id_state"), "quiz_signal", ["round_id", "state"])
    # Marks are rewritten in place when no index holds them and the page has room, as it also has for saves.
    op.drop_index(op.f("ix_attempt_round_id_points_duration_ms"), "attempt")
    op.create_index(op.f("ix_attempt_round_id_graded_at"), "attempt", ["round_id", "graded_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE attempt SET (fillfactor = 50)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE attempt RESET (fillfactor)")
    op.drop_index(op.f("ix_attempt_round_id_graded_at"), "attempt")
    op.create_index(op.f("ix_attempt_round_id_points_duration_ms"), "attempt", ["round_id", "points", "duration_ms"])
    for table in ("quiz_signal", "paper_block", "key_change", "standing", "round_ledger"):
        op.drop_table(table)
