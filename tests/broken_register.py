"""What must never be found in a register, whatever was done at once."""

from sqlalchemy import text

from service.core.database import Session

BROKEN = {
    "an address is linked to an area that has ended": text(
        "select l.code from address_area l join area r on r.id = l.area_id "
        "where r.valid_to < (now() at time zone 'Asia/Shanghai')::date"
    ),
    "an ended address owns a text": text(
        "select a.code from address a join address_name n on n.code = a.code "
        "where a.status in ('replaced', 'retired', 'invalid') and n.kind = 'standard' "
        "and n.valid_to is null"
    ),
    "two addresses own one text": text(
        "select key from address_name where kind = 'standard' and valid_to is null "
        "group by key having count(*) > 1"
    ),
    "a door has two plates that are not to be replaced": text(
        "select code from plate where status not in ('replaced', 'void') and generation > 0 "
        "and replaced_by is null group by code having count(*) > 1"
    ),
    "a plate of an ended address is still to be made or hung": text(
        "select p.token from plate p join address a on a.code = p.code "
        "where a.status in ('replaced', 'retired', 'invalid') and p.status = 'to_make'"
    ),
    "an ended address has open work but taking its plate down": text(
        "select w.id from work_item w join address a on a.code = w.code "
        "where a.status in ('replaced', 'retired', 'invalid') and w.state = 'open' "
        "and w.kind <> 'take_down'"
    ),
    "an address stands in two open batches": text(
        "select i.code from plate_batch_item i join plate_batch b on b.id = i.batch_id "
        "where b.status in ('draft', 'awaiting_approval', 'approved', 'running') "
        "and i.left_out = '' group by i.code having count(*) > 1"
    ),
    "a street is two places": text(
        "select county, folded from place_township where valid_to is null "
        "group by county, folded, kind, township, qualifier having count(distinct place_id) > 1"
    ),
}


def find_broken(session: Session) -> list[str]:
    """What is broken in the register, with a first example."""
    found = []
    for what, statement in BROKEN.items():
        example = session.execute(statement).first()
        if example is not None:
            found.append(f"{what}: {example[0]}")
    return found
