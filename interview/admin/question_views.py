"""Pages of the question bank."""

import csv
import io
import uuid
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from interview import paging
from interview.admin.blueprint import FORM_BYTES, acting_admin, blueprint
from interview.admin.question_forms import (
    MODES,
    STATES,
    FileForm,
    PlanForm,
    QuestionForm,
    StateForm,
    TagForm,
)
from interview.errors import NotFoundError, RefusedError
from interview.practice.forms import PlainForm
from interview.practice.labels import COMPETENCIES
from interview.questions import bank, files, importing, services
from interview.questions.exchange import FORMATS, FileError, PromptContent
from interview.questions.models import Prompt, PromptState
from interview.safety import body_limit, number_of

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
FILTERS = ("text", "competency", "mode", "language", "state", "tag")

SHOWN = 200
"""Rows of each kind that the page of a plan shows; the table to download has all."""


@blueprint.get("/questions")
def questions() -> str:
    """List the questions that fit the filters."""
    return _list(TagForm())


@blueprint.post("/questions/tags")
@body_limit(FORM_BYTES)
def tag_questions() -> BaseResponse | tuple[str, int]:
    """Put a tag on the chosen questions, or take it off."""
    form = TagForm()
    if not form.validate_on_submit():
        return _list(form), 400
    word, remove = (form.word.data or "").strip(), form.effect.data == "remove"
    count = services.tag(form.chosen.data or [], word, acting_admin(), remove=remove)
    flash(
        ngettext("%(num)s question changed.", "%(num)s questions changed.", count),
        "success" if count else "info",
    )
    kept = {name: value for name, value in request.args.items() if name in (*FILTERS, "page")}
    return redirect(url_for("admin.questions", **kept))


