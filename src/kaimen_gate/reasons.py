"""The reasons that no rule gives, and the node's own words, for when no list brought better ones."""

from collections.abc import Mapping

Words = tuple[str, str, str, str]  # guard zh-Hans, guard en, person zh-Hans, person en

# What holds at every gate, whatever its city has published; in the order in which it is looked at.
BUILT_IN: Mapping[str, str] = {
    "left": "enter",
    "emergency": "enter",
    "no-list": "desk",
    "let-in": "enter",
    "not-supervisor": "as before",
}
UNKNOWN: Words = ("请到前台", "To the desk", "请到前台，前台会为您说明。", "Please see the desk; they will explain.")

WORDS: Mapping[str, Words] = {
    "left": ("已离开", "Has left", "已离开，再见。", "You have left. Goodbye."),
    "emergency": (
        "应急人员，放行", "Emergency service", "应急人员，请进。", "Emergency service: please go in.",
    ),
    "no-list": (
        "名单还没有送到这里，请到前台", "No list has reached this gate. To the desk",
        "名单还没有送到这个门，前台会为您登记。", "No list has reached this gate. The desk will register you.",
    ),
    "let-in": ("核实后放行", "Let in after a check", "已核实，请进。", "That is settled. Please go in."),
    "not-supervisor": (
        "不是主管此刻的通行码", "Not a supervisor’s code of this minute",
        "还需要主管到场核准，请稍等。", "A supervisor has to agree. Please wait a moment.",
    ),
    "fever-seen": (
        "已记下，请带到一旁等候", "Written down: let them wait aside",
        "请到一旁稍候，社区和卫生部门会来联系您。",
        "Please wait aside. The community and the health office will come to you.",
    ),
    "disputed": (
        "异议已记下，请当事人到前台等候", "Written down: let them wait at the desk",
        "您的异议已记下，处置组会尽快答复。请到前台稍候。",
        "Your objection is written down; the response team answers soon. Please wait at the desk.",
    ),
    "not-a-pass": ("这不是通行码", "This is no pass", "这不是通行码。", "This is no pass."),
    "too-long": ("码太长，不是通行码", "Too long to be a pass", "这不是通行码。", "This is no pass."),
    "trailing-bytes": (
        "通行码后面多出内容", "Something was added to the pass",
        "这个通行码被加了内容，请重新打开“我的通行码”。", "Something was added to this pass. Open “My pass” again.",
    ),
    "altered": (
        "通行码被改动过", "The pass was altered",
        "这个通行码和签发时不一样，请到前台核实。", "This pass is not as it was issued. Please see the desk.",
    ),
    "rewritten": (
        "通行码被改写过", "The pass was rewritten",
        "这个通行码不是签发的写法，请重新打开“我的通行码”。",
        "This pass is not written as issued. Open “My pass” again.",
    ),
    "unknown-key": (
        "不是本区签发的通行码", "Not issued by this district",
        "这个通行码不是本区签发的，请到前台登记。", "This pass was issued elsewhere. The desk will register you.",
    ),
    "key-not-in-force": (
        "签发密钥不在使用期", "Its key is not in force",
        "这个通行码的签发密钥不在使用期，请重新打开“我的通行码”。",
        "The key of this pass is not in force. Open “My pass” again.",
    ),
    "expired": ("通行码已过期", "The pass has expired", "通行码已过期。", "This pass has expired."),
    "not-holder": (
        "不是持有人手机出的码", "Not made by its holder’s phone",
        "这个码不是领取时的那部手机出的，请用本人手机打开。",
        "Another phone made this code. Open it on the phone it was issued to.",
    ),
    "stale": (
        "码已超过一分钟，可能是截图", "Older than a minute: a screenshot?",
        "这个码已超过一分钟，请打开“我的通行码”出示新的。",
        "This code is older than a minute. Open “My pass” and show a fresh one.",
    ),
    "ahead": (
        "手机时间比门岗快", "The phone’s clock runs ahead",
        "手机时间不准，请校准后重新出示。", "Your phone’s clock is wrong. Set it, then show the code again.",
    ),
    "unknown-card": (
        "不认识这张卡，请到前台", "Nobody knows this card. To the desk",
        "这张卡没有在本楼登记，请到前台。", "This card is not registered here. Please see the desk.",
    ),
    "two-people": (
        "两个人同名同尾号，请到前台核对", "Two people fit this name and number. To the desk",
        "有两个人的姓名和后四位相同，请到前台核对。", "Two people share this name and number. Please see the desk.",
    ),
    "revoked": (
        "通行证已收回", "The pass was taken back",
        "这张通行证已收回，请到前台问明原因。", "This pass was taken back. The desk will tell you why.",
    ),
    "by-hand": (
        "手工登记，请到前台", "Entered by hand. To the desk",
        "请到前台登记。", "Please register at the desk.",
    ),
    "other-building": (
        "名单在另一栋楼", "On another building’s list",
        "您在另一栋楼的名单里，请走那边的门。", "You are on the list of another building. Please go there.",
    ),
    "not-on-list": (
        "今日名单里没有这个人，请到前台", "Not on today’s list. To the desk",
        "今天的名单里没有您，请到前台登记。", "You are not on today’s list. The desk will register you.",
    ),
    "outside-window": (
        "不在约定的时间", "Not at the time agreed",
        "现在不是约定的时间，请到前台。", "This is not the time agreed. Please see the desk.",
    ),
    "outside-hours": (
        "不在开放时间，请到前台", "Outside opening hours. To the desk",
        "现在不在开放时间，请到前台说明情况。", "The building is closed at this hour. Please see the desk.",
    ),
    "lift-full": (
        "电梯已满，请等下一班", "The lift is full",
        "电梯已满，请等下一班。", "The lift is full. Please take the next one.",
    ),
    "on-list": ("在今日名单", "On today’s list", "请进。", "Please go in."),
}  # fmt: skip
