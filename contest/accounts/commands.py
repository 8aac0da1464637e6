"""The operator's commands about accounts, `contest account …`; `contest.cli` hangs the group up and runs each inside the application."""

import sys

import click

from contest.accounts import contacts, passwords, queries, service, weak_passwords
from contest.accounts.rules import PASSWORD_LONGEST, PASSWORD_SHORTEST, Role, new_recovery_code
from contest.core.db import db, unit_of_work
from contest.core.forms import clean


@click.group()
def group() -> None:
    """People who sign in."""


@group.command("create")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What the account is for."
)
@click.option("--name", required=True, help="Full name, as in official papers.")
@click.option("--phone", default="", help="Vietnamese phone number to sign in with.")
@click.option("--email", default="", help="E-mail address to sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def account_create(role: str, name: str, phone: str, email: str, password_stdin: bool) -> None:
    """Open an account; on the record."""
    kept_phone, kept_email = contacts.phone(phone), contacts.email(email)
    if phone and not kept_phone:
        renumbered = contacts.renumbered(phone)
        _refuse(f"{phone} is not a telephone number{f'; it is {renumbered} since 2018' if renumbered else ''}.")
    if email and not kept_email:
        _refuse(f"{email} is not an e-mail address.")
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        _refuse(f"The password must have {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters.")
    weak = weak_passwords.fault(
        clean(password), weak_passwords.own_words(full_name=name, phone=kept_phone, email=kept_email)
    )
    if weak:
        _refuse(weak)
    password_hash = passwords.hashed(clean(password))
    with unit_of_work():
        account = service.create_account(
            identity=service.Identity(full_name=name),
            phone=kept_phone,
            email=kept_email,
            password_hash=password_hash,
            role=Role(role),
        )
    click.echo(f"Account {account.id} ({role}) is open.")


_WHO = click.argument("identifier", metavar="PHONE_OR_EMAIL")
_WHY = click.option("--reason", required=True, help="Why, for the record.")


@group.command("reset")
@_WHO
@_WHY
def account_reset(identifier: str, reason: str) -> None:
    """Print a one-time code with which the person sets a new password within the hour; on the record."""
    account_id = queries.account_id_of(identifier)
    code = new_recovery_code()
    db.session.rollback()
    code_hash = passwords.hashed(code)
    with unit_of_work():
        service.give_recovery_code(account_id=account_id, code_hash=code_hash, checked=(), actor_id=None, reason=reason)
    click.echo(
        f"The code for account {account_id} is {code}. It is used once, within an hour, on the page /dat-lai-mat-khau."
    )


@group.command("disable")
@_WHO
@_WHY
def account_disable(identifier: str, reason: str) -> None:
    """Let nobody sign in to the account, and sign it out everywhere; on the record."""
    with unit_of_work():
        account_id = queries.account_id_of(identifier)
        done = service.disable(account_id=account_id, actor_id=None, reason=reason)
    click.echo(f"Account {account_id} is disabled." if done else f"Account {account_id} was disabled already.")


@group.command("enable")
@_WHO
@_WHY
def account_enable(identifier: str, reason: str) -> None:
    """Let a disabled account be used again; on the record."""
    with unit_of_work():
        account_id = queries.account_id_of(identifier)
        done = service.enable(account_id=account_id, actor_id=None, reason=reason)
    click.echo(f"Account {account_id} may be used again." if done else f"Account {account_id} was not disabled.")


@group.command("role")
@_WHO
@click.argument("role", type=click.Choice([role.value for role in Role]))
@_WHY
def account_role(identifier: str, role: str, reason: str) -> None:
    """Give the account another role, and sign it out everywhere; on the record."""
    with unit_of_work():
        account_id = queries.account_id_of(identifier)
        done = service.set_role(account_id=account_id, role=Role(role), actor_id=None, reason=reason)
    click.echo(f"Account {account_id} is {role} now." if done else f"Account {account_id} is {role} already.")


def _refuse(reason: str) -> None:
    click.echo(reason, err=True)
    sys.exit(1)