@blueprint.route("/questions/new", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def new_question() -> BaseResponse | str | tuple[str, int]:
    """Write a new question, or say an existing one in another language."""
    form = QuestionForm()
    original = number_of("translation_of")
    if request.method == "GET" and original is not None:
        form = _translation_form(original)
    return _edit(form, None)


@blueprint.get("/questions/<int:prompt_id>")
def question(prompt_id: int) -> str:
    """Show a question as candidates see it, how often it is asked, and its history."""
    revision = bank.get(prompt_id)
    return render_template(
        "admin/question.html",
        revision=revision,
        prompt=revision.prompt,
        usage=bank.usage([prompt_id])[prompt_id],
        translations=bank.translations(revision.prompt),
        history=bank.history(prompt_id),
        states=STATES,
        modes=MODES,
        plain_form=PlainForm(),
    )


@blueprint.route("/questions/<int:prompt_id>/edit", methods=["GET", "POST"])
@body_limit(FORM_BYTES)
def edit_question(prompt_id: int) -> BaseResponse | str | tuple[str, int]:
    """Change a question; who was asked it before keeps what they saw."""
    revision = bank.get(prompt_id)
    content = PromptContent.of(revision)
    form = QuestionForm() if request.method == "POST" else QuestionForm.of(content, revision.number)
    form.key.data = content.key
    return _edit(form, revision.prompt)


@blueprint.post("/questions/<int:prompt_id>/state")
@body_limit(FORM_BYTES)
def set_question_state(prompt_id: int) -> BaseResponse:
    """Offer a question, retire it or make it a draft."""
    form = StateForm()
    if not form.validate_on_submit():
        raise RefusedError(_("Choose one of the states."), 400)
    services.set_state(prompt_id, PromptState(form.state.data))
    flash(_("The question is now: %(state)s.", state=STATES[form.state.data]), "success")
    return redirect(url_for("admin.question", prompt_id=prompt_id))


@blueprint.get("/questions/export.<kind>")
def export_questions(kind: str) -> Response:
    """Send the whole bank as a file."""
    if kind not in FORMATS:
        raise NotFoundError
    stream = io.StringIO(newline="")
    services.export(kind, stream)
    return _file(stream.getvalue(), f"questions.{kind}", TYPES[kind])


@blueprint.route("/questions/import", methods=["GET", "POST"])
@body_limit(files.MAX_BYTES + FORM_BYTES)
def import_questions() -> BaseResponse | str | tuple[str, int]:
    """Take a file of questions; what it would change is shown before anything is."""
    form = FileForm()
    if not form.validate_on_submit():
        status = 400 if request.method == "POST" else 200
        return render_template("admin/import.html", form=form), status
    try:
        kept = files.keep(acting_admin(), form.file.data.filename, form.file.data.stream)
    except FileError as error:
        form.file.errors = [_("This file cannot be read: %(reason)s.", reason=str(error))]
        return render_template("admin/import.html", form=form), 400
    return redirect(url_for("admin.question_plan", file_id=kept.id))


@blueprint.get("/questions/import/<uuid:file_id>")
def question_plan(file_id: uuid.UUID) -> str:
    """Show what a file would change, row by row."""
    return _plan(file_id, files.plan(acting_admin(), file_id))


@blueprint.get("/questions/import/<uuid:file_id>/rows.csv")
def question_plan_rows(file_id: uuid.UUID) -> Response:
    """Send what a file would change as a table, every row of it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["row", "key", "effect", "field", "before", "after", "mistake"])
    for row in files.plan(acting_admin(), file_id).rows:
        head = [row.number, row.content.key, row.effect.value]
        writer.writerows([*head, error.field, "", "", error.message] for error in row.errors)
        writer.writerows([*head, d.field, d.before, d.after, ""] for d in row.differences)
        if not row.errors and not row.differences:
            writer.writerow([*head, "", "", "", ""])
    return _file(stream.getvalue(), "import.csv", TYPES["csv"])


@blueprint.post("/questions/import/<uuid:file_id>")
@body_limit(FORM_BYTES)
def apply_question_plan(file_id: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Do what a file says, all of it or nothing, if it still says what the admin was shown."""
    admin, form = acting_admin(), PlanForm()
    found = files.plan(admin, file_id)
    if found.errors or form.digest.data != found.digest:
        return _plan(file_id, found, outdated=True), 409
    result = importing.apply(found, admin)
    files.drop(admin)
    flash(
        _(
            "%(added)s added, %(changed)s changed, %(unchanged)s unchanged.",
            added=result.added,
            changed=result.changed,
            unchanged=result.unchanged,
        ),
        "success",
    )
    return redirect(url_for("admin.questions"))


def _plan(file_id: uuid.UUID, found: importing.Plan, *, outdated: bool = False) -> str:
    return render_template(
        "admin/plan.html",
        plan=found,
        file_id=file_id,
        shown=SHOWN,
        # Not what was sent with a form of before: what this page shows.
        form=PlanForm(formdata=None, digest=found.digest),
        outdated=outdated,
    )


def _list(form: TagForm) -> str:
    filters = bank.Filters(**{name: request.args.get(name, "").strip() for name in FILTERS})
    number = paging.requested()
    revisions, total = bank.find(filters, number)
    return render_template(
        "admin/questions.html",
        revisions=revisions,
        total=total,
        page=number,
        pages=-(-total // bank.PAGE),
        filters=filters,
        usage=bank.usage([revision.prompt_id for revision in revisions]),
        languages=bank.languages(),
        competencies=COMPETENCIES,
        states=STATES,
        modes=MODES,
        form=form,
    )


def _translation_form(prompt_id: int) -> QuestionForm:
    revision = bank.get(prompt_id)
    original = revision.prompt.original or revision.prompt
    form = QuestionForm.of(PromptContent.of(revision), 0)
    form.key.data, form.language.data = f"{original.key}-", ""
    form.translation_of.data, form.state.data = original.key, PromptState.DRAFT.value
    return form


def _edit(form: QuestionForm, prompt: Prompt | None) -> BaseResponse | str | tuple[str, int]:
    shown: dict[str, Any] = {"form": form, "prompt": prompt}
    if request.method == "GET":
        return render_template("admin/question_edit.html", **shown)
    valid, preview = form.validate_on_submit(), "preview" in request.form
    values = form.content(prompt.key if prompt else None)
    if preview or not valid:
        content, errors = importing.check_form(values)
        form.show(errors)
        shown["preview"] = content if preview else None
        status = 200 if valid and not errors else 400
        return render_template("admin/question_edit.html", **shown), status
    saved, errors = services.save(
        values,
        acting_admin(),
        prompt.id if prompt else None,
        int(form.number.data) if (form.number.data or "").isdigit() else 0,
    )
    if saved is None:
        form.show(errors)
        return render_template("admin/question_edit.html", **shown), 400
    flash(_("The question is saved."), "success")
    return redirect(url_for("admin.question", prompt_id=saved.id))


def _file(content: str, name: str, content_type: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
