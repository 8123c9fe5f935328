"""How collectors write their notes: words of outcomes and of matters, Chinese and English."""

import re
from collections.abc import Mapping

# The list of outcomes is open. These are other words for those that Diting knows; the rest are kept.
_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "promise_to_pay": ("promise", "ptp", "promised", "承诺还款", "承诺", "答应还款", "同意还款", "约定还款"),
    "refusal": ("refused", "refuse", "rtp", "refused_to_pay", "拒绝还款", "拒绝", "拒还", "拒绝付款"),
    "dispute": ("disputed", "disputes", "异议", "有异议", "争议", "账单异议"),
    "callback": ("call_back", "callback_requested", "回电", "约定回电", "再联系", "跟进"),
    "wrong_number": ("wrong_party", "wrong_person", "错号", "打错", "非本人号码", "号码错误", "非本人"),
    "third_party": (
        "third-party", "relative", "转告", "第三方", "第三方接听", "家人接听", "非本人接听", "代接",
    ),
    "hardship": ("financial_hardship", "困难", "经济困难", "无力还款", "还款困难"),
    "stop_request": ("cease", "do_not_call", "dnc", "cease_and_desist", "要求停止", "拒绝联系", "停止联系"),
    "complaint": ("complained", "投诉", "投诉倾向", "要求投诉"),
    "escalated": ("escalation", "上报", "转主管", "升级"),
    "no_answer": (
        "busy", "unreachable", "power_off", "voicemail", "not_connected", "unanswered", "no-answer",
        "left_message",
        "无人接听", "未接通", "未接", "无应答", "占线", "忙线", "关机", "停机", "无法接通",
    ),
    "no_commitment": ("no_promise", "undecided", "未承诺", "无承诺", "无结果", "考虑中", "未达成"),
}  # fmt: skip
OUTCOMES: Mapping[str, str] = {
    word: outcome for outcome, words in _OUTCOMES.items() for word in (outcome, *words)
}

