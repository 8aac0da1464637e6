"""What people type on the account pages: read, tidied, checked; only the routes of this room use them."""

from contest.accounts.forms.identity import IdentityForm
from contest.accounts.forms.passwords import DeletionForm, NewPasswordForm, RecoveryForm
from contest.accounts.forms.register import RegisterForm
from contest.accounts.forms.sign_in import SignInForm

__all__ = ["DeletionForm", "IdentityForm", "NewPasswordForm", "RecoveryForm", "RegisterForm", "SignInForm"]
