"""Fields of forms for numbers: text that is read as people write numbers, so that no wheel changes it and no separator is lost."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from contest.core import numbers
from contest.core.display import vn_number
from contest.core.forms import clean_line


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
            self.data, typed = None, clean_line(valuelist[0])
            self.data = self.read(typed) if typed else None

    def pre_validate(self, form: Any) -> None:
        """What is unclear is told once, without the bounds that it may keep to."""
        if self.process_errors:
            raise StopValidation()

    def shown(self) -> str:
        """The number that the field holds, as it is shown in it."""
        return "" if self.data is None else str(self.data)

    def _value(self) -> str:
        return clean_line(str(self.raw_data[0])) if self.raw_data else self.shown()

    def read(self, text: str) -> int:
        """The number meant; raises numbers.Unclear."""
        return numbers.whole(text)


class DongField(WholeField):
    """A sum in đồng, read by `numbers.dong` and shown with its thousands apart."""

    # People write sums with words: 30 triệu.
    widget = TextInput()

    def shown(self) -> str:
        """The sum, with its thousands apart."""
        return "" if self.data is None else vn_number(self.data)

    def read(self, text: str) -> int:
        """The sum meant; raises numbers.Unclear."""
        return numbers.dong(text)
