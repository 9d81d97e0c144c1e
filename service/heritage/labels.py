"""Labels of coded values in the catalogue, marked for translation."""

from address_model.heritage.years import year_text, year_text_en
from service.core.words import Language, Words, mark

CLASSES = {
    "ancient_county": mark("千年古县"),
    "ancient_county_candidate": mark("古县"),
    "ancient_city_pilot": mark("千年古城（复兴试点）"),
    "ancient_town": mark("千年古镇"),
    "ancient_town_candidate": mark("古镇"),
    "ancient_village": mark("千年古村落"),
    "ancient_village_candidate": mark("古村落"),
    "traditional_village": mark("传统村落"),
    "street_lane": mark("街路巷"),
    "area_name": mark("区片"),
    "bridge": mark("桥梁"),
    "city_gate": mark("城门与关"),
    "historic_village": mark("历史文化名村"),
    "mountain": mark("山"),
    "water": mark("水体"),
    "temple": mark("寺观祠庙"),
    "tower": mark("塔"),
    "memorial": mark("纪念地"),
}
FAMILIES = {
    "ancient_county": "county",
    "ancient_county_candidate": "county",
    "ancient_city_pilot": "county",
    "ancient_town": "town",
    "ancient_town_candidate": "town",
    "ancient_village": "village",
    "ancient_village_candidate": "village",
    "traditional_village": "village",
    "historic_village": "village",
}
"""The colour family of each class; all others belong to ``street``."""

STATUSES = {
    "recognized": mark("已认定"),
    "reported": mark("见于报道，未见名单"),
    "shortlisted": mark("入围"),
    "not_selected": mark("未入选"),
    "pilot": mark("试点"),
    "proposed": mark("规划拟定"),
    "not_found": mark("暂未列入名录"),
}
RECOGNISED = ("recognized", "pilot")
ACCOUNTS = {
    "documented": mark("文献"),
    "genealogy": mark("谱系"),
    "legend": mark("传说"),
    "scholarly": mark("学者"),
    "unsorted": mark("异说"),
}
SUBJECTS = {
    "name": mark("现名"),
    "predecessor_name": mark("前身之名"),
    "settlement": mark("聚落"),
    "structure": mark("建筑"),
    "seat": mark("治所"),
    "unspecified": mark("所指未明"),
    "former_name": mark("曾用名与别名"),
    "origin": mark("得名之说"),
    "list_status": mark("认定"),
    "point": mark("位置"),
}
GRADES = {
    "A": mark("甲级：古书原文已核"),
    "B": mark("乙级：志书原文已核或据志书转引"),
    "C": mark("丙级：报刊、政府网页、谱牒"),
    "D": mark("丁级：网页转引或口传"),
}
FORMS = {
    "former": mark("曾用名"),
    "alias": mark("别名"),
    "variant": mark("异写"),
    "dialect": mark("方言名"),
}
PRECISIONS = {
    "year": mark("确年"),
    "reign": mark("年号内"),
    "dynasty": mark("朝代内"),
    "century": mark("世纪内"),
    "circa": mark("约"),
    "not_after": mark("不晚于此年"),
}
RELATIONS = {
    "contains": mark("包含"),
    "part_of": mark("属于"),
    "preceded_by": mark("前身"),
    "adjacent": mark("邻近"),
    "related": mark("相关"),
}
NOTES = {
    "former seat": mark("旧治"),
    "branches": mark("支巷"),
    "nearby": mark("邻近"),
    "related": mark("相关"),
    "on": mark("所在"),
    "start": mark("起点"),
    "first seat": mark("最早的治所"),
    "former seat of": mark("曾为其治所"),
    "former seat 1949": mark("1949年的治所"),
    "seat 1949": mark("1949年的治所"),
    "former seat sank here": mark("旧治沉没于此"),
    "former name of": mark("曾用名所指"),
    "shares former name": mark("旧名相同"),
    "name reused 1121-1130": mark("1121至1130年借用其名"),
    "name source": mark("得名所自"),
    "name survives": mark("地名沿用于此"),
    "derived name": mark("派生地名"),
    "bridge in town": mark("镇上的桥"),
}
"""Labels of the notes on relations that the shipped catalogue has in English."""

DYNASTIES = {
    "夏商周": mark("夏商周"),
    "春秋战国": mark("春秋战国"),
    "秦": mark("秦"),
    "汉": mark("汉"),
    "三国": mark("三国"),
    "晋": mark("晋"),
    "南北朝": mark("南北朝"),
    "隋": mark("隋"),
    "唐": mark("唐"),
    "五代": mark("五代"),
    "宋": mark("宋"),
    "元": mark("元"),
    "明": mark("明"),
    "清": mark("清"),
    "民国": mark("民国"),
    "当代": mark("当代"),
}


def family_of(heritage_class: str) -> str:
    """The CSS class of a heritage class's colour."""
    return "f-" + FAMILIES.get(heritage_class, "street")


def say_year(year: int, words: Words) -> str:
    """A year in the language of the words: 公元前222年, 222 BCE."""
    return year_text_en(year) if words.language is Language.EN else year_text(year)


def say_class(heritage_class: str, class_name: str, words: Words) -> str:
    """The label of a class; untranslated classes keep the name from the data."""
    return words(CLASSES.get(heritage_class, class_name))
