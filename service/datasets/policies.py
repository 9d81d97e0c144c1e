"""What a dataset may be, and the approval that each needs: always a second person's."""

from address_model.approvals import ApprovalKind
from address_model.datasets.definition import DatasetDefinition
from address_model.datasets.person_words import find_person_word
from address_model.datasets.screening import find_fields_fault
from service.core.errors import BadRequest

KIND = ApprovalKind.DATASET

APPROVAL_ABOVE = 0
"""How many datasets a day a person opens alone: none, because a field may reach the public."""

LONGEST_RETENTION = 36_500


def require_sound(definition: DatasetDefinition) -> None:
    """Refuse a definition that nobody may register.

    Raises:
        BadRequest: a field may not be, such as a public one that could hold something of a person;
            the name or the owner is missing, or the days are impossible.
    """
    if not definition.name.strip() or not definition.owner.strip():
        field = "owner" if definition.name.strip() else "name"
        raise BadRequest(f"a dataset needs its {field}", zh="请填写名称和主管单位。", field=field)
    fault = find_fields_fault(definition.fields)
    if fault is not None:
        raise BadRequest(fault.reason, hint="change the field", zh=fault.zh, field=fault.part)
    word = find_person_word(definition.name)
    if word and any(field.is_public for field in definition.fields):
        raise BadRequest(
            f"{word!r} in the name of a public dataset tells of a person",
            hint="choose another name, or make no field public",
            zh=f"名称中的“{word}”涉及个人，含公开字段的数据集不能这样命名。",
            field="name",
        )
    kept = definition.retention_days
    if kept is not None and not 1 <= kept <= LONGEST_RETENTION:
        raise BadRequest(
            f"rows are kept for 1 to {LONGEST_RETENTION} days",
            zh=f"保留天数写 1 至 {LONGEST_RETENTION}，不限的留空。",
            field="retention_days",
        )
