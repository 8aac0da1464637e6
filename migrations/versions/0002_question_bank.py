"""question bank: pictures, tags, notes, explanations, search without accents, and how often a question was drawn."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STROKED = str.maketrans({"đ": "d", "Đ": "D", "Ð": "D", "ð": "d"})
_FILLED = {
    "newest": sa.false(),
    "locator": "",
    "tags": "[]",
    "note": "",
    "feedback": "",
    "feedbacks": "[]",
    "picture_alt": "",
    "folded": "",
    "findings": "",
}


def upgrade() -> None:
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        for column in (
            sa.Column("newest", sa.Boolean(), nullable=False, server_default=_FILLED["newest"]),
            sa.Column("locator", sa.Text(), nullable=False, server_default=""),
            sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("note", sa.Text(), nullable=False, server_default=""),
            sa.Column("feedback", sa.Text(), nullable=False, server_default=""),
            sa.Column("feedbacks", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("picture", sa.String(length=64), nullable=True),
            sa.Column("picture_alt", sa.Text(), nullable=False, server_default=""),
            sa.Column("picture_width", sa.Integer(), nullable=True),
            sa.Column("picture_height", sa.Integer(), nullable=True),
            sa.Column("folded", sa.Text(), nullable=False, server_default=""),
            sa.Column("findings", sa.String(length=200), nullable=False, server_default=""),
        ):
            batch_op.add_column(column)
    _fill()
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        for name in _FILLED:
            batch_op.alter_column(name, server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_question_version_picture_alt"), "picture IS NULL OR picture_alt <> ''"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_question_version_picture_size"),
            "picture IS NULL OR (picture_width > 0 AND picture_height > 0)",
        )
        batch_op.create_index(batch_op.f("ix_question_version_picture"), ["picture"], unique=False)
    op.create_index(
        "uq_question_version_newest",
        "question_version",
        ["question_id"],
        unique=True,
        sqlite_where=sa.text("newest"),
        postgresql_where=sa.text("newest"),
    )
    op.create_table(
        "round_exposure",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_exposure_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_exposure")),
    )


def downgrade() -> None:
    op.drop_table("round_exposure")
    op.drop_index("uq_question_version_newest", table_name="question_version")
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_version_picture"))
        batch_op.drop_constraint(batch_op.f("ck_question_version_picture_size"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_question_version_picture_alt"), type_="check")
        for name in ("picture_width", "picture_height", "picture", *_FILLED):
            batch_op.drop_column(name)


def _fill() -> None:
    """Mark the newest version of each question and fold the words of every one."""
    connection = op.get_bind()
    version = sa.table(
        "question_version",
        sa.column("id", sa.BigInteger),
        sa.column("question_id", sa.BigInteger),
        sa.column("number", sa.Integer),
        sa.column("newest", sa.Boolean),
        sa.column("stem", sa.Text),
        sa.column("choices", sa.JSON),
        sa.column("chapter", sa.String),
        sa.column("source", sa.Text),
        sa.column("folded", sa.Text),
        sa.column("findings", sa.String),
    )
    question = sa.table("question", sa.column("id", sa.BigInteger), sa.column("code", sa.String))
    later = version.alias("later")
    newest = sa.select(sa.func.max(later.c.number)).where(later.c.question_id == version.c.question_id)
    connection.execute(version.update().values(newest=version.c.number == newest.scalar_subquery()))
    rows = connection.execute(
        sa.select(
            version.c.id, version.c.stem, version.c.choices, version.c.chapter, version.c.source, question.c.code
        ).join(question, question.c.id == version.c.question_id)
    ).all()
    for row in rows:
        words = " ".join((row.code, row.stem, *row.choices, row.chapter, row.source))
        connection.execute(
            version.update()
            .where(version.c.id == row.id)
            .values(folded=_folded(words), findings="" if row.source else "no_source")
        )


def _folded(text: str) -> str:
    small = unicodedata.normalize("NFKD", text.translate(_STROKED)).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(bare.translate(_STROKED).split())
