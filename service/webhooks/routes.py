"""The API of webhooks: a program says where changes are sent to, and sees what became of it."""

from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.status import HTTP_201_CREATED, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from service.auth.grants import Program
from service.auth.guards import granted
from service.auth.permissions import Permission
from service.core.clock import now_utc
from service.core.database import LARGEST_NUMBER
from service.core.errors import BadRequest, ConditionMissing, Conflict, NotAllowed, Outdated
from service.core.etags import read_if_match
from service.core.fields import Number, page_size
from service.core.paging import link_next, page_of
from service.core.problems import raises
from service.core.web import (
    IfMatch,
    ReadSession,
    TaggedRoute,
    WriteSession,
    note_version,
    settings_of,
)
from service.webhooks import commands
from service.webhooks.hook_secret import get_hook_keys
from service.webhooks.queries import (
    DeliveryNotFound,
    WebhookNotFound,
    get_hook,
    list_deliveries,
    list_hooks_of,
)
from service.webhooks.schemas import (
    DeliveryOut,
    DeliveryQueued,
    HookChange,
    HookIn,
    HookMade,
    HookOut,
    SecretMade,
)
from service.webhooks.states import DeliveryState, HookState
from service.webhooks.targets import Reach, TargetRefused

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=TaggedRoute)
Following = Annotated[Program, granted(Permission.CHANGES_READ)]
HookNumber = Annotated[Number, Path(description="The number of the webhook.")]
DeliveryNumber = Annotated[Number, Path(description="The number of the delivery.")]
ONE = "/{number}"


@router.get("", operation_id="listWebhooks")
def list_webhooks(session: ReadSession, program: Following) -> list[HookOut]:
    """The webhooks of the calling program."""
    return [HookOut.of(row) for row in list_hooks_of(session, program.id)]


@router.post(
    "",
    operation_id="createWebhook",
    status_code=HTTP_201_CREATED,
    responses=raises(TargetRefused, BadRequest, NotAllowed, Conflict),
)
def create_webhook(
    request: Request, session: WriteSession, program: Following, body: HookIn
) -> HookMade:
    """Register a webhook; it is told of changes from now on. Its secret is shown this once.

    Sent again, it is a conflict that names the webhook there is.
    """
    settings = settings_of(request)
    reach, keys = Reach.of(settings.webhook_networks), get_hook_keys(settings)
    number, secret = commands.create_hook(session, program, body.to_draft(), reach, keys)
    return HookMade(webhook=HookOut.of(get_hook(session, number)), secret=secret)


@router.get(ONE, operation_id="getWebhook", responses=raises(WebhookNotFound))
def get_webhook(
    request: Request, session: ReadSession, program: Following, number: HookNumber
) -> HookOut:
    """One webhook and how far it is."""
    found = get_hook(session, number, client_id=program.id)
    note_version(request, found.version)
    return HookOut.of(found)


@router.patch(
    ONE,
    operation_id="changeWebhook",
    responses=raises(
        *(WebhookNotFound, TargetRefused, BadRequest, NotAllowed, Outdated, ConditionMissing)
    ),
)
def change_webhook(
    *,
    request: Request,
    session: WriteSession,
    program: Following,
    number: HookNumber,
    body: HookChange,
    if_match: IfMatch = None,
) -> HookOut:
    """Change what a webhook is told of, or where; pause it, or let it go on."""
    seen = read_if_match(if_match, needed=True)
    held = get_hook(session, number, client_id=program.id)
    draft = body.to_draft(held)
    if draft is not None:
        reach = Reach.of(settings_of(request).webhook_networks)
        commands.change_hook(session, program, number, draft, reach, seen=seen)
        seen = None  # raised by ourselves, in this transaction
    if body.state is not None:
        state = HookState(body.state)
        commands.set_hook_state(session, held, state, program.actor, seen=seen)
    now_held = get_hook(session, number)
    note_version(request, now_held.version)
    return HookOut.of(now_held)


@router.delete(
    ONE,
    operation_id="removeWebhook",
    status_code=HTTP_204_NO_CONTENT,
    responses=raises(WebhookNotFound, Outdated, ConditionMissing),
)
def remove_webhook(
    session: WriteSession, program: Following, number: HookNumber, if_match: IfMatch = None
) -> None:
    """Remove a webhook with all its deliveries."""
    seen = read_if_match(if_match, needed=True)
    commands.remove_hook(session, program, number, seen=seen)


@router.post(
    ONE + "/secrets",
    operation_id="renewWebhookSecret",
    status_code=HTTP_201_CREATED,
    responses=raises(WebhookNotFound, Conflict, Outdated, ConditionMissing),
)
def renew_webhook_secret(
    *,
    request: Request,
    session: WriteSession,
    program: Following,
    number: HookNumber,
    if_match: IfMatch = None,
) -> SecretMade:
    """Give a webhook a new secret; for a day the former one signs too."""
    seen = read_if_match(if_match, needed=True)
    keys = get_hook_keys(settings_of(request))
    secret, until = commands.renew_secret(session, program, number, keys, now_utc(), seen=seen)
    return SecretMade(secret=secret, former_until=until)


@router.post(
    ONE + "/ping",
    operation_id="pingWebhook",
    status_code=HTTP_202_ACCEPTED,
    responses=raises(WebhookNotFound, Conflict),
)
def ping_webhook(session: WriteSession, program: Following, number: HookNumber) -> DeliveryQueued:
    """Send a message without changes, once, to try a webhook; see what became of it in its list."""
    return DeliveryQueued(delivery=commands.ping_hook(session, program, number))


@router.get(
    ONE + "/deliveries", operation_id="listWebhookDeliveries", responses=raises(WebhookNotFound)
)
def list_webhook_deliveries(
    *,
    request: Request,
    response: Response,
    session: ReadSession,
    program: Following,
    number: HookNumber,
    state: Annotated[
        DeliveryState | None,
        Query(description="Only deliveries in this state.", examples=["dead"]),
    ] = None,
    before: Annotated[
        int,
        Query(
            ge=0,
            le=LARGEST_NUMBER,
            description="Only deliveries with a smaller number; 0: from the newest.",
            examples=[17],
        ),
    ] = 0,
    limit: Annotated[int, page_size(200)] = 50,
) -> list[DeliveryOut]:
    """The messages of a webhook, newest first; delivered ones are kept for a month."""
    get_hook(session, number, client_id=program.id)
    found = list_deliveries(session, number, state=state or "", before=before, limit=limit + 1)
    rows, following = page_of(found, limit, attrgetter("id"))
    link_next(request, response, before=following)
    return [DeliveryOut.of(row) for row in rows]


@router.post(
    ONE + "/deliveries/{delivery}/redeliver",
    operation_id="redeliverWebhook",
    status_code=HTTP_202_ACCEPTED,
    responses=raises(WebhookNotFound, DeliveryNotFound, Conflict),
)
def redeliver_webhook(
    session: WriteSession, program: Following, number: HookNumber, delivery: DeliveryNumber
) -> DeliveryQueued:
    """Send a message once more, with what the program may be told of it now."""
    held = get_hook(session, number, client_id=program.id)
    commands.redeliver(session, held, delivery, program.actor, seen=None)
    return DeliveryQueued(delivery=delivery)
