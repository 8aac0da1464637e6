"""Fields of forms for numbers: text that is read as people write numbers, so that no wheel changes it and no separator is lost."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from contest.core import numbers
from contest.core.display import vn_number


class NumericInput(TextInput):
    """A text control that calls for a phone's keyboard of digits."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        return super().__call__(field, **{"inputmode": "numeric", "autocomplete": "off"} | attributes)


class WholeField(IntegerField):
    """A whole number, read by `numbers.whole`."""

    widget = NumericInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a sentence when it is unclear, and then the field holds nothing."""
        if valuelist:
            self.data = None
            self.data = self.read(valuelist[0]) if valuelist[0].strip() else None

    def pre_validate(self, form: Any) -> None:
        """What is unclear is told once, without the bounds that it may keep to."""
        if self.process_errors:
            raise StopValidation()

    def read(self, text: str) -> int:
        """The number meant; raises numbers.Unclear."""
        return numbers.whole(text)


class DongField(WholeField):
    """A sum in đồng, read by `numbers.dong` and shown with its thousands apart."""

    # People write sums with words: 30 triệu.
    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return vn_number(self.data) if self.data is not None else ""

    def read(self, text: str) -> int:
        """The sum meant; raises numbers.Unclear."""
        return numbers.dong(text)
