"""Which passwords a stranger would try first; pure, asked wherever a password is set, never at sign-in.

One sentence says what is wrong. Nothing asks for capitals, digits or signs: they make people write a password down, not choose a better one.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from contest.accounts import contacts
from contest.accounts.rules import PASSWORD_LONGEST, PASSWORD_SHORTEST
from contest.core import vietnamese

LENGTH = f"Mật khẩu cần từ {PASSWORD_SHORTEST} đến {PASSWORD_LONGEST} ký tự."
BLANK = "Mật khẩu không thể chỉ gồm dấu cách."
MONOTONOUS = "Mật khẩu này chỉ lặp vài ký tự nên rất dễ đoán. Bạn đặt một câu ngắn dễ nhớ."
COMMON = "Mật khẩu này nhiều người dùng nên bị thử đầu tiên. Bạn đặt một câu ngắn chỉ mình bạn biết."
OWN = "Mật khẩu này gần như là tên, số điện thoại, thư điện tử hoặc ngày sinh của bạn, ai quen cũng đoán được. Bạn đặt một câu khác."

_FEWEST_SIGNS = 4  # different ones
_FEWEST_BESIDES = 5  # signs that stand besides one's own name or number
_RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
# What the list, which was gathered elsewhere, lacks of what people here type; folded.
_HERE = [
    "matkhau",
    "anhyeuem",
    "emyeuanh",
    "anhnhoem",
    "emnhoanh",
    "yeuemnhieu",
    "yeuanhnhieu",
    "conyeume",
    "conyeubo",
    "giadinhtoi",
    "giadinh",
    "khongbiet",
    "khongnho",
    "khongcomatkhau",
    "toiyeuvietnam",
    "vietnam",
    "hanoi",
    "saigon",
    "bacgiang",
    "khatvong",
    "niemtin",
    "hochiminh",
    "dangcongsan",
    "cuocthi",
    "hoilamgi",
    "chucmungnammoi",
]


def fault(password: str, own: Iterable[str] = ()) -> str:
    """What keeps this from being a password, as a sentence; empty when nothing does. `own` is what `own_words` says of the person."""
    if not password.strip() and password:
        return BLANK
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        return LENGTH
    if len(set(password.casefold())) < _FEWEST_SIGNS:
        return MONOTONOUS
    bare = _bare(password)
    if any(word in bare and len(bare) - len(word) < _FEWEST_BESIDES for word in own):
        return OWN
    if _is_run(bare) or not _common().isdisjoint({password.casefold(), bare, _without_a_year(bare)}):
        return COMMON
    return ""


def own_words(
    *, full_name: str = "", phone: str | None = None, email: str | None = None, born: date | None = None
) -> frozenset[str]:
    """Those words about a person that are long enough to be a password or most of one."""
    words = [_bare(full_name), _bare(" ".join(reversed(full_name.split())))]
    if phone:
        at_home = _bare(contacts.shown_phone(phone))
        words += [_bare(phone), at_home, at_home.removeprefix("0")]
    if email:
        words += [_bare(email), _bare(email.split("@")[0])]
    if born:
        words += [f"{born:%d%m%Y}", f"{born:%Y%m%d}", f"{born.day}{born.month}{born.year}", f"{born:%d%m%y}"]
    return frozenset(word for word in words if len(word) > PASSWORD_SHORTEST - _FEWEST_BESIDES)


def _bare(text: str) -> str:
    return "".join(sign for sign in vietnamese.fold(text) if sign.isalnum())


def _without_a_year(bare: str) -> str:
    """The word before the few digits that people put behind one to be let in."""
    word = bare.rstrip("0123456789")
    return word if len(bare) - len(word) < _FEWEST_BESIDES else bare


def _is_run(bare: str) -> bool:
    return len(bare) >= PASSWORD_SHORTEST and any(bare in run * 3 or bare in run[::-1] * 3 for run in _RUNS)


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # its lists are read the first time somebody sets a password

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= PASSWORD_SHORTEST) | frozenset(_HERE)
