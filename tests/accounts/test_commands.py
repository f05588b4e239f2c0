"""`flask users`."""

import pytest

from interview.accounts import services

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EMAIL = "ada@example.org"
PASSWORD = "seven-green-bottles-hanging"


@pytest.fixture
def flask(runner):
    """`flask("users", …)` runs a command."""

    def run(*arguments, **more):
        return runner.invoke(args=arguments, **more)

    return run


def test_an_account_can_be_made_and_logs_in(app, client, flask):
    result = flask("users", "create", EMAIL, "--password", PASSWORD)
    assert result.exit_code == 0, result.output
    assert client.post("/login", data={"email": EMAIL, "password": PASSWORD}).location == "/"
    with app.app_context():
        (user,) = services.list_users()
        assert [role.name for role in user.roles] == ["candidate"]


def test_the_password_is_asked_for_twice_and_not_shown(flask):
    result = flask("users", "create", EMAIL, "--role", "admin", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert "admin" in result.output


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("no address", "--password", PASSWORD), "not an e-mail address"),
        ((EMAIL, "--password", "12345678"), "too easy to guess"),
        ((EMAIL, "--password", PASSWORD, "--role", "king"), "king"),
    ],
)
def test_what_cannot_be_made_is_explained(app, flask, arguments, complaint):
    result = flask("users", "create", *arguments)
    assert result.exit_code != 0
    assert complaint in result.output
    with app.app_context():
        assert services.list_users() == []


def test_an_address_is_taken_once(flask):
    flask("users", "create", EMAIL, "--password", PASSWORD)
    again = flask("users", "create", EMAIL.upper(), "--password", PASSWORD)
    assert again.exit_code == 1
    assert "already an account" in again.output


def test_roles_are_granted_once_and_listed(flask):
    flask("users", "create", EMAIL, "--password", PASSWORD)
    for _ in range(2):
        assert flask("users", "grant", "Ada@example.org", "admin").exit_code == 0
    assert flask("users", "list").output == f"{EMAIL}\tadmin, candidate\n"


def test_granting_to_nobody_or_granting_nothing_is_refused(flask):
    assert "no account" in flask("users", "grant", EMAIL, "admin").output
    flask("users", "create", EMAIL, "--password", PASSWORD)
    assert flask("users", "grant", EMAIL, "king").exit_code == 2


def test_the_group_is_ours_alone(app):
    assert set(app.cli.commands["users"].commands) == {"create", "grant", "list"}
    assert "roles" not in app.cli.commands
