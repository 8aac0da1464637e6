"""Use cases that change accounts, by noun: people, their sessions, codes for a forgotten password, and what the desk does with an account."""

from contest.accounts.service.desk import (
    disable,
    enable,
    end_sessions,
    give_recovery_code,
    release_phone,
    set_role,
    withdraw_consent,
)
from contest.accounts.service.people import (
    Agreed,
    AlreadyRegistered,
    Identity,
    change_identity,
    change_password,
    create_account,
    delete_account,
    register,
    renew_hash,
)
from contest.accounts.service.recovery import give_guess_back, purge_codes, recover, take_guess
from contest.accounts.service.sessions import purge_ended_sessions, revoke_other_sessions, revoke_session

__all__ = [
    "Agreed",
    "AlreadyRegistered",
    "Identity",
    "change_identity",
    "change_password",
    "create_account",
    "delete_account",
    "disable",
    "enable",
    "end_sessions",
    "give_guess_back",
    "give_recovery_code",
    "purge_codes",
    "purge_ended_sessions",
    "recover",
    "register",
    "release_phone",
    "renew_hash",
    "revoke_other_sessions",
    "revoke_session",
    "set_role",
    "take_guess",
    "withdraw_consent",
]
