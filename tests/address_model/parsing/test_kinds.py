"""Kinds of input that were read wrongly once, each with several inputs of its kind."""

import pytest

from address_model.elements import standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Parse, Verdict, parse

GAZETTEER = load_gazetteer()
UPPER = "浙江省杭州市上城区"


def read(text: str) -> Parse:
    return parse(text, GAZETTEER)


def texts(text: str) -> list[str]:
    return [standard_text(plate) for plate in read(text).plates]


def assert_read_as(text: str, wanted: str) -> None:
    parsed = read(text)
    assert (parsed.verdict, texts(text)) == (Verdict.OK, [wanted])


def assert_left_to_a_person(text: str) -> None:
    parsed = read(text)
    assert parsed.verdict in (Verdict.AMBIG, Verdict.NOPLATE)


@pytest.mark.parametrize(
    "local",
    [
        "海宁广场路45号",
        "彭岙茶园路4号",
        "沥浦欣浦路42号",
        "青年宫南路66号",
        "河西北路酱坊弄52号",
        "西郊路后河巷20号",
        "东山村永安大道124号",
        "荷塘中心区松江中路955号",
        "南湖工业园康庄路7号",
        "矮柳村北10-8号",
        "杨家埭226-1号",
        "望湖中心2幢25B04室",
        "望湖中心2幢东907房间",
        "永安路5号南附楼",
        "3幢底层9号",
        "永安路人民东二巷12号",
        "永安路42号8-9室",
        "永安路42号B-3室",
        "望江苑704-2室",
        "望江苑1-1幢",
        "石门村四区56号",
        "永安路12弄阳光苑5号",
    ],
)
def test_what_the_text_says_stays_in_its_order(local: str) -> None:
    assert_read_as(f"上城区{local}", f"{UPPER}{local}")


@pytest.mark.parametrize(
    "local", ["C12B区", "3-4层", "1-3-1号地块", "永安路15号地块", "三期", "D区"]
)
def test_regions_and_parcels_are_no_plates(local: str) -> None:
    assert_left_to_a_person(f"上城区{local}")


@pytest.mark.parametrize(
    ("text", "parent", "place"),
    [
        ("上城区西郊路后河巷20号", "西郊路", "后河巷"),
        ("上城区人民路铁匠巷5号", "人民路", "铁匠巷"),
        ("上城区红星路六巷12号", "", "红星路六巷"),
        ("上城区蝶街二巷5号", "", "蝶街二巷"),
        ("上城区解放路东三巷3号", "", "解放路东三巷"),
        ("义乌市荷叶塘工业区龙山路一街8号3栋205室", "", "龙山路一街"),
    ],
)
def test_a_lane_behind_a_road_keeps_the_road(text: str, parent: str, place: str) -> None:
    (plate,) = read(text).plates
    assert (plate.parent_place, plate.thoroughfare) == (parent, place)
    assert standard_text(plate).endswith(text.partition("市")[2] or text.partition("区")[2])


@pytest.mark.parametrize(
    ("local", "wanted"),
    [
        ("永安路16号，3幢，2单元，301室", "永安路16号3幢2单元301室"),
        ("永安路16号；3号楼；9号室", "永安路16号3号楼9室"),
        ("永安路18号/2幢/501室", "永安路18号2幢501室"),
        ("永安路7号、2幢601室", "永安路7号2幢601室"),
        ("石门村，前头组5号", "石门村前头组5号"),
        ("石门村；5号", "石门村5号"),
        ("石门村-前头组-5号", "石门村前头组5号"),
        ("石门村、第三组5号", "石门村3组5号"),
    ],
)
def test_marks_between_levels_only_part_them(local: str, wanted: str) -> None:
    assert_read_as(f"杭州市上城区{local}", f"{UPPER}{wanted}")


@pytest.mark.parametrize(
    "local",
    [
        "青城·杏花苑5幢201室",
        "锦绣·琴湾3幢",
        "江岸-君悦5幢201室",
        "永安路智慧A谷C幢6楼",
        "LOFT37创意园3幢",
        "B&G中心大厦8楼",
        "K32天元商务楼3幢",
        "E-PARK智慧园区2幢",
        "1937创意园5幢",
        "月光200小区5幢201室",
    ],
)
def test_names_with_dots_letters_and_figures_stay_whole(local: str) -> None:
    assert_read_as(f"杭州市上城区{local}", f"{UPPER}{local}")


@pytest.mark.parametrize("name", ["㟃头村", "𬸘坞村", "𡸣头路", "㳇浦路", "𬭸堰路"])
def test_rare_characters_are_letters_of_a_name(name: str) -> None:
    assert_read_as(f"杭州市上城区{name}5号", f"{UPPER}{name}5号")


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("上海市普陀区永安路5号", "上海市"),
        ("上海普陀区永安路5号", "上海市"),
        ("重庆市江北区永安北路5号", "重庆市"),
        ("重庆江北区永安街道5号", "重庆市"),
        ("江西省南昌市西湖区永安路5号", "江西省"),
        ("南昌市西湖区永安路5号", "江西省"),
        ("北京市朝阳区永安路5号", "北京市"),
    ],
)
def test_province_and_city_of_the_text_count(text: str, province: str) -> None:
    parsed = read(text)
    assert (parsed.county, parsed.division) == ("", "")
    assert parsed.place.province == province


