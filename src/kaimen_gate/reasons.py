"""Every reason a gate may give: the answer that goes with it, and words for when no list brought better ones."""

from typing import Literal

from kaimen_gate.wire import Verdict

Reason = Literal[
    "left", "no-list", "not-a-pass", "altered", "unknown-key", "expired", "two-people", "revoked", "not-on-list",
    "outside-hours", "colours-old", "colour-refused", "colour-desk", "on-list",
]  # fmt: skip
Words = tuple[str, str, str, str]  # guard zh-Hans, guard en, person zh-Hans, person en

VERDICT_OF: dict[Reason, Verdict] = {
    "left": "enter",
    "no-list": "desk",
    "not-a-pass": "refuse",
    "altered": "refuse",
    "unknown-key": "refuse",
    "expired": "refuse",
    "two-people": "desk",
    "revoked": "refuse",
    "not-on-list": "desk",
    "outside-hours": "desk",
    "colours-old": "desk",
    "colour-refused": "refuse",
    "colour-desk": "desk",
    "on-list": "enter",
}

WORDS: dict[Reason, Words] = {
    "left": ("已离开", "Has left", "已离开，再见。", "You have left. Goodbye."),
    "no-list": (
        "名单还没有送到这里，请到前台", "No list has reached this gate. To the desk",
        "名单还没有送到这个门，前台会为您登记。", "No list has reached this gate. The desk will register you.",
    ),
    "not-a-pass": ("这不是通行码", "This is no pass", "这不是通行码。", "This is no pass."),
    "altered": (
        "通行码被改动过", "The pass was altered",
        "这个通行码和签发时不一样，请到前台核实。", "This pass is not as it was issued. Please see the desk.",
    ),
    "unknown-key": (
        "不是本区签发的通行码", "Not issued by this district",
        "这个通行码不是本区签发的，请到前台登记。", "This pass was issued elsewhere. The desk will register you.",
    ),
    "expired": ("通行码已过期", "The pass has expired", "通行码已过期。", "This pass has expired."),
    "two-people": (
        "两个人同名同尾号，请到前台核对", "Two people fit this name and number. To the desk",
        "有两个人的姓名和后四位相同，请到前台核对。", "Two people share this name and number. Please see the desk.",
    ),
    "revoked": (
        "通行证已收回", "The pass was taken back",
        "这张通行证已收回，请到前台问明原因。", "This pass was taken back. The desk will tell you why.",
    ),
    "not-on-list": (
        "今日名单里没有这个人，请到前台", "Not on today’s list. To the desk",
        "今天的名单里没有您，请到前台登记。", "You are not on today’s list. The desk will register you.",
    ),
    "outside-hours": (
        "不在开放时间，请到前台", "Outside opening hours. To the desk",
        "现在不在开放时间，请到前台说明情况。", "The building is closed at this hour. Please see the desk.",
    ),
    "colours-old": (
        "颜色名单太旧，请到前台", "The list of colours is too old. To the desk",
        "这个门很久没有收到颜色名单，不是您的问题。前台会为您登记。",
        "No list of colours has reached this gate for long; that is no fault of yours. The desk will register you.",
    ),
    "colour-refused": (
        "按健康通行规则不放行", "Not by the health rules",
        "按公布的规则，您现在不能进入。理由和申诉在“我的颜色”里，前台也可以为您查。",
        "By the published rules you cannot go in now. “My colour” says why and how to appeal; so does the desk.",
    ),
    "colour-desk": (
        "有情况待核实，请到前台", "Something has to be checked. To the desk",
        "有情况需要核实。理由在“我的颜色”里，请到前台。",
        "Something has to be checked; “My colour” says what. Please see the desk.",
    ),
    "on-list": ("在今日名单", "On today’s list", "请进。", "Please go in."),
}  # fmt: skip
