"""A contest says whose way its papers are set in; those of Party bodies that stand already follow the Party's."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PARTY_BODIES = ("tỉnh ủy", "tỉnh uỷ", "thành ủy", "thành uỷ", "huyện ủy", "huyện uỷ", "đảng ủy", "đảng uỷ", "trung ương đảng", "ban tuyên giáo")  # fmt: skip
_CONTEST = sa.table(
    "contest",
    sa.column("id", sa.BigInteger),
    sa.column("organizer_name", sa.String),
    sa.column("parent_body", sa.String),
    sa.column("letterhead", sa.String),
)


def upgrade() -> None:
    """The names are compared here: SQLite knows no small letters beyond ASCII."""
    with op.batch_alter_table("contest") as batch:
        batch.add_column(sa.Column("letterhead", sa.String(20), nullable=False, server_default="state"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(_CONTEST.c.id, _CONTEST.c.organizer_name, _CONTEST.c.parent_body)).all()
    of_the_party = [
        row.id
        for row in rows
        if any(name in f"{row.organizer_name} {row.parent_body}".casefold() for name in _PARTY_BODIES)
    ]
    if of_the_party:
        connection.execute(_CONTEST.update().where(_CONTEST.c.id.in_(of_the_party)).values(letterhead="party"))


def downgrade() -> None:
    with op.batch_alter_table("contest") as batch:
        batch.drop_column("letterhead")