@pytest.mark.parametrize(
    "text", ["上城区翠苑街道永安路5号", "宁波市江北区横溪镇永安路5号", "杭州市滨江区江南镇5号"]
)
def test_a_county_that_the_text_names_is_never_changed_for_its_township(text: str) -> None:
    assert_left_to_a_person(text)


def test_a_township_that_a_decision_moved_is_found_under_its_old_county() -> None:
    parsed = read("杭州市余杭区临平街道永安路5号")
    assert (parsed.verdict, parsed.county) == (Verdict.OK, "330113")
    assert texts("江北区白沙路7号") == ["浙江省宁波市江北区白沙路7号"]


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("6А号", "6A号"),
        ("６Ｂ号", "6B号"),
        ("12-甲号", "12甲号"),
        ("12（乙）号", "12乙号"),
        ("12号-丙", "12丙号"),
        ("12号甲", "12甲号"),
        ("122-C号", "122C号"),
        ("12甲-1号", "12甲-1号"),
        ("12号-3", "12-3号"),
        ("12之1号", "12号之一"),
        ("北10-8号", "北10-8号"),
        ("226-1号", "226-1号"),
        ("12ー3号", "12-3号"),
        ("12ｰ3号", "12-3号"),
    ],
)
def test_a_suffix_has_one_form_and_is_never_lost(number: str, wanted: str) -> None:
    assert_read_as(f"杭州市上城区永安路{number}", f"{UPPER}永安路{wanted}")


@pytest.mark.parametrize("number", ["12bis号", "12号-15", "12乙丙丁号", "7#8#号"])
def test_a_suffix_that_is_not_understood_is_left_to_a_person(number: str) -> None:
    assert_left_to_a_person(f"杭州市上城区永安路{number}")


@pytest.mark.parametrize(
    ("text", "county", "local"),
    [
        ("杭州经济技术开发区白杨街道6号大街5号", "330114", "6号大街5号"),
        ("温州经济技术开发区海城街道永安大道5号", "330303", "永安大道5号"),
        ("金华经济技术开发区秋滨街道永安街5号", "330702", "永安街5号"),
        ("湖州南太湖新区仁皇山街道永安路5号", "330502", "永安路5号"),
        ("台州湾新区海虹街道永安路5号", "331002", "永安路5号"),
    ],
)
def test_behind_a_zone_the_township_decides(text: str, county: str, local: str) -> None:
    parsed = read(text)
    (plate,) = parsed.plates
    assert (parsed.verdict, parsed.county) == (Verdict.OK, county)
    assert plate.devzone
    assert plate.natural_village == ""
    assert standard_text(plate).endswith(plate.devzone + local)


@pytest.mark.parametrize(
    "local",
    [
        "望江苑5幢车库12号",
        "望江苑5幢阁楼",
        "望江苑12幢商铺3号",
        "望江苑12幢楼下3号",
        "永安路18号3号车库",
        "永安路18号底层商场104",
        "永安市场2幢57号仓",
        "永安路18号西起第八间",
    ],
)
def test_shops_garages_and_attics_keep_their_word(local: str) -> None:
    parsed = read(f"杭州市上城区{local}")
    assert parsed.verdict in (Verdict.OK, Verdict.AMBIG)
    if parsed.verdict is Verdict.OK:
        assert texts(f"杭州市上城区{local}")[0].startswith(f"{UPPER}{local}")


def test_a_number_behind_a_building_is_never_the_number_of_the_house() -> None:
    for local in ("望江苑5幢车库12号", "望江苑12幢商铺3号", "望江苑5幢储藏室3号", "3幢底层9号"):
        assert read(f"上城区{local}").plates[0].number is None


@pytest.mark.parametrize(
    "local",
    [
        "永安街原7号现15号",
        "永安街15号原7号",
        "永安街7号改15号",
        "永安街旧门牌7号新门牌15号",
        "永安街7号（现15号）",
        "61 鹤鸣路36弄",
    ],
)
def test_old_and_new_number_in_one_text_are_left_to_a_person(local: str) -> None:
    assert_left_to_a_person(f"杭州市上城区{local}")


@pytest.mark.parametrize(
    ("local", "wanted", "span"),
    [
        ("望江苑5-2-301", "望江苑5幢2单元301室", "5-2-301"),
        ("望江苑5幢2-301", "望江苑5幢2单元301室", "2-301"),
        ("望江苑12-201", "望江苑12幢201室", "12-201"),
        ("永安路16", "永安路16号", "16"),
    ],
)
def test_a_short_form_is_read_by_its_place_and_says_so(local: str, wanted: str, span: str) -> None:
    assert_read_as(f"杭州市上城区{local}", f"{UPPER}{wanted}")
    assert any(span in reason for reason in read(f"杭州市上城区{local}").reasons)


@pytest.mark.parametrize("local", ["石门村12-301", "石门村3-2-301", "永安路3-2-301"])
def test_where_the_kind_of_place_leaves_a_short_form_open_a_person_is_asked(local: str) -> None:
    assert_left_to_a_person(f"上城区{local}")


@pytest.mark.parametrize("name", ["壹品文化广场", "恒玖大厦", "捌角亭"])
def test_financial_numerals_stay_in_names(name: str) -> None:
    assert_read_as(f"杭州市上城区{name}3幢", f"{UPPER}{name}3幢")
    assert_read_as(f"杭州市上城区{name}叁幢", f"{UPPER}{name}3幢")
