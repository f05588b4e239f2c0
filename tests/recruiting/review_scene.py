"""An organisation with its people and a candidate who has handed in, for the tests of reviewing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from interview.accounts.models import User
from interview.extensions import db
from interview.recruiting.models import Invitation, MemberRole
from tests.support.recruiting import (
    ALL_CHOICES,
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.reviewing import hand_in
from tests.support.texts import COMPLETE_ANSWER


@dataclass
class Scene:
    """Who is there, and the numbers of what there is."""

    app: Flask
    owner: User
    colleague: User
    rater: User
    application_id: int
    prompt_ids: list[int]
    login: Callable[[User], FlaskClient]
    make_user: Callable[..., User]
    make_candidate: Callable[..., Any]

    def add(
        self,
        bodies: list[dict[str, Any]],
        email: str = "casey@example.org",
        choices: dict[str, bool] | None = None,
        **values: Any,
    ) -> Invitation:
        """Return the invitation of a new candidate who has handed these reports in."""
        from interview.recruiting.models import ApplicationInterview

        candidate = self.make_candidate(self.make_user())
        with self.app.app_context():
            application = db.session.get_one(ApplicationInterview, self.application_id)
            invitation = make_invitation(
                application,
                candidate,
                mode=bodies[0]["mode"],
                choices=ALL_CHOICES | (choices or {}),
                email=email,
                **values,
            )
            hand_in(invitation, bodies, COMPLETE_ANSWER)
            db.session.refresh(invitation)
            db.session.expunge(invitation)
        return invitation

    def page(self, invitation: Invitation, what: str = "") -> str:
        """Return the address of a candidate's page, or of something below it."""
        return f"/recruiting/candidates/{invitation.id}{what}"

    def form(
        self, version: int = 0, level: str = "3", evidence: str = "At 0:20.", **more: str
    ) -> dict:
        """Return what the page sends to save a scorecard."""
        fields = {"version": str(version)}
        for key in self.prompt_ids:
            fields |= {f"level-{key}": level, f"evidence-{key}": evidence}
        return fields | more


def build(
    app: Flask,
    make_user: Callable[..., User],
    make_candidate: Callable[..., Any],
    make_prompt: Callable[..., Any],
    login: Callable[[User], FlaskClient],
) -> Scene:
    """Return an organisation with an owner, a member, a rater and an interview of two questions."""
    owner = make_user(email="owner@example.org", roles=("recruiter",))
    colleague = make_user(email="colleague@example.org")
    rater = make_user(email="rater@example.org")
    roles = dict(zip((owner, colleague, rater), MemberRole, strict=True))
    prompts = [make_prompt(competency="planning"), make_prompt(competency="teamwork")]
    with app.app_context():
        organisation = make_organisation(members=roles)
        application = make_application(organisation, prompts)
        keys = [prompt.id for prompt in application.prompts]
        numbers = application.id, keys
        return Scene(app, owner, colleague, rater, *numbers, login, make_user, make_candidate)
