"""Pure decisions about photographs: states, sizes, what a picture must be."""

import enum


class PhotoState(enum.StrEnum):
    """Where the making of thumbnails stands."""

    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"


SIZES = (320, 960, 1920)
