import pytest

from ingest.metadata import parse_call_record
from qc.adviser.redact import Redactor

RECORD = parse_call_record(
    {
        "external_id": "R1",
        "source": "test",
        "agent": {"id": "A1", "name": "王敏"},
        "customer": {"id": "C1", "name": "李建国"},
    },
    "test",
)
REDACT = Redactor(RECORD)


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("您是李建国本人吗", "您是〔姓名〕本人吗"),
        ("您是李建过本人吗", "您是〔姓名〕本人吗"),  # as recognisers write it
        ("建国啊你别躲了", "〔姓名〕啊你别躲了"),
        ("我是王敏，工号幺零二七八三", "我是〔姓名〕，工号〔号码〕"),
        ("我姓张，张先生在吗", "我姓张，〔姓名〕先生在吗"),
        ("我叫陈晓燕，你说", "我叫〔姓名〕，你说"),
        ("刘经理说了不用还", "〔姓名〕经理说了不用还"),
        ("您打13800138000这个号", "您打〔号码〕这个号"),
        ("一三八 零零一三 八零零零", "〔号码〕"),
        ("身份证是11010519491231002X", "身份证是〔号码〕"),
        ("卡号六二二八四八零四零二五六四八九零零一八", "卡号〔号码〕"),
        ("加我微信wang_min88说", "加我微信〔账号〕说"),
        ("发到wangmin@example.com", "发到〔账号〕"),
        ("看https://example.com/pay?id=1吧", "看〔账号〕"),
        ("车牌京A12345那辆", "车牌〔号码〕那辆"),
        ("家住朝阳区建国路八十八号三单元", "〔地址〕"),
    ],
)
def test_what_says_who_somebody_is_is_taken_out(said: str, sent: str):
    assert REDACT(said) == sent


@pytest.mark.parametrize(
    "said",
    [
        "今天先还三千二百五十块",
        "二零二六年三月的账单",
        "你再不还我就上你单位找你领导",
        "欠款1260.00元，逾期63天",
        "我要去12378投诉你，还有幺二三四五",
        "APP上就能还",
    ],
)
def test_what_the_judgement_needs_stays(said: str):
    assert REDACT(said) == said


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("call me at five five five one two three four", "call me at 〔号码〕"),
        ("I live at 1420 Oak Tree Lane", "I live at 〔地址〕"),
        ("ask Mr. Alvarez about it", "ask 〔姓名〕 about it"),
        ("jane doe here", "〔姓名〕 here"),
        ("I can pay two hundred dollars on Friday", "I can pay two hundred dollars on Friday"),
    ],
)
def test_english(said: str, sent: str):
    record = parse_call_record(
        {"external_id": "R2", "source": "test", "customer": {"id": "C2", "name": "Jane Doe"}}, "test"
    )
    assert Redactor(record)(said) == sent


def test_a_name_of_one_character_is_no_reason_to_blacken_every_text():
    record = parse_call_record(
        {"external_id": "R3", "source": "test", "customer": {"id": "C3", "name": "的"}}, "test"
    )
    assert Redactor(record)("这是我的") == "这是我的"
