"""What Enter in a field of a page presses, as HTML has it: the first submit button of the field's form, and whether that is meant.

A form that writes says it in one of two ways: its first submit button goes nowhere (`no_enter()` of templates/components/enter.html), or bears data-enter.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

NOWHERE = "/o-lai"
# Enter in these writes a line, opens a chooser or presses the control itself.
SENDS_NOTHING = ("hidden", "submit", "button", "reset", "image", "file")


def faults(root: Element) -> list[str]:
    """The forms of a page in which Enter presses a button that was not meant for it."""
    wrong = []
    for form in root.iter("form"):
        controls = list(controls_of(root, form))
        first = next((control for control in controls if is_submit(control)), None)
        if form.get("method", "get").lower() == "get" or first is None or not any(map(takes_enter, controls)):
            continue
        if not (first.get("data-enter") is not None or goes_nowhere(first)):
            words = " ".join("".join(first.itertext()).split())
            wrong.append(f"Enter in a field of the form to {form.get('action') or 'its own page'} presses {words!r}")
    return wrong


def controls_of(root: Element, form: Element) -> Iterator[Element]:
    """Everything that belongs to a form, in the order of the page: inside it, or elsewhere and naming it."""
    inside = {id(element) for element in form.iter()}
    for element in root.iter():
        owner = element.get("form") if isinstance(element.tag, str) else None
        if element.tag in ("input", "select", "textarea", "button") and (
            owner == form.get("id") if owner is not None else id(element) in inside
        ):
            yield element


def is_submit(control: Element) -> bool:
    """Whether pressing it sends its form."""
    if control.tag == "button":
        return control.get("type", "submit") == "submit"
    return control.tag == "input" and control.get("type") in ("submit", "image")


def takes_enter(control: Element) -> bool:
    """Whether Enter in it sends its form; some browsers do so in boxes and lists too."""
    return control.tag == "select" or (control.tag == "input" and control.get("type") not in SENDS_NOTHING)


def goes_nowhere(button: Element) -> bool:
    """Whether it is the button of `no_enter()`."""
    return (
        button.get("formaction") == NOWHERE
        and button.get("formmethod") == "post"
        and button.get("formnovalidate") is not None
    )
