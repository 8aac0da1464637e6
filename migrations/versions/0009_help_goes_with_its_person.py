"""What one person is allowed beyond the rules goes with the account of a person who never sat: it kept them from deleting it."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("allowance", "accommodation")


def upgrade() -> None:
    """Attempts and entries still keep an account where it is."""
    _point_at_account(ondelete="CASCADE")


def downgrade() -> None:
    """Such an account cannot be deleted again."""
    _point_at_account(ondelete=None)


def _point_at_account(*, ondelete: str | None) -> None:
    for table in _TABLES:
        name = op.f(f"fk_{table}_account_id")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="foreignkey")
            batch.create_foreign_key(name, "account", ["account_id"], ["id"], ondelete=ondelete)
