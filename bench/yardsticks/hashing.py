"""The password hashing that sign-in is measured against: 19 MiB, two passes, one lane."""

from argon2 import PasswordHasher

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
PASSWORD = "mat-khau-do-luong-2025"
