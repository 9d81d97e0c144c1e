"""The registers that can be copied."""

from collections.abc import Mapping
from types import MappingProxyType

from service.changes.events import Subject
from service.departments.snapshots.copied_register import CopiedRegister, RegisterName, columns_of

_ADDRESS = "address a join division d on d.id = a.division_id"
_AT_DOOR = (
    "(a.level not in ('unit', 'floor', 'room') "
    "and (a.level <> 'thing' or a.elements ->> 'room' is null))"
)
_SUCCESSORS = (
    "(select jsonb_agg(s.successor_code order by s.successor_code) "
    "from address_succession s where s.code = a.code)"
)
_FORMS = (
    "(select jsonb_agg(jsonb_build_object('text', f.text, 'kind', f.kind, 'year_from', "
    "f.year_from, 'year_to', f.year_to) order by f.position, f.text) "
    "from place_name_form f where f.place_name_id = p.id)"
)
_TOWNSHIPS = (
    "(select jsonb_agg(distinct t.township) from place_township t "
    "where t.place_id = p.id and t.valid_to is null and t.township <> '')"
)
_LON, _LAT = (f"round(st_{axis}(a.geom) * 1e7) / 1e7" for axis in "xy")

_REGISTERS = (
    CopiedRegister(
        RegisterName.ADDRESSES,
        "标准地址",
        f"{_ADDRESS} left join place_name p on p.id = a.place_id",
        "code",
        {Subject.ADDRESS: "code"},
        "d.code",
        columns_of(
            "a",
            "code division standard_text level status successor_code successors "
            "elements lon lat point_accuracy is_sample version",
            f"""
            code text
            division text d.code
            standard_text text
            level text
            status text
            successor_code text
            successors json {_SUCCESSORS}
            elements json
            lon number {_LON}
            lat number {_LAT}
            point_accuracy text
            is_sample boolean
            status_reason text
            parent_code text
            place text p.number
            point_note text
            point_source text
            source text
            version integer
            """,
        ),
        _AT_DOOR,
    ),
    CopiedRegister(
        RegisterName.NAMES,
        "地址名称（含曾用名）",
        f"address_name n join {_ADDRESS.replace(' a join', ' a on a.code = n.code join')}",
        "code",
        {Subject.ADDRESS: "code"},
        "d.code",
        columns_of(
            "n",
            "",
            """
            code text
            division text d.code
            kind text
            text text
            source text
            source_id text
            valid_from date
            valid_to date
            """,
        ),
        _AT_DOOR,
    ),
    CopiedRegister(
        RegisterName.IDENTIFIERS,
        "其他系统的编号",
        f"address_identifier i join {_ADDRESS.replace(' a join', ' a on a.code = i.code join')}",
        "code",
        {Subject.ADDRESS: "code"},
        "d.code",
        columns_of(
            "i",
            "",
            """
            code text
            division text d.code
            scheme text
            value text
            valid_from date
            valid_to date
            """,
        ),
        _AT_DOOR,
    ),
    CopiedRegister(
        RegisterName.PLATES,
        "门牌",
        "plate q join plate_batch b on b.id = q.batch_id "
        "left join address a on a.code = q.code left join division d on d.id = a.division_id",
        "token",
        {Subject.PLATE: "token", Subject.ADDRESS: "code"},
        "coalesce(d.code, rpad(q.county, 12, '0'))",
        columns_of(
            "q",
            "",
            """
            token text
            code text
            division text coalesce(d.code, rpad(q.county, 12, '0'))
            generation integer
            status text
            status_reason text
            replaced_by text
            printed_text text
            is_trial boolean b.is_trial
            installed_on date (q.installed_at at time zone 'Asia/Shanghai')::date
            version integer
            """,
        ),
        f"(a.code is null or {_AT_DOOR})",
    ),
    CopiedRegister(
        RegisterName.PLACES,
        "地名",
        "place_name p join division d on d.id = p.division_id",
        "number",
        {Subject.PLACE_NAME: "number"},
        "d.code",
        columns_of(
            "p",
            "number division standard_name specific generic kind kind_code "
            "place_code pinyin status is_division forms townships former_numbers "
            "source version",
            f"""
            number text
            division text d.code
            standard_name text
            specific text
            generic text
            kind text
            kind_code text
            place_code text
            pinyin text
            status text
            is_division boolean
            forms json {_FORMS}
            townships json {_TOWNSHIPS}
            former_numbers json to_jsonb(p.former_numbers)
            source text
            version integer
            """,
        ),
    ),
    CopiedRegister(
        RegisterName.DIVISIONS,
        "行政区划",
        "division d left join division u on u.id = d.parent_id",
        "code",
        {Subject.DIVISION: "code"},
        "d.code",
        columns_of(
            "d",
            "code code_system edition level name pinyin parent urban_rural "
            "valid_from valid_to version",
            """
            code text
            code_system text
            edition text
            level integer
            name text
            pinyin text
            parent text u.code
            urban_rural text
            valid_from date
            valid_to date
            version integer
            """,
        ),
    ),
    CopiedRegister(
        RegisterName.AREAS,
        "责任区",
        "(select * from area where succeeded_by is null) r "
        "left join division d on d.id = r.division_id left join area u on u.id = r.parent_id",
        "key",
        {Subject.AREA: "key"},
        "coalesce(d.code, '')",
        columns_of(
            "r",
            "key kind code name division parent is_sample valid_from valid_to version",
            """
            key text r.kind || ':' || r.code
            kind text
            code text
            name text
            division text d.code
            parent text u.kind || ':' || u.code
            is_sample boolean
            boundary text st_astext(r.geom, 7)
            valid_from date
            valid_to date
            version integer
            """,
        ),
    ),
    CopiedRegister(
        RegisterName.UNITS,
        "单位",
        "unit n left join unit u on u.id = n.parent_id",
        "number",
        {Subject.UNIT: "number"},
        "n.division",
        columns_of(
            "n",
            "number name kind division parent phone valid_from valid_to version",
            """
            number text
            name text
            kind text
            division text
            parent text u.number
            phone text
            valid_from date
            valid_to date
            version integer
            """,
        ),
    ),
)

COPIED: Mapping[RegisterName, CopiedRegister] = MappingProxyType(
    {one.name: one for one in _REGISTERS}
)
"""The registers that can be copied, by name."""
