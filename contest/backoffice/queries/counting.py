"""How rows of one kind are counted beside others in one statement; the reads of this folder use it."""

from sqlalchemy import ColumnElement, case, func


def count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many of the rows, or of each group of them, meet the condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
