"""Pictures for the demo's photo track, drawn from a seed in the colours of Đông Hồ prints, with their titles and captions."""

from __future__ import annotations

import random
from typing import NamedTuple

from PIL import Image

from contest.demo.brush import Canvas
from contest.demo.scenes import SCENES

KINDS = tuple(SCENES)


class Words(NamedTuple):
    """A title and a caption."""

    title: str
    caption: str


def draw(seed: int, width: int = 3200, height: int = 2133, kind: str | None = None) -> Image.Image:
    """The picture of this seed; without a kind, fifteen seeds in a row show fifteen places. Raises KeyError for an unknown kind."""
    kind = kind_of(seed) if kind is None else kind
    canvas = Canvas(width, height, random.Random(f"{kind} {seed}"))
    SCENES[kind](canvas)
    return canvas.finish()


def kind_of(seed: int) -> str:
    """The kind of place that a seed shows when none is asked for."""
    return KINDS[seed % len(KINDS)]


def words(seed: int, kind: str | None = None) -> Words:
    """The title and caption that go with the picture of this seed."""
    kind = kind_of(seed) if kind is None else kind
    choices = WORDS[kind]
    return Words(*choices[seed // len(KINDS) % len(choices)])


WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "yen-tu": (
        ("Tây Yên Tử trong mây", "Sương từ thung lũng dâng lên, chỉ còn ngọn tháp đứng giữa hai tầng mây."),
        ("Lối lên chùa", "Con đường đá vắng khách vào một sớm giữa tuần."),
        ("Tiếng chuông chiều", "Nắng cuối ngày chạm mái tháp trước khi rời dãy núi."),
    ),
    "doi-vai": (
        ("Đồi vải sớm mai", "Những hàng vải nối nhau qua từng quả đồi khi mặt trời vừa lên."),
        ("Mùa đỏ", "Vải vào độ chín rộ, cả vườn ngả màu son."),
        ("Ngày thu hoạch đầu tiên", "Những sọt vải đầu mùa đã đầy từ trước lúc nắng gắt."),
    ),
    "song-thuong": (
        ("Chuyến đò chiều", "Đò về bến khi sông Thương đổi màu."),
        ("Sông Thương", "Mặt nước lặng giữ lại đường nắng dài trước giờ tắt."),
        ("Bến xưa", "Vẫn mái chèo, vẫn khúc sông, người qua lại đã khác."),
    ),
    "ho-cam-son": (
        ("Hồ Cấm Sơn mùa nước", "Nước dâng, những quả đồi hóa thành đảo."),
        ("Đảo xanh", "Một mái chèo giữa những đảo cây trên mặt hồ."),
        ("Hồ trên núi", "Nhìn từ lưng dốc, mặt hồ mở ra sau mỗi khúc quanh."),
    ),
    "cho-vai": (
        ("Phiên chợ vải Chũ", "Mái bạt nhiều màu che kín con phố nhỏ suốt mùa vải."),
        ("Chợ sớm", "Người bán đến trước, sương còn đọng trên lá vải."),
        ("Sọt đầy", "Cuối phiên, người mua vẫn còn cân nhắc giữa hai sọt vải cùng đỏ."),
    ),
    "lua-chin": (
        ("Lúa chín Tân Yên", "Bờ thửa uốn theo thế đất, mỗi thửa chín một màu."),
        ("Vàng", "Giữa vụ gặt, cánh đồng chỉ còn một màu và vài chấm nón trắng."),
        ("Sóng lúa", "Gió đổi chiều, cánh đồng đổi nếp."),
    ),
    "cau-dem": (
        ("Cầu mới qua sông Thương", "Đèn cầu soi xuống nước thành một cây cầu thứ hai."),
        ("Thành phố lên đèn", "Con đò cuối ngày đi dưới những nhịp cầu sáng."),
        ("Hai bờ", "Một nhịp cầu rút ngắn đường đi làm của nhiều gia đình."),
    ),
    "khe-ro": (
        ("Suối trong rừng Khe Rỗ", "Nắng chỉ lọt tới mặt suối vào giữa trưa."),
        ("Rừng già", "Đi ngược dòng, tiếng nước dẫn đường."),
        ("Lối nước", "Qua mùa mưa, con suối tự dọn lòng mình."),
    ),
    "nha-may": (
        ("Ca sáng ở Quang Châu", "Xe đưa đón công nhân nối nhau vào khu công nghiệp."),
        ("Những mái nhà răng cưa", "Cánh đồng cũ nay có thêm một mùa không phụ thuộc thời tiết."),
        ("Giờ đổi ca", "Người tan ca gặp người vào ca trên cùng một con đường."),
    ),
    "lang-que": (
        ("Ao làng", "Sen nở trước ngõ, mái ngói soi mình trong nước."),
        ("Sau lũy tre", "Nhìn từ bờ ao, ngôi làng vẫn như trong trí nhớ."),
        ("Hàng cau", "Mỗi nhà vài cây cau, đứng xa đã biết nhà ai."),
    ),
    "ruong-cay": (
        ("Mùa cấy", "Ruộng vừa đổ ải, mạ non vừa bén rễ."),
        ("Bạn đồng", "Con trâu đứng lại giữa ruộng, chờ người và chờ cò."),
        ("Trời dưới ruộng", "Nước phẳng, một nửa bức ảnh là bầu trời."),
    ),
    "le-hoi": (
        ("Ngày hội đình làng", "Cờ ngũ sắc dựng từ tinh mơ, sân đình đông dần theo tiếng trống."),
        ("Trống hội", "Cả làng về sân đình trong một sáng tháng Giêng."),
        ("Xuân về sân đình", "Người già kể chuyện hội xưa, trẻ nhỏ đếm cờ."),
    ),
    "doi-che": (
        ("Chè Yên Thế", "Luống chè ôm lấy đồi, sương chưa kịp tan."),
        ("Hái sớm", "Búp chè ngon nhất là búp hái trước khi nắng lên."),
        ("Vòng đồi", "Mỗi vòng chè là một vòng người đi quanh đồi."),
    ),
    "hoa-dao": (
        ("Đào vùng cao", "Cành đào trước hiên nở sớm hơn cả lịch."),
        ("Tháng Chạp Sơn Động", "Bản nhỏ nằm dưới lớp sương, hoa đã gọi tết."),
        ("Gió đầu xuân", "Vài cánh hoa rời cành khi đàn chim bay qua."),
    ),
    "suoi-mo": (
        ("Suối Mỡ", "Nước qua ba bậc đá rồi lặng lại thành vũng trong."),
        ("Thác ba tầng", "Sau mưa đầu mùa, thác đầy và tiếng nước vang tới chân núi."),
        ("Mùa nước trắng", "Đứng dưới chân thác, hơi nước mát cả buổi trưa."),
    ),
}
