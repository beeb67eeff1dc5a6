"""Eight people, eight doors, one day: whom a visitor of the demonstration may be."""

from dataclasses import dataclass

from kaimen.packs import Words
from kaimen.register.models import Account


class UnknownPersona(LookupError):
    """No door of this name."""


class NotThereYet(LookupError):
    """The sample has not made this persona yet."""


@dataclass(frozen=True)
class Door:
    """One door of the row: when it opens, who stands behind it, what they ask."""

    slug: str
    time: str
    title: Words
    line: Words  # the question of that hour
    links: Words  # what there is to see
    opens: str  # URL name of the page they would open first
    ajar: float  # how far the leaf stands open, 0 … 1
    role: str  # of the post behind the door (roles.yaml)


DOORS: tuple[Door, ...] = (
    Door(
        "district-commander", "07:30",
        Words("区指挥员", "District commander"),
        Words("开门了，人回来了多少", "Doors open: how many are back?"),
        Words("作战图 · 大屏 · 两个率", "Board · wall · two rates"),
        "board:now", 0.30, "district-commander",
    ),
    Door(
        "guard", "08:12",
        Words("门岗", "Guard"),
        Words("扫一个码，两秒有结果", "Scan a code, an answer in two seconds"),
        Words("扫码 · 离线 · 转前台", "Scan · offline · to the desk"),
        "gate:gates", 0.80, "guard",
    ),
    Door(
        "resident", "08:30",
        Words("员工", "Employee"),
        Words("我为什么是黄的", "Why am I yellow?"),
        Words("通行码 · 回执 · 申诉", "Pass · receipt · appeal"),
        "status:own-colour", 0.55, "resident",
    ),
    Door(
        "building-manager", "09:30",
        Words("物业", "Building manager"),
        Words("楼里现在有多少人", "How many are in my building?"),
        Words("楼宇 · 名单 · 通行记录", "Building · list · entries"),
        "board:now", 0.50, "building-manager",
    ),
    Door(
        "grid-officer", "11:00",
        Words("网格员", "Grid officer"),
        Words("哪几家还没回来", "Which firms are not back yet?"),
        Words("作战图 · 楼宇 · 企业", "Board · buildings · firms"),
        "board:now", 0.60, "grid-officer",
    ),
    Door(
        "counter-officer", "14:00",
        Words("窗口工作人员", "Counter officer"),
        Words("没有手机，也发一张卡", "No phone? A card, then"),
        Words("登记 · 查找 · 打印卡片", "Register · find · print a card"),
        "register:counter", 0.65, "counter-officer",
    ),
    Door(
        "company-clerk", "14:40",
        Words("企业专员", "Company clerk"),
        Words("明天谁来，有变化才改", "Who comes tomorrow? Only changes"),
        Words("名单 · 导入员工表", "List · import a spreadsheet"),
        "gate:roster", 0.60, "company-clerk",
    ),
    Door(
        "auditor", "16:00",
        Words("审计员", "Auditor"),
        Words("每个数背后是哪些记录", "Which rows stand behind a number?"),
        Words("企业名单 · 谁看过档案", "Firms · who looked"),
        "board:firms", 0.40, "auditor",
    ),
)  # fmt: skip

# Offices behind the street: who signs, who answers, who keeps the rules. Not doors of the day, so not in its row.
OFFICES: tuple[Door, ...] = (
    Door(
        "source-officer", "08:00",
        Words("依据来源人员", "Evidence officer"),
        Words("我签的字，算一条依据", "What I sign is evidence"),
        Words("出具依据 · 会签 · 撤回", "Sign · countersign · withdraw"),
        "status:evidence", 0.5, "source-officer",
    ),
    Door(
        "appeal-reviewer", "09:00",
        Words("申诉复核员", "Appeal reviewer"),
        Words("24 小时内必须答复", "An answer within 24 hours"),
        Words("申诉 · 纠错", "Appeals · corrections"),
        "status:appeals", 0.5, "appeal-reviewer",
    ),
    Door(
        "rule-keeper", "10:00",
        Words("规则管理员", "Rule keeper"),
        Words("两人签字，规则才生效", "Two sign before a rule holds"),
        Words("来源 · 规则 · 签字", "Sources · rules · signatures"),
        "status:authorities", 0.5, "rule-keeper",
    ),
    Door(
        "health-officer", "08:20",
        Words("卫健部门值班员", "Health officer"),
        Words("门口有人发热，谁去接", "A fever at a door: who goes?"),
        Words("急办 · 转诊 · 办结", "At once · referral · closed"),
        "incidents:desk", 0.5, "health-officer",
    ),
    Door(
        "response-team", "08:40",
        Words("处置组", "Response team"),
        Words("有人说被无故阻拦", "Somebody says: refused without reason"),
        Words("急办 · 异议 · 答复", "At once · disputes · answers"),
        "incidents:desk", 0.5, "response-team",
    ),
    Door(
        "community-officer", "08:50",
        Words("社区工作人员", "Community officer"),
        Words("一万户，一户一卡", "Ten thousand households, a card each"),
        Words("小区 · 住户等级 · 联系卡", "Units · grades · cards"),
        "residence:units", 0.5, "community-officer",
    ),
)  # fmt: skip


def door(slug: str) -> Door:
    """The door named `slug`. Raises UnknownPersona listing those there are."""
    for one in (*DOORS, *OFFICES):
        if one.slug == slug:
            return one
    raise UnknownPersona(f"no persona {slug!r}; there are: {', '.join(one.slug for one in (*DOORS, *OFFICES))}")


def username(slug: str) -> str:
    """The user name of a persona's account."""
    return f"demo-{slug}"


def account_of(slug: str) -> Account:
    """The account behind a door. Raises UnknownPersona, NotThereYet."""
    account = Account.objects.filter(username=username(door(slug).slug)).first()
    if account is None:
        raise NotThereYet(slug)
    return account
