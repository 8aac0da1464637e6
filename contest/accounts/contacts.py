"""Phones and e-mail addresses as they are typed and as they are kept; forms, services and commands call it."""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_LONGEST_TYPED = 254
# Digits and what people put between them; the library would read letters as the keys of a telephone, or as an extension.
_WRITTEN = re.compile(r"\+?[0-9 .()/\u2010-\u2015-]{6,40}")
# Mobile numbers of eleven digits, whose beginnings were replaced in 2018.
_BEGINNINGS = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}

WRONG_PHONE = "Số điện thoại chưa đúng. Ví dụ: 0912 345 678."


def phone(text: str) -> str | None:
    """The E.164 form of a phone as Vietnamese people write it; None when it is not one."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def renumbered(text: str) -> str | None:
    """The E.164 form that a mobile number of eleven digits has had since 2018; None for any other text."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not _WRITTEN.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    home = "0" + digits.removeprefix("00").removeprefix("84") if text.startswith(("+", "00", "84")) else digits
    beginning = _BEGINNINGS.get(home[:4]) if len(home) == 11 else None
    return phone(beginning + home[4:]) if beginning else None


def phone_fault(text: str) -> str:
    """What is wrong with a typed phone, as a sentence, with its number of today where it is of the old ones; empty when nothing is."""
    if phone(text):
        return ""
    today = renumbered(text)
    if today:
        return f"Số 11 chữ số đã đổi thành 10 chữ số từ năm 2018. Số này nay là {shown_phone(today)}: đúng thì bạn nhập số ấy."
    return WRONG_PHONE


def email(text: str) -> str | None:
    """The form of an e-mail address in small letters, its domain as people read it; None when no mail could be sent to it. No server is asked."""
    if len(text) > _LONGEST_TYPED:
        return None
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    kept = found.normalized.lower()
    return kept if len(kept) <= _LONGEST_TYPED else None


def shown_phone(number: str) -> str:
    """A kept phone as people in Vietnam read it: 0912 345 678, and foreign ones with their country."""
    parsed = phonenumbers.parse(number, "VN")
    home = parsed.country_code == 84
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
