"""`flask users`: accounts from the command line."""

import click
from flask.cli import AppGroup

from interview.accounts import people, services
from interview.accounts.models import ROLES
from interview.errors import RefusedError

users = AppGroup("users", help="Make accounts, give them roles, list them.")


@users.command("create")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    type=click.Choice(list(ROLES)),
    multiple=True,
    default=(services.DEFAULT_ROLE,),
    show_default=True,
    help="May be given several times.",
)
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when it is not given.",
)
def create(email: str, roles: tuple[str, ...], password: str) -> None:
    """Make a confirmed account for EMAIL."""
    try:
        user = services.create_user(email, password, roles)
    except RefusedError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{user.email} can log in ({', '.join(roles)}).")


@users.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice(list(ROLES)))
def grant(email: str, role: str) -> None:
    """Give the account of EMAIL a ROLE."""
    user = services.find_user(email)
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    people.grant(user.id, role)
    click.echo(f"{user.email}: {_names(user.roles)}.")


@users.command("list")
def list_() -> None:
    """Print every account: address, roles, and whether the address is confirmed."""
    for user in services.list_users():
        state = "" if user.confirmed_at else "\tnot confirmed"
        click.echo(f"{user.email}\t{_names(user.roles)}{state}")


def _names(roles: list) -> str:
    return ", ".join(sorted(role.name for role in roles)) or "no role"
