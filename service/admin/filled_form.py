"""A form of a page filled in again with what was sent, and what is wrong said at its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from service.admin.outdated import SAW_FIELD, SEEN_FIELD

Attributes = Sequence[tuple[str, str | None]]
_KEPT = ("hidden", "password", "file", "submit", "button")
"""Inputs that stay as the page has them: tokens are new, secrets are not repeated."""
_SEEN = (SEEN_FIELD, SAW_FIELD)
"""Hidden, and yet as sent: what was typed is about the version that the person saw."""
CHOOSE_FILE = "文件请重新选择。"


@dataclass
class FoundForm:
    """A form as it stands in the page: its place among the tags, and what it holds."""

    start: int
    around: list[int]
    """The places of the folded parts (``details``) that it lies in."""
    hidden: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    has_file: bool = False


class _Reader(HTMLParser):
    """Finds the forms that are sent to a path."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self._action = action
        self._place = -1
        self._folded: list[int] = []
        self._form: FoundForm | None = None
        self._label = ""
        self.found: list[FoundForm] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._place += 1
        given = {name: value or "" for name, value in attrs}
        if tag == "details":
            self._folded.append(self._place)
        if tag == "form" and given.get("action", "").partition("#")[0] == self._action:
            self._form = FoundForm(self._place, list(self._folded))
            self.found.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "label":
            self._label = given.get("for", "")
        elif tag == "input" and given.get("type") == "hidden":
            self._form.hidden[name] = given.get("value", "")
        elif tag in ("input", "select", "textarea") and name:
            self._form.fields.add(name)
            self._form.has_file |= given.get("type") == "file"
            if tag == "select" or given.get("type") in ("radio", "checkbox"):
                self._form.choices.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "label":
            self._label = ""
        elif tag == "details" and self._folded:
            self._folded.pop()

    def handle_data(self, data: str) -> None:
        if self._form and self._label and data.strip():
            self._form.labels.setdefault(self._label, data.strip())


def find_form(page: str, action: str, sent: Mapping[str, Sequence[str]]) -> FoundForm | None:
    """The form that was sent to a path: of several the one with the same fixed values."""
    reader = _Reader(action)
    reader.feed(page)
    scores = [
        (sum(sent.get(name) == [value] for name, value in form.hidden.items()), -place, form)
        for place, form in enumerate(reader.found)
    ]
    return max(scores, key=lambda score: score[:2])[2] if scores else None


class _Writer(HTMLParser):
    """Copies the page; in the form it fills in what was sent and says what is wrong."""

    def __init__(
        self,
        form: FoundForm,
        sent: Mapping[str, Sequence[str]],
        fault: str,
        faults: Mapping[str, str],
    ) -> None:
        super().__init__(convert_charrefs=False)
        self._form, self._sent, self._fault, self._faults = form, sent, fault, faults
        self._place = -1
        self._is_inside = False
        self._select: Sequence[str] | None = None
        self._is_replaced = False
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._place += 1
        given = dict(attrs)
        if self._place in self._form.around or (self._is_inside and tag == "details"):
            given["open"] = ""
        name = given.get("name") or ""
        if self._is_inside and tag in ("input", "select", "textarea"):
            if name in self._faults and given.get("type") != "hidden":
                self._say_fault(name, given)
            is_seen = name in _SEEN and SEEN_FIELD not in self._faults
            if name in self._sent and (is_seen or given.get("type") not in _KEPT):
                self._fill(tag, given, self._sent[name])
            elif given.get("type") == "checkbox":
                given.pop("checked", None)
        if tag == "option" and self._select is not None:
            given.pop("selected", None)
            if given.get("value") in self._select:
                given["selected"] = ""
        unchanged = given == dict(attrs)
        self.pieces.append(self.get_starttag_text() or "" if unchanged else _written(tag, given))
        if self._place == self._form.start:
            self._is_inside = True
            self.pieces.append(f'<p class="problem" role="alert">{escape(self._fault)}</p>')
        elif self._is_replaced:
            self.pieces.append(escape("\n" + self._sent[name][0]))

    handle_startendtag = handle_starttag

    def _say_fault(self, name: str, given: dict[str, str | None]) -> None:
        if f"{name}-fault" not in (given.get("aria-describedby") or ""):
            known = given.get("aria-describedby") or ""
            given |= {"aria-invalid": "true", "aria-describedby": f"{name}-fault {known}".strip()}
        text = self._faults[name]
        if f'id="{name}-fault"' not in "".join(self.pieces[-200:]):
            self.pieces.append(
                f'<small class="wrong" id="{escape(name)}-fault">{escape(text)}</small>'
            )

    def _fill(self, tag: str, given: dict[str, str | None], values: Sequence[str]) -> None:
        if tag == "select":
            self._select = values
        elif tag == "textarea":
            self._is_replaced = True
        elif given.get("type") in ("checkbox", "radio"):
            given.pop("checked", None)
            if (given.get("value") or "on") in values:
                given["checked"] = ""
        else:
            given["value"] = values[0]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._is_replaced = False
        self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._is_replaced:
            self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")


def _written(tag: str, given: Mapping[str, str | None]) -> str:
    parts = [
        name
        if value is None or (not value and name in ("open", "checked", "selected"))
        else f'{name}="{escape(value)}"'
        for name, value in given.items()
    ]
    return f"<{' '.join([tag, *parts])}>"


def fill_form(
    page: str,
    form: FoundForm,
    sent: Mapping[str, Sequence[str]],
    fault: str,
    faults: Mapping[str, str],
) -> str:
    """The page with the form filled in again.

    ``fault`` is said at its head, ``faults`` at their fields. Passwords and files are not repeated.
    """
    said = f"{fault}{CHOOSE_FILE}" if form.has_file else fault
    writer = _Writer(form, sent, said, faults)
    writer.feed(page)
    writer.close()
    return "".join(writer.pieces)
