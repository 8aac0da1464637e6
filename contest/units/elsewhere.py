"""What people type who live outside the contest's province: other provinces, abroad, and the words for it; pure."""

from contest.core.vietnamese import fold

PROVINCES = [
    "An Giang",
    "Bà Rịa Vũng Tàu",
    "Bạc Liêu",
    "Bắc Giang",
    "Bắc Kạn",
    "Bắc Ninh",
    "Bến Tre",
    "Bình Dương",
    "Bình Định",
    "Bình Phước",
    "Bình Thuận",
    "Cà Mau",
    "Cao Bằng",
    "Cần Thơ",
    "Đà Nẵng",
    "Đắk Lắk",
    "Đắk Nông",
    "Điện Biên",
    "Đồng Nai",
    "Đồng Tháp",
    "Gia Lai",
    "Hà Giang",
    "Hà Nam",
    "Hà Nội",
    "Hà Tĩnh",
    "Hải Dương",
    "Hải Phòng",
    "Hậu Giang",
    "Hòa Bình",
    "Hồ Chí Minh",
    "Hưng Yên",
    "Khánh Hòa",
    "Kiên Giang",
    "Kon Tum",
    "Lai Châu",
    "Lạng Sơn",
    "Lào Cai",
    "Lâm Đồng",
    "Long An",
    "Nam Định",
    "Nghệ An",
    "Ninh Bình",
    "Ninh Thuận",
    "Phú Thọ",
    "Phú Yên",
    "Quảng Bình",
    "Quảng Nam",
    "Quảng Ngãi",
    "Quảng Ninh",
    "Quảng Trị",
    "Sóc Trăng",
    "Sơn La",
    "Tây Ninh",
    "Thái Bình",
    "Thái Nguyên",
    "Thanh Hóa",
    "Thừa Thiên Huế",
    "Tiền Giang",
    "Trà Vinh",
    "Tuyên Quang",
    "Vĩnh Long",
    "Vĩnh Phúc",
    "Yên Bái",
]
_OTHER_WORDS = [
    "Huế",
    "Vũng Tàu",
    "Sài Gòn",
    "HCM",
    "HN",
    "SG",
    "tỉnh khác",
    "tỉnh ngoài",
    "ngoại tỉnh",
    "nơi khác",
    "nước ngoài",
    "Việt kiều",
]
_KINDS = ("tinh", "thanhpho", "tp")
_SHORTEST_BEGINNING = 3


def squeezed(text: str) -> str:
    """Letters and digits alone, without marks: "TP. HCM" is "tphcm"."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def words(province: str) -> tuple[str, ...]:
    """All words for what lies outside `province` (a name as units bear it), squeezed."""
    own = squeezed(province)
    found = map(squeezed, (*PROVINCES, *_OTHER_WORDS))
    return tuple(word for word in found if not own.endswith(word))


def rank(typed: str, known: tuple[str, ...]) -> int | None:
    """0 when what was typed is one of the known words, 1 when it begins one, None otherwise; "tỉnh" and "TP" before a name do not count."""
    whole = squeezed(typed)
    bare = [whole.removeprefix(kind) for kind in _KINDS if whole.startswith(kind)]
    wanted = [text for text in (whole, *bare) if text]
    if any(text in known for text in wanted):
        return 0
    begun = (text for text in wanted if len(text) >= _SHORTEST_BEGINNING)
    return 1 if any(word.startswith(text) for text in begun for word in known) else None
