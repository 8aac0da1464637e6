"""Pure decisions about accounts: roles, who may do what, ages, names, what may be asked of a person, the words of consent."""

import enum
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit


class Role(enum.StrEnum):
    """What an account is for; an admin may do all that an organiser may."""

    ENTRANT = "entrant"
    JUDGE = "judge"
    ORGANIZER = "organizer"
    ADMIN = "admin"


STAFF = frozenset({Role.JUDGE, Role.ORGANIZER, Role.ADMIN})
ROLE_NAMES = {
    Role.ENTRANT: "Người dự thi",
    Role.JUDGE: "Giám khảo",
    Role.ORGANIZER: "Ban Tổ chức",
    Role.ADMIN: "Quản trị hệ thống",
}

PASSWORD_SHORTEST = 8
PASSWORD_LONGEST = 200
FAILURES_ALLOWED = 10  # wrong passwords for one account from one address within FAILURES_WINDOW
FAILURES_ALLOWED_ANYWHERE = 100  # so that a stranger elsewhere cannot easily lock somebody out, nor guess for ever
FAILURES_ALLOWED_ADDRESS = 3000  # a school of 500 behind one address gets through
FAILURES_WINDOW = timedelta(minutes=15)
SESSIONS_KEPT = timedelta(days=30)  # how long an ended session stays before the daily purge

RECOVERY_LASTS = timedelta(hours=1)
RECOVERY_GUESSES = 5
DATA_TO_CHECK = 2
# What a person who calls can be asked, under the names that the record keeps.
CHECKED_DATA = {
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "phone": "Số điện thoại đã đăng ký",
    "email": "Thư điện tử đã đăng ký",
    "address": "Địa chỉ",
    "unit": "Đơn vị",
    "workplace": "Nơi công tác, học tập",
    "guardian": "Người giám hộ",
    "receipt": "Mã biên nhận",
    "identity_paper": "Giấy tờ, khi gặp trực tiếp",
}

# What staff do with an account, as its bearer is told.
DESK_ACTS = {
    "account.give_code": "Ban Tổ chức cấp mã đặt lại mật khẩu",
    "account.recover": "Mật khẩu được đặt lại bằng mã",
    "account.end_sessions": "Ban Tổ chức đăng xuất mọi thiết bị",
    "account.disable": "Ban Tổ chức khóa tài khoản",
    "account.enable": "Ban Tổ chức mở khóa tài khoản",
    "account.release_phone": "Ban Tổ chức thu hồi số điện thoại vì số thuộc về người khác",
    "account.set_role": "Vai trò của tài khoản được đổi",
    "account.withdraw_consent": "Ban Tổ chức ghi việc bạn rút lại đồng ý",
}

SEXES = ("Nam", "Nữ", "Khác")
OCCUPATIONS = (
    "Học sinh",
    "Sinh viên",
    "Cán bộ, công chức, viên chức",
    "Giáo viên, giảng viên",
    "Lực lượng vũ trang",
    "Công nhân, người lao động",
    "Nông dân",
    "Kinh doanh, nghề tự do",
    "Hưu trí",
    "Khác",
)
IDENTITY_FIELDS = {
    "birth_date": "ngày sinh",
    "sex": "giới tính",
    "occupation": "nghề nghiệp",
    "address": "địa chỉ",
    "workplace": "nơi công tác, học tập",
    "unit": "đơn vị",
}
MAY_BE_EMPTY = frozenset({"workplace"})

CONSENT_TO_TAKE_PART = "participation"
CONSENT_OF_GUARDIAN = "guardian"


@dataclass(frozen=True)
class Asked:
    """What the running contest asks of those who take part: `fields` of IDENTITY_FIELDS in their order, ages in years."""

    organizer: str
    contest: str
    fields: tuple[str, ...]
    min_age: int
    guardian_age: int


@dataclass(frozen=True)
class Device:
    """A browser as its owner would call it."""

    browser: str
    system: str

    def __str__(self) -> str:
        return f"{self.browser} trên {self.system}"


def may_act_as(role: Role, wanted: Role) -> bool:
    """True when an account of `role` may open pages marked for `wanted`."""
    return role == wanted or (role == Role.ADMIN and wanted == Role.ORGANIZER)


def unreachable(account_id: int) -> str:
    """The e-mail address of an account that has none and whose phone was released: in a domain that can never be, so that nobody signs in by it."""
    return f"tai-khoan-{account_id}@khong-con-so.invalid"


def may_govern(actor: Role, subject: Role) -> bool:
    """True when staff of the one role may reset, disable or sign out an account of the other: nobody below an admin touches their own kind."""
    return actor is Role.ADMIN or (actor is Role.ORGANIZER and subject in (Role.ENTRANT, Role.JUDGE))


def new_recovery_code() -> str:
    """Eight random digits, as they are told over the telephone: "4071 9926"."""
    number = f"{secrets.randbelow(10**8):08d}"
    return f"{number[:4]} {number[4:]}"


def recovery_code(typed: str) -> str:
    """A code as it was given, from however it was typed."""
    number = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    return f"{number[:4]} {number[4:]}"


def age_on(birth_date: date, day: date) -> int:
    """Completed years on `day`; a birthday on 29 February is reached on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_local_path(target: str) -> bool:
    """True for an address within this site, which a sign-in may lead back to."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def device_of(user_agent: str) -> str:
    """A browser's name for its owner's list of sessions, such as "Chrome trên Android"; never longer than 60 characters."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("coc_coc", "Cốc Cốc"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Zalo", "Zalo"),
        ("FBAN", "Facebook"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    return str(Device(_first(browsers, user_agent, "Trình duyệt"), _first(systems, user_agent, "máy khác")))


def consent_text(asked: Asked, *, guardian: bool = False) -> str:
    """The words that a person (or their guardian) agrees to: who is responsible, which data, what for, which rights; one paragraph a line."""
    data = ["họ tên", "số điện thoại hoặc thư điện tử", *(IDENTITY_FIELDS[name] for name in asked.fields)]
    who = "Tôi là cha, mẹ hoặc người giám hộ của người dự thi và đồng ý để" if guardian else "Tôi đồng ý để"
    purposes = (
        f"Mục đích: tổ chức cuộc thi “{asked.contest}”, gồm đăng ký, thi, chấm, xét và trao giải, thống kê. "
        "Khi đạt giải, họ tên và đơn vị được công bố trong danh sách kết quả."
    )
    return "\n".join(
        (
            f"{who} {asked.organizer} (đơn vị kiểm soát dữ liệu) xử lý: {', '.join(data)} và bài dự thi.",
            purposes,
            (
                "Quyền: xem, sửa, tải dữ liệu về trong mục Tài khoản; tự xóa tài khoản khi chưa có lượt thi hay bài dự thi; rút lại đồng ý "
                "bất cứ lúc nào qua Ban Tổ chức, khi ấy tài khoản bị khóa."
            ),
        )
    )


def _first(known: Iterable[tuple[str, str]], text: str, otherwise: str) -> str:
    return next((name for sign, name in known if sign in text), otherwise)
