"""The words that people read, in Chinese and English, for every surface of the product."""

from typing import Literal, NamedTuple

from complaint_warnings.cases.wording import ROLE_WORDS
from qc import taxonomy
from qc.emotion import words as voice_words

Lang = Literal["zh", "en"]
LevelName = Literal["low", "medium", "high"]


class Words(NamedTuple):
    """One meaning in both languages."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        """The words in one language."""
        return self.zh if lang == "zh" else self.en


BANDS = {
    "clean": Words("合规", "Clean"),
    "minor": Words("轻微", "Minor"),
    "major": Words("较重", "Major"),
    "critical": Words("严重", "Critical"),
}
SEVERITIES = {
    "critical": Words("严重", "Critical"),
    "major": Words("较重", "Major"),
    "minor": Words("轻微", "Minor"),
    "info": Words("提示", "Info"),
}
LEVELS = {
    "none": Words("无预警", "No warning"),
    "low": Words("低", "Low"),
    "medium": Words("中", "Medium"),
    "high": Words("高", "High"),
}
PRIORITIES = {
    "urgent": Words("紧急", "Urgent"),
    "high": Words("高", "High"),
    "normal": Words("普通", "Normal"),
    "low": Words("低", "Low"),
}
STATUSES = {
    "inspected": Words("已质检", "Inspected"),
    "unjudged": Words("未能判定", "Not judged"),
    "refused": Words("拒收", "Refused"),
    "failed": Words("失败", "Failed"),
    "received": Words("已接收", "Received"),
    "transcribed": Words("已转写", "Transcribed"),
    "heard": Words("已听音", "Heard"),
    "assessed": Words("已评估", "Assessed"),
    "exists": Words("已在库", "Already stored"),
}
CERTAINTY = {
    "certain": Words("证据确定", "Certain"),
    "unsure": Words("存疑，待人工判断", "Unsure: a person decides"),
}
SPEAKERS = {
    "agent": Words("坐席", "Agent"),
    "customer": Words("客户", "Customer"),
    "unknown": Words("身份不明", "Unknown"),
}
DOUBTS = {  # why the guard is not sure of a text (transcription/guard.py)
    "low_confidence": Words("识别没有把握", "the recogniser is not sure"),
    "no_speech": Words("未必是人声", "perhaps not a voice"),
    "few_words": Words("话语可能有遗漏", "words may be missing"),
    "repetition": Words("重复，可能有误", "repeats itself, perhaps in error"),
    "stock_phrase": Words("夹有常见的误识别语句", "holds a sentence that recognisers invent"),
}
ROLES_HOW = {
    "channels": Words("元数据指明声道", "channels named in the metadata"),
    "assumed": Words("按惯例推定声道", "usual order of channels, assumed"),
    "content": Words("由内容判断", "judged from what was said"),
    "person": Words("人工确定", "decided by a person"),
    "given": Words("随转写文本提供", "given with the transcript"),
    "unknown": Words("无法判断", "nobody could tell"),
}
DECISIONS = {
    "swapped": Words("互换角色", "swapped"),
    "set": Words("指定角色", "set"),
    "carried": Words("沿用人工确定的角色", "carried over"),
}
SIDES = {0: Words("第一侧", "first side"), 1: Words("第二侧", "second side")}
KINDS = {
    "violation": Words("坐席违规", "Agent violations"),
    "signal": Words("客户信号", "Customer signals"),
}
HOW = {
    "letters": Words("文字相符", "same words"),
    "sound": Words("读音相近", "same sound"),
    "regex": Words("句式相符", "pattern of words"),
    "likeness": Words("意思相近", "likeness to examples"),
    "order": Words("先后顺序", "order of what was said"),
    "absence": Words("应说未说", "required words missing"),
    "repetition": Words("反复出现", "repetition"),
    "cue": Words("声音特征", "heard in the voice"),
    "fact": Words("通话事实", "facts of the call"),
}
SECOND_HEARING = {
    "confirmed": Words("复听支持", "confirmed on a second hearing"),
    "weakened": Words("复听不支持", "weakened on a second hearing"),
    "undecided": Words("复听未能判断", "a second hearing did not tell"),
}
ADVICE = {
    "supports": Words("倾向成立", "speaks for it"),
    "doubts": Words("倾向不成立", "speaks against it"),
    "cannot_tell": Words("无法判断", "cannot tell"),
    "no_answer": Words("没有答复", "no answer"),
}
TRENDS = {
    "rising": Words("逐渐升高", "rising"),
    "falling": Words("逐渐平复", "falling"),
    "peak": Words("升高后回落", "up and down again"),
    "level": Words("平稳", "level"),
}
ATTRIBUTES = {
    "since": Words("起因：第几句", "since turn"),
    "state": Words("情绪", "state"),
    "channel": Words("渠道", "channel"),
    "amount": Words("金额", "amount"),
    "date": Words("日期", "date"),
    "differs": Words("差异", "differs"),
    "noted": Words("备注", "noted"),
    "said": Words("录音", "said"),
    "from": Words("取自", "from"),
    "voice": Words("声音", "voice"),
    "words": Words("言辞", "words"),
    "agree": Words("言辞与声音一致", "words and voice agree"),
    "trend": Words("通话中的声音", "voice over the call"),
}
ATTRIBUTE_VALUES = {
    "angry": Words("愤怒", "angry"),
    "anxious": Words("焦虑", "anxious"),
    "dissatisfied": Words("不满", "dissatisfied"),
    "questioning": Words("质疑", "questioning"),
    "regulator": Words("金融监管部门", "regulator"),
    "telecom_regulator": Words("通信管理部门", "telecom regulator"),
    "consumer_hotline": Words("消费者热线", "consumer hotline"),
    "media": Words("媒体", "media"),
    "police": Words("报警", "police"),
    "lawyer": Words("律师、法院", "lawyer or court"),
    "company": Words("本公司", "company"),
    "platform": Words("投诉平台", "platform"),
    "words": Words("言辞", "words"),
    "voice": Words("声音", "voice"),
    "both": Words("言辞与声音", "words and voice"),
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
    **{manner: Words(*pair) for manner, pair in voice_words.MANNERS.items()},
    "unknown": Words("未测得", "not measured"),
    **TRENDS,
}
DIRECTIONS = {"outbound": Words("呼出", "Outbound"), "inbound": Words("呼入", "Inbound")}
RELATIONS = {
    "debtor": Words("本人", "Debtor"),
    "relative": Words("亲属", "Relative"),
    "colleague": Words("同事", "Colleague"),
    "friend": Words("朋友", "Friend"),
}
MACHINE = Words("系统语音", "Announcement")
CHANNEL_STATES = {
    "speech": Words("有人声", "Speech"),
    "sound": Words("有声音，无人声", "Sound, no voice"),
    "leak": Words("只有串音", "Crosstalk only"),
    "silent": Words("无声", "Silent"),
}
LINE_SOUNDS = {
    "ringback": Words("回铃音", "Ring-back"),
    "busy": Words("忙音", "Busy tone"),
    "dial_tone": Words("拨号音", "Dial tone"),
    "dtmf": Words("按键音", "Keys pressed"),
    "fax": Words("传真音", "Fax tone"),
    "beep": Words("提示音", "Beep"),
    "tone": Words("单音", "Tone"),
    "music": Words("音乐", "Music"),
    "announcement": Words("系统语音", "Announcement"),
    "voicemail": Words("语音信箱", "Voicemail"),
}
CUES = {
    "raised_voice": Words("音量异常", "Raised voice"),
    "agitation": Words("情绪激动", "Agitation"),
    "trembling": Words("声音颤抖", "Trembling voice"),
    "withdrawal": Words("语气低落", "Flat voice"),
    "escalation": Words("情绪升级", "Escalation"),
    "overlap": Words("重叠说话", "Overlap"),
    "interruption": Words("抢话", "Interruption"),
    "backchannel": Words("应答声", "Sign of listening"),
    "dead_air": Words("静默", "Silence"),
    "hold": Words("告知后等待", "Announced hold"),
    "slow_response": Words("回应迟缓", "Slow response"),
    "monologue": Words("长时间独白", "Monologue"),
    "speech_rate": Words("语速异常", "Speech rate"),
}
VOICE_LIMITS: dict[str, Words] = {key: Words(*pair) for key, pair in voice_words.LIMITS.items()}
CALM_FROM = {
    "call": Words("取自本通话", "from this call"),
    "history": Words("取自此前通话", "from earlier calls"),
}
CATEGORIES = {
    key: Words(category.zh, category.en[0].upper() + category.en[1:])
    for key, category in taxonomy.CATEGORIES.items()
}


def named(table: dict[str, Words], name: str | None) -> Words:
    """The words for a value; an unknown value (word lists are open) is shown as it is."""
    value = name or "—"
    return table.get(value, Words(value, value))


def conduct(status: str, band: str | None) -> Words:
    """The band of a call in words. A call that could not be judged is never called clean: what was found
    in it is the least that can be said."""
    if band is None:
        return STATUSES["unjudged"]
    if status != "unjudged":
        return named(BANDS, band)
    zh, en = named(BANDS, band)
    return Words(f"至少{zh}", f"At least {en.lower()}")


def tone(band: str | None) -> str:
    """The colour of a call's conduct: what could not be judged is never shown as clean."""
    return band or "unjudged"


ROLES_OF_PEOPLE = {role: Words(words["zh"], words["en"]) for role, words in ROLE_WORDS.items()}
