"""What people say of themselves: voluntary, changed at will, erased with one choice."""

import pytest
import sqlalchemy as sa

from interview.accounts.services import claim_workspace
from interview.extensions import db
from interview.privacy.models import SelfDescription

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def stored(app):
    with app.app_context():
        return db.session.execute(
            sa.select(SelfDescription.sex, SelfDescription.ethnicity)
        ).one_or_none()


def test_it_is_saved_shown_changed_and_erased(app, guest, guest_client):
    address = "/privacy/groups"
    assert guest_client.post(address, data={"sex": "female", "ethnicity": ""}).status_code == 302
    assert stored(app) == ("female", None)
    page = guest_client.get(address).text
    assert 'checked id="sex-0"' in page
    guest_client.post(address, data={"sex": "other", "ethnicity": "asian"})
    assert stored(app) == ("other", "asian")
    guest_client.post(address, data={"sex": "", "ethnicity": ""})
    assert stored(app) is None


def test_what_is_no_group_is_refused(app, guest, guest_client):
    answer = guest_client.post("/privacy/groups", data={"sex": "unheard of", "ethnicity": ""})
    assert answer.status_code == 400
    assert stored(app) is None


def test_a_stranger_is_told_that_there_is_nothing_to_ask(client):
    assert "There is nothing to ask yet" in client.get("/privacy/groups").text
    assert client.post("/privacy/groups", data={"sex": "female"}).status_code == 404


@pytest.mark.parametrize(("before", "after"), [(None, "female"), ("male", "male")])
def test_an_account_keeps_what_its_guest_said_unless_it_says_something_itself(
    app, guest, guest_client, make_user, make_candidate, login, before, after
):
    guest_client.post("/privacy/groups", data={"sex": "female", "ethnicity": ""})
    user = make_user()
    make_candidate(user)
    if before:
        login(user).post("/privacy/groups", data={"sex": before, "ethnicity": ""})
    with app.app_context():
        claim_workspace(user, db.session.merge(guest))
    assert stored(app) == (after, None)
