"""Every way in which a log of colours can be wrong, each with a name. Honest logs raise none."""

from collections.abc import Mapping
from dataclasses import dataclass

from kaimen.kit.words import Words

ALARMS: Mapping[str, Words] = {
    "genesis-missing": Words("台账里没有约定的起始条目", "the genesis that was pinned is not in this log"),
    "genesis-second": Words("又写了一个起始条目", "a second genesis began while the first was in force"),
    "after-the-end": Words("应急响应结束后还在改颜色", "colours went on after the emergency ended"),
    "leaf-malformed": Words("条目格式不对", "a leaf is not what its kind must be"),
    "leaf-out-of-time": Words("条目的时间与见证时间不符", "a leaf's time runs backwards or leaves its checkpoints"),
    "opening-missing": Words("没有交出条目的内容", "what a leaf committed to was not given"),
    "opening-false": Words("交出的内容与承诺不符", "what was given is not what the leaf committed to"),
    "authorities-refused": Words("认可或规则没有两家授权机关签名", "accreditation or rules without enough authorities"),
    "rules-missing": Words("公布的规则读不到", "the text of published rules is missing or cannot be read"),
    "evidence-refused": Words("依据无效", "evidence that should never have been taken in"),
    "evidence-twice": Words("同一份依据出现两次", "one statement was logged twice"),
    "withdrawal-refused": Words("撤回无效", "a withdrawal by somebody who may not"),
    "approval-refused": Words("会签无效", "a countersignature by somebody who may not"),
    "finding-refused": Words("申诉答复无效", "a finding by somebody who may not, or about something else"),
    "appeal-unsound": Words("申诉的内容或时限不对", "an appeal against other evidence, or with another clock"),
    "appeal-ignored": Words("申诉逾期无人答复也没有登记", "an appeal ran out and the log does not say so"),
    "index-moved": Words("名单位置换了人", "a place in the list went to somebody else"),
    "identity-changed": Words("人员身份标记被改", "a subject was registered with another identity"),
    "colour-underived": Words("颜色不是由依据和规则得出的", "a colour that evidence and rules do not give"),
    "colour-out-of-order": Words("颜色变化前后不接", "a change that does not follow the one before"),
    "colour-missing": Words("该变的颜色没有变", "a colour that is due is not in the log"),
    "fact-false": Words("楼宇的事实与依据不符", "a fact about a place that its evidence does not give"),
    "picture-underived": Words("定格图不是由规则得出的", "a frozen picture that rules and facts do not give"),
    "picture-second": Words("同一天定格了两次", "a second picture of one day"),
    "picture-missing": Words("有一晚没有定格图", "an evening whose frozen picture is not in the log"),
    "picture-unlogged": Words("给出的定格图不是台账里的那张", "a picture that is not the one in the log"),
    "list-underived": Words("名单不是由台账得出的", "a list that the log does not give"),
    "list-elsewhere": Words("名单不是按所称的时间和条目数算的", "a list computed at another size or time than it may"),
    "list-unlogged": Words("发布的名单不在台账里", "a published list that is not in the log"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is wrong: its name in ALARMS, the leaf at which it shows, and what exactly."""

    kind: str
    index: int
    what: str

    def __post_init__(self) -> None:
        assert self.kind in ALARMS, self.kind

    def __str__(self) -> str:
        return f"leaf {self.index}: {self.kind}: {self.what}"
