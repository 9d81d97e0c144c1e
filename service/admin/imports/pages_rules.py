"""The page of all rules by which rows of lists are refused (规则一览), made from their table."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.auth.guards import staff
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.imports.rules import Rule
from service.imports.uploads.words import reword

router = staff_pages()
SECTIONS = {
    Rule.UNREADABLE: "表格和单元格",
    Rule.NO_ADDRESS: "地址文字",
    Rule.DIVISION_UNKNOWN: "区划",
    Rule.POINT_HALF: "坐标",
    Rule.CODE_WRONG: "编码与编号",
    Rule.MEETS_CHANGE: "与登记簿或其他行对不上",
}
"""The heading above a rule and those after it, in the order of the table."""


@router.get("/admin/imports/rules")
def rules(
    request: Request, member: Annotated[StaffMember, staff(Permission.ADDRESSES_WRITE)]
) -> Response:
    """Every rule under its code, with what it says of a row and what to do then."""
    sections: list[tuple[str, list[tuple[Rule, str, str]]]] = []
    for rule in Rule:
        if rule in SECTIONS:
            sections.append((SECTIONS[rule], []))
        told = reword(rule.example)
        sections[-1][1].append((rule, told.reason, told.hint))
    return show(request, member, "imports/rules.html", sections=sections, count=len(Rule))
