"""What a request of the desk is limited to, as its fields say."""

from typing import Annotated

from fastapi import Depends, Request

from service.admin.scope import pick_division
from service.auth.guards import FORM_FIELD

STEP_FIELD = "step"
LOOK = "look"
"""The field of a form, and its value, by which only what would follow is shown."""


async def _sent_division(request: Request) -> str:
    sent = request.query_params.getlist("division")
    if request.method == "POST":
        form = await request.form()
        sent = [value for value in form.getlist("division") if isinstance(value, str)]
    return pick_division(sent)


PickedDivision = Annotated[str, Depends(_sent_division)]
"""The division of a request, from the fields of a pick list or one field; "" if none is sent."""


async def sent_fields(request: Request) -> tuple[tuple[str, str], ...]:
    """The fields of a sent form without its token and its step."""
    form = await request.form()
    own = (FORM_FIELD, STEP_FIELD)
    return tuple(
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in own
    )


SentFields = Annotated[tuple[tuple[str, str], ...], Depends(sent_fields)]
"""The fields of a sent form, without its token, for a page that asks to confirm it."""
