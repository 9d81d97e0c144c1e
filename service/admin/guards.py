"""What a request of the desk is limited to, as its fields say."""

from typing import Annotated

from fastapi import Depends, Request

from service.admin.scope import pick_division


async def _sent_division(request: Request) -> str:
    sent = request.query_params.getlist("division")
    if request.method == "POST":
        form = await request.form()
        sent = [value for value in form.getlist("division") if isinstance(value, str)]
    return pick_division(sent)


PickedDivision = Annotated[str, Depends(_sent_division)]
"""The division of a request, from the fields of a pick list or one field; "" if none is sent."""