# What the text of a note says: by matter, in either language.
MATTERS: Mapping[str, re.Pattern[str]] = {
    "promise": re.compile(

r"(?<![未无没不拒])(?<!没有)(?<!未作)(?<!未做)(?<!不作)承诺(?!函|书)|(?<![未没不])答应|"
r"(?<![未没不])同意(?:还|分期)|约(?:定|好)?[^，。;]{0,6}(?:还|交)"


r"|\b(?:will|promised to|agreed to|promises to|agrees to|committed to|going to) (?:pay|"
r"send|mail|make)|\bptp\b|\bpromise (?:to pay|for|of)\b"

    ),
    "no_promise": re.compile(

r"[未无没不](?:有|作|做|作出|做出|肯|愿)?(?:任何)?(?:还款)?承诺|未答应|没答应|"
r"拒绝承诺|\bno (?:commitment|promise|arrangement)\b|\b(?:would|did|does)(?: not|"
r"n't) (?:commit|promise|agree)|\bnot commit"

    ),
    "refusal": re.compile(
r"拒绝?(?:还|付|缴|交)|拒还|拒不|不愿(?:意)?(?:还|交|付)|一分不还|不会还|"
r"不还款?(?!能)|\brefus|\bwill not pay|\bwon't pay"
),
    "dispute": re.compile(

r"异议|质疑|核[实对查]|(?:已|称)[^，。;]{0,10}(?:还清|结清|还款|缴清|交清|"
r"付清|交过|还过)|非本人(?:办|签|操作|申请)|冒用|否认|不认可|不承认|明细|"
r"被?骗|盗[用刷]|争议"


r"|\bdisput|\bclaims? (?:it |he |she |they )?(?:was |has been |already )?paid|"
r"\balready paid|\bsays (?:it |the \w+ )?(?:was |is |has been )?(?:already )?paid|"
r"\bidentity theft|\bfraud|\bnot (?:his|her|their|my) (?:debt|account)|\bvalidation|"
r"\bpaid in\b"

    ),
    "stop_request": re.compile(

r"(?:不再|勿|别再?|不要再?|停止|拒绝|禁止)(?:致|来|去|拨)?(?:电|打|联系|拨打|"
r"拨|致电|催收|骚扰)|停[催拨]|(?:只|仅)[^，。;]{0,4}短信|移除|删除|书面(?:联系|"
r"沟通)|暂停催收|暂缓联系"


r"|\bstop (?:calling|contact)|\bdo not (?:call|contact)|\bdon't (?:call|contact)|"
        r"\bno (?:more|further) calls|\bcease|\b(?:letters?|mail|writing|text) only|in writing only|"
        r"\bwritten contact only|"
r"\bcell only|\bnot (?:at )?work\b"

    ),
    "complaint": re.compile(

r"投诉|举报|监管|报警|律师|起诉|法院|媒体|曝光|黑猫|工信部|银保监|金融局|"
r"信访|发网上|网上|派出所|公安|反映|1[12]3[0-9]{2}|消协"

        r"|\bcomplain|\bcfpb|\battorney|\blawyer|\bsue|\breport(?:s|ing)? us|\bbbb\b|\bregulator|\bftc\b"
    ),
    "hardship": re.compile(

r"困难|失业|下岗|无收入|没收入|收入减少|没钱|无钱|无力|破产|经营|低保|资金紧|"
r"手头|周转|延期|分期|减免|帮扶|特殊情况|运费未结|款未到|疾?病|住院"


r"|\bhardship|\blost (?:his|her|their) job|\bunemploy|\bno income|\blaid off|"
r"\bno money|\bcannot afford|\bcan't afford|\bmedical"

    ),
    "vulnerable": re.compile(

r"病|癌|孕|早?产|去世|过世|丧|残疾|听力|未成年|住院|抑郁|化疗|透析|轻生|自杀|"
r"致哀|老人|\bill\b|\billness|\bhospital|\bpregnan|\bdied|\bpassed|\bdeath|"
r"\bdisab|\bcancer|\bsurgery|\bbereave|\bsick"

    ),
    "third_party": re.compile(

r"(?:母亲?|父亲?|妈妈?|爸爸?|妻子?|丈夫|老公|老婆|爱人|儿子|女儿|姐姐?|妹妹?|"
r"哥哥?|弟弟?|家人|家属|同事|朋友|亲属|亲戚|邻居|前台|室友|单位|他人|机主|"
r"第三[方人]|接听人)[^，。;]{0,4}(?:接听|接电|接的|代接|接)|转告|代接|非本人(?!办|"
r"签|操作|申请)|本人(?:外出|不在|上课)"


r"|\b(?:brother|sister|mother|father|mom|dad|wife|husband|son|daughter|coworker|"
r"co-worker|colleague|friend|roommate|relative|third party|someone else|"
r"family)\b[^.;]{0,20}\b(?:answered|picked up|took)|\bleft (?:a )?message with|"
r"\bspoke (?:to|with) (?:his|her|the|a) "

    ),
    "nobody": re.compile(
r"无人接|没人接|未接(?!受)|无应答|占线|忙线|关机|停机|空号|未接通|无法接通|"
r"\bno answer|\bvoicemail|\bbusy\b|\bdid not answer|\bunreachable|\bnot connected"
),
    "wrong_number": re.compile(
r"打错|错号|号码(?:已)?(?:非|不是|换)|换(?:人|主|号)|不认识|非机主|\bwrong number|"
r"\bwrong person|\bnot (?:the )?(?:debtor|consumer)'?s? number"
),
    "debtor_spoke": re.compile(
r"客户(?!(?:家|母|父|妻|丈|同事|亲|朋友))[^，。;]{0,6}(?:称|说|表示|承诺|"
r"拒|要求|反映|情绪|同意|咨询)|本人(?:接听|承诺|表示|称)|\b(?:consumer|debtor|"
r"customer) (?:says|said|will|refus|claims|promised|agreed|disputes)"
),
    "not_disclosed": re.compile(
r"未(?:向其)?(?:透露|告知|泄露|提及|披露|说明)(?:欠款|债务|内容|事项|具体|"
r"案件|信息|任何)?|\bnothing (?:was )?disclosed|\bno (?:details|debt information) (?:given|"
r"disclosed)|\bdid not disclose"
),
}  # fmt: skip
# What an outcome says by itself about the matters that a note should have.
SAID_BY_OUTCOME: Mapping[str, frozenset[str]] = {
    "promise_to_pay": frozenset({"promise"}),
    "refusal": frozenset({"refusal"}),
    "dispute": frozenset({"dispute"}),
    "wrong_number": frozenset({"wrong_number", "third_party", "dispute"}),
    "third_party": frozenset({"third_party"}),
    "hardship": frozenset({"hardship", "vulnerable"}),
    "stop_request": frozenset({"stop_request"}),
    "complaint": frozenset({"complaint"}),
    # Somebody else has taken over and knows more than the note.
    "escalated": frozenset({"dispute", "stop_request", "complaint", "hardship", "vulnerable"}),
}
