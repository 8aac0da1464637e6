"""The desk's page of the record: who did what to what and why, and whether the chain of its hashes holds."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import asking, queries, words
from contest.backoffice.blueprint import bp
from contest.core import audit as record
from contest.core.display import vn_number


@bp.get("/nhat-ky", endpoint="audit")
@organizer
def acts() -> ResponseReturnValue:
    """The newest acts, by who, what and on what."""
    actor, action, subject = asking.words("nguoi"), asking.words("viec"), asking.words("doi-tuong")
    return render_template(
        "backoffice/audit.html",
        page=queries.acts_page(page=asking.page(), actor=actor, action=action, subject=subject),
        actor=actor,
        action=action,
        subject=subject,
        actions=[(name, words.of_action(name)) for name in queries.actions()],
        of_action=words.of_action,
        of_subject=words.of_subject,
    )


@bp.post("/nhat-ky/kiem-tra")
@organizer
def audit_verify() -> ResponseReturnValue:
    """Walk the whole chain and say whether it holds."""
    breach = record.verify()
    if breach:
        flash(f"Chuỗi nhật ký đứt ở dòng {vn_number(breach.row_id)}. Báo ngay cho người vận hành.", "error")
    else:
        flash("Chuỗi nhật ký nguyên vẹn: mỗi dòng đều khớp với dòng trước.", "success")
    return redirect(url_for("backoffice.audit"))
