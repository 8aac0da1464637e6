"""Phones and e-mail addresses as they are typed and as they are kept; forms, services and commands call it."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_LONGEST_TYPED = 254


def phone(text: str) -> str | None:
    """The E.164 form of a phone as Vietnamese people write it; None when it is not one."""
    if len(text) > 40:
        return None
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str | None:
    """The casefolded form of an e-mail address; None when no mail could be sent to it. No server is asked."""
    if len(text) > _LONGEST_TYPED:
        return None
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    kept = found.normalized.casefold()
    return kept if len(kept) <= _LONGEST_TYPED else None


def shown_phone(number: str) -> str:
    """A kept phone as people in Vietnam read it: 0912 345 678, and foreign ones with their country."""
    parsed = phonenumbers.parse(number, "VN")
    home = parsed.country_code == 84
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
