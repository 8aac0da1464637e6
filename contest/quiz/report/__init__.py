"""The report of a round as tables of Vietnamese words and numbers; the desk's page and files and `contest quiz report` show the same ones."""

from contest.quiz.report.table import Cell, Table, worded
from contest.quiz.report.words import people_of, prediction_of, standing_of, tables

__all__ = ["Cell", "Table", "people_of", "prediction_of", "standing_of", "tables", "worded"]
