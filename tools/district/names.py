"""Made-up names for tools/make_district.py. None belongs to a real building, road or group of Qingdao."""

Name = tuple[str, str]
HEADING = "# Made by tools/make_district.py. Every name and number is fictional; change the tool, not this file."

SEA: Name = ("澜湾", "Lan Bay")
OPEN: dict[str, Name] = {
    "P": ("望礁公园", "Wangjiao Park"),
    "H": ("石屿山", "Shiyu Hill"),
    "S": ("东站", "East Station"),
}
CROSS_ROADS: dict[int, Name] = {
    0: ("云帆路", "Yunfan Road"),
    1: ("澄波路", "Chengbo Road"),
    2: ("听潮大道", "Tingchao Avenue"),
    3: ("汀兰路", "Tinglan Road"),
    4: ("石屿路", "Shiyu Road"),
}
ROADS: dict[int, Name] = {
    1: ("望礁路", "Wangjiao Road"),
    3: ("观澜大道", "Guanlan Avenue"),
    5: ("鸣沙路", "Mingsha Road"),
}
DOORS: dict[str, Name] = {
    "north": ("北门", "North door"),
    "east": ("东门", "East door"),
    "south": ("南门", "South door"),
    "west": ("西门", "West door"),
}

_ROW_ROADS: list[Name] = [
    ("云帆路", "Yunfan Road"), ("澄波路", "Chengbo Road"), ("听潮大道", "Tingchao Avenue"),
    ("汀兰路", "Tinglan Road"), ("石屿路", "Shiyu Road"), ("望礁路", "Wangjiao Road"),
]  # fmt: skip
_SORTS: list[Name] = [
    ("商务组", "offices"), ("创新园组", "innovation park"), ("金融组", "finance"), ("公寓组", "apartments"),
    ("文创组", "studios"), ("酒店组", "hotels"), ("科技组", "technology"), ("贸易组", "trade"),
]  # fmt: skip
_FIRST_OF_ROW = (0, 8, 15, 21, 28, 34, 37)  # how many groups stand in the rows above

_STEMS: list[Name] = [
    ("海琴", "Haiqin"), ("听潮", "Tingchao"), ("云帆", "Yunfan"), ("石屿", "Shiyu"), ("观澜", "Guanlan"),
    ("澄波", "Chengbo"), ("望礁", "Wangjiao"), ("鸣沙", "Mingsha"), ("汀兰", "Tinglan"), ("归舟", "Guizhou"),
    ("鸥影", "Ouying"), ("潮信", "Chaoxin"), ("沧浪", "Canglang"), ("苇岸", "Wei'an"), ("渔灯", "Yudeng"),
    ("晴岚", "Qinglan"), ("揽月", "Lanyue"), ("星槎", "Xingcha"), ("拾贝", "Shibei"), ("蓝屿", "Lanyu"),
    ("碧汀", "Biting"), ("白帆", "Baifan"), ("霁海", "Jihai"), ("远岫", "Yuanxiu"), ("松涛", "Songtao"),
    ("枕浪", "Zhenlang"), ("泊云", "Boyun"), ("映海", "Yinghai"), ("朝汐", "Zhaoxi"), ("晚汐", "Wanxi"),
    ("千帆", "Qianfan"), ("叠浪", "Dielang"), ("弦月", "Xianyue"), ("鹭洲", "Luzhou"), ("鲸歌", "Jingge"),
    ("珊影", "Shanying"), ("螺洲", "Luozhou"), ("砚海", "Yanhai"), ("青屿", "Qingyu"), ("渡鸥", "Du'ou"),
    ("漱石", "Shushi"), ("踏浪", "Talang"), ("云栈", "Yunzhan"), ("岚汀", "Lanting"), ("潮生", "Chaosheng"),
    ("帆影", "Fanying"), ("沙鸥", "Sha'ou"), ("星汐", "Xingxi"), ("棠岸", "Tang'an"), ("竹屿", "Zhuyu"),
]  # fmt: skip
_BLOCKS: list[Name] = [
    ("广场 A 座", "Plaza, block A"),
    ("广场 B 座", "Plaza, block B"),
    ("广场 C 座", "Plaza, block C"),
]
_SINGLE: list[Name] = [
    ("大厦", "Tower"),
    ("中心", "Centre"),
    ("金座", "House"),
    ("里", "Court"),
    ("国际", "International"),
]


def words(name: Name) -> dict[str, str]:
    """Both languages, as GeoJSON properties hold them."""
    return {"zh-Hans": name[0], "en": name[1]}


def flow(name: Name) -> str:
    """Both languages, as a line of YAML holds them."""
    return f'{{zh-Hans: {name[0]}, en: "{name[1]}"}}'


def group(number: int, row: int) -> Name:
    """The name of a group: the road it lies on and what it mostly holds; no two share one."""
    road, sort = _ROW_ROADS[row], _SORTS[(number - 1 - _FIRST_OF_ROW[row] + row * 3) % len(_SORTS)]
    return (road[0] + sort[0], f"{road[1]} {sort[1]}")


def building(number: int, index: int) -> Name:
    """The name of a building. Every third group is one plaza in three blocks; the others hold three houses."""
    if number % 3 == 1:
        stem, end = _STEMS[number // 3], _BLOCKS[index]
    else:
        serial = (number - 1 - (number + 1) // 3) * 3 + index  # among the houses
        stem, end = _STEMS[(serial * 7) % len(_STEMS)], _SINGLE[(serial + serial // len(_STEMS)) % len(_SINGLE)]
    return (stem[0] + end[0], f"{stem[1]} {end[1]}")
