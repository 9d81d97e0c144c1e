"""Finds what tells of a person in labels and in words of a choice: person words, and names.

It refuses too much rather than too little: an officer can choose another word.
"""

import re
from typing import Final

_CHINESE: Final = re.split(
    r"\s+",
    "姓名 名字 户主 业主 房主 房东 机主 车主 租客 租户 租赁人 承租人 出租人 产权人 所有权人 权利人 "
    "使用人 居住人 经营者 联系人 负责人 责任人 法人 法定代表 经办人 监护人 当事人 被保险人 收件人 "
    "居民 住户 常住 人口 家庭成员 老人 老年人 儿童 学生 残疾 低保 低收入 困难 失独 孤寡 独居 空巢 "
    "患者 病人 疾病 病史 健康 疫苗 孕 信访 涉毒 刑满 矫正 精神 "
    "电话 手机 联系方式 传真 微信 邮箱 QQ 账号 密码 银行卡 "
    "身份证 证件号 护照 户口 户籍 社保 医保 性别 年龄 生日 出生 民族 籍贯 国籍 婚姻 婚否 学历 职业 "
    "收入 宗教 党员 政治面貌 车牌 指纹 人脸 照片",
)
_ENGLISH: Final = frozenset(
    re.split(
        r"\s+",
        "name names surname person persons people owner owners tenant tenants landlord holder "
        "householder resident residents occupant occupants contact contacts phone telephone tel "
        "mobile cell fax email mail wechat qq id idcard identity passport gender sex age birth "
        "birthday born ethnicity nation nationality marriage married religion income job salary "
        "patient patients disease health disability disabled elderly child children student "
        "driver account password photo face fingerprint hukou population household",
    )
)
_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
    "易常武乔贺赖龚文俞楼章施陶翁祝童裘应屠褚骆诸"
)
_COMPOUND: Final = (
    "欧阳",
    "司马",
    "诸葛",
    "上官",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
)
_THINGS: Final = frozenset(
    "层级类型式路房屋楼区库厂店院校馆站所场室厅墙砖瓦材料用号色物品桥寺庙祠塔证照牌梯地属融形化业"
)
"""Last characters of words for things, and hardly of a given name."""

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


def find_person_word(text: str) -> str:
    """The first person word in a label (业主, 联系电话, owner_name); "" if there is none."""
    for word in _CHINESE:
        if word in text:
            return word
    parts = re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower())
    return next((part for part in parts if part in _ENGLISH), "")


def looks_like_name(word: str) -> bool:
    """Whether a word may be a person's name: a frequent surname, and one or two characters.

    高层 and 金属 begin with surnames too, and end as no name does.
    """
    if not _HAN.fullmatch(word):
        return False
    if word.startswith(_COMPOUND):
        return 3 <= len(word) <= 4
    return 2 <= len(word) <= 3 and word[0] in _SURNAMES and word[-1] not in _THINGS
