"""The tour: every system of the source page, what it promises, and where it lives here, or "not yet".

Pure data: the page /tour/ and docs/tour.md are both made of it. A stop that says more than the program does is a
mistake as grave as a wrong figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kaimen.packs import Words


class State(Enum):
    """How much of a system there is. The value is the shape beside the word."""

    WORKS = "go"
    IN_PART = "now"
    NOT_YET = "none"


STATE_WORDS = {
    State.WORKS: Words("可用", "works"),
    State.IN_PART: Words("部分可用", "works in part"),
    State.NOT_YET: Words("尚未", "not yet"),
}


@dataclass(frozen=True)
class Stop:
    """One system: its promise in a line, its requirements, and where it lives."""

    code: str  # M1 … M16
    title: Words
    promise: Words
    requirements: tuple[str, ...]  # "R059" or "R059–R062"; figures of the page "F1–F19"
    place: str | None = None  # URL name of the page where it lives; None: not yet
    door: str | None = None  # in the demonstration: whose door leads there
    here: Words | None = None  # what there is of it today
    whole: bool = False  # with words all the same

    @property
    def state(self) -> State:
        """Not yet, in part (some words say which), or whole."""
        if self.place is None:
            return State.NOT_YET
        return State.IN_PART if self.here and not self.whole else State.WORKS

    @property
    def state_word(self) -> Words:
        """The word beside the shape."""
        return STATE_WORDS[self.state]


STOPS: tuple[Stop, ...] = (
    Stop(
        "M1",
        Words("楼宇通行", "Building access"),
        Words(
            "前一天报名单，到门口扫一下，断网也照判。",
            "Listed the day before, one scan at the door, decided even off line.",
        ),
        ("R065–R067", "R071–R078"),
        "gate:gates",
        "guard",
        Words(
            "通行码、纸卡、报姓名三种方式；次日名单按变化确认；门岗终端离线照判，联网后补传。访客、电梯限乘、测温还没有。",
            "Code, paper card or name; tomorrow's roster by exception; the node decides off line and sends later. "
            "Visitors, lifts and temperature are not here yet.",
        ),
    ),
    Stop(
        "M2",
        Words("三色作战图，每晚定格", "Three-colour map, frozen each evening"),
        Words(
            "每栋楼什么状态、为什么，每晚定格签名。",
            "Each building's state and why, frozen and signed each evening.",
        ),
        ("R059–R062",),
        "board:now",
        "district-commander",
    ),
    Stop(
        "M3",
        Words("供需对接", "Needs and supply"),
        Words(
            "缺什么跟网格员说一次，当天有回音。",
            "Tell the grid officer once what is missing; an answer the same day.",
        ),
        ("R063–R064", "R079"),
    ),
    Stop(
        "M4",
        Words("企业专用通行证、受阻、发热", "Firm pass, obstruction, fever"),
        Words(
            "外地返岗凭证能进；无理受阻、发现发热，马上有人来。",
            "Staff from elsewhere get in; an obstruction or a fever brings help at once.",
        ),
        ("R068–R070",),
    ),
    Stop(
        "M5",
        Words("封闭社区", "Closed community"),
        Words(
            "管得严，进出也方便；没有手机凭联系卡。",
            "Strict yet convenient; a contact card for those without a phone.",
        ),
        ("R032–R034", "R041"),
    ),
    Stop(
        "M6",
        Words("网格吹哨、认领、志愿者", "Whistle, pledges, volunteers"),
        Words(
            "网格一吹哨，党组织来报到，谁认领、谁值守看得见。",
            "A grid whistles, organisations report in; who pledged and who is on duty is seen.",
        ),
        ("R035–R040",),
    ),
    Stop(
        "M7",
        Words("企业复工", "Firms reopening"),
        Words(
            "备案不审批，一次填报，复工率和返岗率分得清。",
            "Filing, not approval; reported once; firms open and staff back never confused.",
        ),
        ("R001–R006",),
        "board:firms",
        "grid-officer",
        Words(
            "企业名册、每家是否复工、自哪天起、返岗多少人；员工表可直接导入。备案、负面清单和承诺还没有。",
            "The register of firms, whether each is open, since when, how many are back; staff lists are imported as "
            "they are. Filing, negative list and commitment are not here yet.",
        ),
    ),
    Stop(
        "M8",
        Words("工业互联网对接", "Industrial exchange"),
        Words("人没到齐，订单和供货照样接得上。", "Orders and supplies go on while people are still away."),
        ("R007–R009",),
    ),
    Stop(
        "M9",
        Words("金融“春风行动”", "Spring Breeze finance"),
        Words(
            "45 家机构的政策查得到，每笔放款有出处。",
            "The terms of 45 institutions in one place; every loan total opens to its rows.",
        ),
        ("R010–R017",),
    ),
    Stop(
        "M10",
        Words("稳岗补贴", "Stabilisation subsidy"),
        Words("不裁员就返还，符合条件的自动找到。", "Keep your staff and be repaid; whoever qualifies is found."),
        ("R018",),
    ),
    Stop(
        "M11",
        Words("工程建设审批提速", "Construction permits"),
        Words("缺一份材料先受理，省了几天算得出。", "Taken in with a paper missing; the days saved are counted."),
        ("R019–R031",),
    ),
    Stop(
        "M12",
        Words("供热管家", "Heating stewards"),
        Words(
            "一般问题不出片区，难题不出站区。",
            "Common faults solved in the sub-area, hard ones in the station area.",
        ),
        ("R042–R046",),
    ),
    Stop(
        "M13",
        Words("捐赠", "Donations"),
        Words("收了多少、用在哪里，每笔有收据。", "What came, where it went, a receipt for each gift."),
        ("R047",),
    ),
    Stop(
        "M14",
        Words("以工代训补贴", "Training subsidy"),
        Words("政策找企，网上办，不用跑腿。", "The policy finds the firm; on line, without a trip."),
        ("R048–R057",),
    ),
    Stop(
        "M15",
        Words("远程视频鉴定", "Video appraisal"),
        Words(
            "专家视频会诊，全程录像留存，不用到场。",
            "Experts by video, recorded from start to end, nobody travels.",
        ),
        ("R058",),
    ),
    Stop(
        "M16",
        Words("核数", "Figures"),
        Words(
            "每个率都带分子、分母、口径、截止时间，点得开。",
            "Every rate with numerator, denominator, population and cut-off, open to its rows.",
        ),
        ("F1–F19",),
        "board:firms",
        "district-commander",
        Words(
            "作战图上的两个率带 n／N 和截止时间，点开是一家家企业。查一篇稿子里的数还没有。",
            "The two rates on the board carry n / N and cut-off and open to the firms behind them. Checking the "
            "figures of a printed article is not here yet.",
        ),
    ),
)  # fmt: skip


# What the systems above stand on: no line of the page asks for it by name, all of them need it.
CHAPTERS: tuple[Stop, ...] = (
    Stop(
        "rules",
        Words("规则", "Rules"),
        Words(
            "全文公布，两人签字才生效，每一版的差别看得见。",
            "Published in full, signed by two before they hold, every version beside the last.",
        ),
        ("R059–R062",),
        "status:rules",
        None,
        Words(
            "规则是配置包里的一行字，人看得懂，机器照着判；新规则先在今天的依据上试，再签字、再生效。",
            "A rule is a line of text in the pack, for people and for the program; a new one is tried on "
            "evidence before two sign it.",
        ),
        whole=True,
    ),
    Stop(
        "colours",
        Words("三色", "Colours"),
        Words(
            "只凭签了字的依据，照公布的规则；为什么、到几时、怎样申诉，本人看得到。",
            "From signed evidence by published rules alone; the person reads why, until when and how to appeal.",
        ),
        ("R071–R073",),
        "status:public-colours",
        None,
        Words(
            "没有改颜色的页面。红色须两个单位各自出具依据；黄、红到期自动结束；申诉 24 小时内没人答复，依据停用。",
            "There is no page that sets a colour. Red rests on two organisations, each alone; yellow and red end by "
            "themselves; an appeal unanswered for 24 hours suspends the evidence.",
        ),
        whole=True,
    ),
    Stop(
        "log",
        Words("台账", "The log"),
        Words(
            "每次变色、每份名单、每晚的图都记在台账里，记了就改不掉；回执自己能验。",
            "Each change, list and evening's map is a leaf nobody can take back; anybody can check a receipt.",
        ),
        ("R059–R062", "R071–R073"),
        "web:log",
        None,
        Words(
            "机器外的见证人把每个颜色重算一遍再会签；门岗只认会签过的名单。演示站的见证人就在本机。",
            "Witnesses elsewhere work every colour out again before they cosign; gates believe no other list. The "
            "demonstration's witness runs on the same machine.",
        ),
        whole=True,
    ),
)  # fmt: skip


def count(state: State) -> int:
    """How many stops are in this state."""
    return sum(stop.state is state for stop in STOPS)


def markdown() -> str:
    """docs/tour.md: the same stops, in English with their Chinese names."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The tour"
    yield ""
    yield "Every system of the source page, what it promises, and how much of it there is. Made from `kaimen.web.tour`;"
    yield "the same list is at `/tour/`, with links. The requirements are numbered in reading order of that page."
    yield ""
    yield f"{count(State.WORKS)} whole, {count(State.IN_PART)} in part, {count(State.NOT_YET)} not yet."
    yield ""
    yield "| | system | promise | requirements | today |"
    yield "|---|---|---|---|---|"
    yield from (_line(stop) for stop in STOPS)
    yield ""
    yield "What they stand on:"
    yield ""
    yield "| | chapter | promise | requirements | today |"
    yield "|---|---|---|---|---|"
    yield from (_line(stop) for stop in CHAPTERS)


def _line(stop: Stop) -> str:
    today = stop.here.en if stop.here else ""
    state = f"**{stop.state_word.en}**" + (f". {today}" if today else "")
    numbers = ", ".join(stop.requirements)
    return f"| {stop.code} | {stop.title.en} {stop.title.zh} | {stop.promise.en} | {numbers} | {state} |"
