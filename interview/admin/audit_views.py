"""Pages of the audit log."""

from datetime import date

from flask import Response, render_template, request, stream_with_context

from interview.admin.audit_labels import ACTIONS, ACTOR_KINDS, KINDS, RULES, choices, detail_words
from interview.admin.blueprint import blueprint
from interview.privacy import trail
from interview.safety import number_of


@blueprint.get("/audit")
def audit_log() -> str:
    """List what was done, newest first, narrowed by the filters."""
    filters = _filters()
    entries = trail.find(filters, number_of("before"))
    return render_template(
        "admin/audit.html",
        entries=entries,
        older=entries[-1].id if len(entries) == trail.PAGE else None,
        addresses=trail.addresses(entries),
        filters=filters,
        kept={name: value for name in FIELDS if (value := request.args.get(name))},
        actions=choices(trail.actions(), ACTIONS),
        actor_kinds=list(ACTOR_KINDS.items()),
        kinds=choices(trail.kinds(), KINDS),
        detail_words=detail_words,
        words={"action": ACTIONS, "kind": KINDS, "actor": ACTOR_KINDS, "rule": RULES},
    )


@blueprint.get("/audit.csv")
def audit_export() -> Response:
    """Send every entry that fits the filters as a table."""
    lines = stream_with_context(trail.export(_filters()))
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response


FIELDS = (
    *("since", "until", "action", "actor_kind", "actor"),
    *("object_kind", "object_id", "organisation_id"),
)


def _filters() -> trail.Filters:
    words = ("action", "actor_kind", "actor", "object_kind", "object_id")
    return trail.Filters(
        since=_day("since"),
        until=_day("until"),
        organisation_id=number_of("organisation_id"),
        **{name: request.args.get(name, "").strip() for name in words},
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
