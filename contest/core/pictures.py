"""What opening a stranger's picture may raise; the rooms that take pictures catch it and say it in their own words."""

import struct
import zlib

from PIL import Image

# What Pillow's readers raise for files that lie about themselves; MemoryError is not among them, for it may be the machine's.
LIES: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    AttributeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
