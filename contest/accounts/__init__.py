"""FLOOR 1: who. Accounts, roles, sign-in, consent, access marks."""
