import pytest

from address_model.inspections import PlateEventKind
from service.core.errors import BadRequest
from service.plates.policies import HUNG, require_proof
from tests.factories.plates import AT_THE_DOOR, make_visit


@pytest.mark.parametrize("kind", PlateEventKind)
@pytest.mark.parametrize("needed", ["", "photo", "position", "both"])
def test_a_plate_is_recorded_as_hung_with_what_is_asked_for(
    kind: PlateEventKind, needed: str
) -> None:
    for has_photo in (True, False):
        for has_position in (True, False):
            lacks_photo = needed in ("photo", "both") and not has_photo
            lacks_position = needed in ("position", "both") and not has_position
            photo, point = (
                "photos/x.jpg" if has_photo else "",
                AT_THE_DOOR if has_position else None,
            )
            visit = make_visit(point, photo=photo)
            if kind in HUNG and (lacks_photo or lacks_position):
                with pytest.raises(BadRequest) as refused:
                    require_proof(kind, visit, needed)
                assert refused.value.field == ("photo" if lacks_photo else "lon")
            else:
                require_proof(kind, visit, needed)
