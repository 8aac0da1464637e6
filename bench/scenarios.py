"""The registry: every measured path with its yardstick and its promise; a room adds its own by adding rows here."""

from bench import product
from bench.scenario import Bar, Scenario
from bench.yardsticks import requests as bare

DATABASES = ("postgresql", "sqlite")


def all_scenarios() -> list[Scenario]:
    """The rows of the table, each yardstick before what is measured against it."""
    rows = [
        Scenario("WSGI hello", "wsgi_hello", bare.home),
        Scenario("Flask hello", "flask_hello", bare.home),
        Scenario("Flask + Jinja page", "flask_page", bare.home),
        Scenario("argon2id check", "argon2_check", bare.home),
    ]
    for database in DATABASES:
        yard, own = f"orm {database}", f"product {database}"
        rows += [
            Scenario("home", own, product.home, against="Flask + Jinja page", bars=(Bar("rate", 0.8, at_least=True),)),
            Scenario(
                "sign in",
                own,
                product.sign_ins,
                expect=302,
                against="argon2id check",
                bars=(Bar("cpu", 1.15, at_least=False),),
            ),
            Scenario(f"Y1 {database}", yard, bare.saves),
            Scenario(
                "save",
                own,
                product.saves,
                against=f"Y1 {database}",
                bars=(
                    Bar("rate", 1.5 if database == "postgresql" else 1.0, at_least=True),
                    Bar("cpu", 1.0, at_least=False),
                    Bar("p99", 1.0, at_least=False),
                ),
            ),
            Scenario(f"Y-start {database}", yard, bare.starts),
            Scenario(
                "start",
                own,
                product.starts,
                once=True,
                against=f"Y-start {database}",
                bars=(Bar("rate", 1.0, at_least=True),),
            ),
            Scenario(f"Y-submit {database}", yard, bare.submits, once=True),
            Scenario(
                "hand in",
                own,
                product.hand_ins,
                once=True,
                against=f"Y-submit {database}",
                bars=(Bar("rate", 1.2 if database == "postgresql" else 1.0, at_least=True),),
            ),
        ]
    return rows
