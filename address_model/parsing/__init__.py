"""Reads an address text: its elements with spans, the plates it names, and a verdict."""

import re

from address_model.gazetteer import Gazetteer
from address_model.normal_form import NormalStep, normalise
from address_model.parsing.assembly import assemble
from address_model.parsing.draft import Draft
from address_model.parsing.outside import find_outside
from address_model.parsing.result import LEVELS, Element, Parse, Verdict
from address_model.parsing.rules.order import FIRST, Rule, rules_for
from address_model.parsing.templates import form_of, templates_of
from address_model.things import find_thing, kind_of

READ_CHARACTERS = 240
"""Of 72,747 real addresses the longest has 79; longer is no address, and time needs a bound."""

_SEVERAL = re.compile(r"[0-9A-Za-z号][-、,./;~&和及与至到]$")
"""What stands before the last of several things: 12、13号路灯."""

__all__ = [
    "LEVELS",
    "Element",
    "NormalStep",
    "Parse",
    "Verdict",
    "find_outside",
    "parse",
    "parse_anew",
]


def parse(text: str, gazetteer: Gazetteer, *, explain: bool = False) -> Parse:
    """Read an address text. Never raises.

    Args:
        text: any string; spans count its code points.
        gazetteer: what divisions there are, see ``address_model.gazetteer.load_gazetteer``.
        explain: also record in ``steps`` what each rule did.
    """
    form = "" if explain else form_of(text)
    if not form:
        return parse_anew(text, gazetteer, explain=explain)
    templates = templates_of(gazetteer)
    known = templates.find(form, text)
    if known is not None:
        return known
    reading = parse_anew(text, gazetteer)
    templates.remember(form, reading)
    return reading


def parse_anew(text: str, gazetteer: Gazetteer, *, explain: bool = False) -> Parse:
    """Read a text as ``parse`` does, whatever texts of its form were read before."""
    normal = normalise(text)
    thing = find_thing(normal.text)
    read = normal.text if thing is None else normal.text[: thing[0]]
    draft = Draft(normal, gazetteer, read[:READ_CHARACTERS])
    if len(normal.text) > READ_CHARACTERS:
        draft.doubts.append(f"only the first {READ_CHARACTERS} characters were read")
    steps = list(normal.steps)
    effects = steps if explain else None
    _read(draft, FIRST, effects)
    draft.see_signs()
    _read(draft, rules_for(draft.signs), effects)
    if len(read) > READ_CHARACTERS:
        draft.claim("other", READ_CHARACTERS, len(read))
    if thing is not None:
        draft.claim("thing", thing[0], len(normal.text), thing[1])
        if _SEVERAL.search(read):
            draft.doubts.append("several things in one field")
        if kind_of(thing[1]).needs_number and not thing[1].number:
            draft.doubts.append(f"{thing[1].quantifier}没有编号")
    return assemble(draft, steps)


def _read(
    draft: Draft, rules: tuple[tuple[str, Rule], ...], effects: list[NormalStep] | None
) -> None:
    """Have some rules read a draft, and write down the effect of each if that is wanted."""
    if effects is None:
        for _, rule in rules:
            rule(draft)
        return
    for name, rule in rules:
        before = len(draft.claims)
        rule(draft)
        if len(draft.claims) != before:
            claims = draft.claims[before:]
            effect = ", ".join(f"{c.level} {draft.text[c.start : c.end]}" for c in claims)
            effects.append(NormalStep(name, effect))
