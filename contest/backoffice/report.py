"""The desk's report of a quiz round: one page to read and print, and the same tables as a spreadsheet and as a State document."""

import io

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import sheets
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import QuizParams, TrackKind
from contest.core import audit, clock
from contest.core.db import unit_of_work
from contest.quiz import report as told
from contest.quiz.analysis import RoundAnalysis, Scope
from contest.quiz.queries import analysis as analyses
from contest.quiz.queries.report import Report, report_of
from contest.quiz.report import Table, files
from contest.quiz.service import analysis as analysis_service

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get(f"/dot-thi/<{ID}:round_id>/bao-cao")
@organizer
def report(round_id: int) -> ResponseReturnValue:
    """The round's figures: who took part, when, the head of the board with its trace, what was done to the round."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    params = _params(round_)
    figures, analysis, tables = _tables(round_)
    shown = [table for table in tables if not table.detail]
    return render_template(
        "backoffice/report.html",
        round=round_,
        report=figures,
        standing=told.standing_of(figures),
        answer=told.prediction_of(figures, params),
        people=told.people_of(params),
        tables=shown,
        worded=told.worded,
        analysis=analysis,
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/bao-cao.xlsx")
@organizer
def report_sheets(round_id: int) -> ResponseReturnValue:
    """Every table of the report, a sheet each, the questions in full; that it was taken is on the record."""
    _, _, tables = _tables(contests.round_by_id(round_id, TrackKind.QUIZ))
    _taken(round_id, "xlsx")
    return _sent(files.as_sheets(tables), f"bao-cao-dot-{round_id}.xlsx", sheets.MEDIA_TYPE)


@bp.get(f"/dot-thi/<{ID}:round_id>/bao-cao.docx")
@organizer
def report_document(round_id: int) -> ResponseReturnValue:
    """The report as a document to be numbered and signed; that it was taken is on the record."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    figures, _, tables = _tables(round_)
    written = files.as_document(round_, tables, at=figures.at, standing=told.standing_of(figures))
    _taken(round_id, "docx")
    return _sent(written, f"bao-cao-dot-{round_id}.docx", _WORD)


def _tables(round_: Round) -> tuple[Report, RoundAnalysis | None, list[Table]]:
    """The figures and their tables, with the item analysis as it was worked out last where the round is too large to wait for it."""
    scope = Scope(round_.id)
    analysis = analysis_service.analysis_of(scope) or analyses.kept_analysis(scope)
    asked = analyses.asked_questions(item.version_id for item in analysis.items) if analysis else {}
    figures = report_of(round_, clock.now())
    return figures, analysis, told.tables(figures, _params(round_), analysis, asked)


def _taken(round_id: int, kind: str) -> None:
    """The file names people and leaves the house."""
    with unit_of_work():
        audit.record("export.report", actor_id=access.actor_id(), subject=f"round:{round_id}", detail={"kind": kind})


def _params(round_: Round) -> QuizParams:
    params = round_.rules
    assert isinstance(params, QuizParams)
    return params


def _sent(content: bytes, name: str, media_type: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
