"""Persons of whom stories about place names tell, with the years of their lives.

The years are those of the standard biographical handbooks; where a birth is not known exactly, the
earliest year that is in question. A story that names somebody who was born after the name was in
use cannot be its origin.
"""

from types import MappingProxyType

PERSONS = MappingProxyType(
    {
        "范蠡": (-536, -448), "勾践": (-520, -465), "项羽": (-232, -202), "严子陵": (-39, 41),
        "诸葛亮": (181, 234), "孙权": (182, 252), "王羲之": (303, 361), "谢灵运": (385, 433),
        "许询": (314, 361), "傅翕": (497, 569), "尉迟恭": (585, 658), "杨炯": (650, 693),
        "张祜": (785, 852), "钱镠": (852, 932), "董昌": (847, 896), "钱元瓘": (887, 941),
        "杨蟠": (1017, 1106), "张俊": (1086, 1154), "秦桧": (1090, 1155), "岳飞": (1103, 1142),
        "宋高宗": (1107, 1187), "陆游": (1125, 1210), "史弥远": (1164, 1233),
        "方腊": (1048, 1121),
        "文天祥": (1236, 1283), "方国珍": (1319, 1374), "朱元璋": (1328, 1398),
        "刘基": (1311, 1375), "于谦": (1398, 1457), "全祖望": (1705, 1755), "胡雪岩": (1823, 1885),
    }
)  # fmt: skip
"""First and last year of a life, by name; negative before our era."""
