import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata import parse_call_record
from transcription.document import from_document, to_document
from transcription.text.numbers import call_date, find_numbers, with_numbers
from transcription.types import SpokenNumber, Transcript, Utterance

TODAY = date(2026, 3, 5)  # a Thursday
AMOUNTS = st.integers(min_value=2, max_value=99_999_999)


def read(text, language="zh", today=TODAY):
    found = find_numbers(text, language, today)
    return [f"{number.kind} {number.text} = {number.value}{'~' * number.approximate}" for number in found]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("您欠四千九百块", ["amount 四千九百块 = 4900.00"]),
        ("还4,900块", ["amount 4,900块 = 4900.00"]),
        ("三千多块", ["amount 三千多块 = 3000.00~"]),
        ("大概两千元", ["amount 两千元 = 2000.00~"]),
        ("两三千块吧", ["amount 两三千块 = 2000.00/3000.00~"]),
        ("四百三十八块六", ["amount 四百三十八块六 = 438.60"]),
        ("八块二毛五", ["amount 八块二毛五 = 8.25"]),
        ("五百块三天内还", ["amount 五百块 = 500.00", "number 三 = 3"]),
        ("2万5", ["number 2万5 = 25000"]),
        ("4.9万元", ["amount 4.9万元 = 49000.00"]),
        ("两万五", ["number 两万五 = 25000"]),
        ("一万零三十", ["number 一万零三十 = 10030"]),
        ("四千九", ["number 四千九 = 4900"]),
        ("先还四千九行吗", ["amount 四千九 = 4900.00"]),
        ("三点五个月", ["number 三点五 = 3.5"]),
        ("利息百分之五", ["percent 百分之五 = 5"]),
        ("涨了3.85%", ["percent 3.85% = 3.85"]),
        ("百分之百", ["percent 百分之百 = 100"]),
        ("逾期五十二天", ["number 五十二 = 52"]),
        ("打了七八个电话", ["number 七八 = 7/8~"]),
        ("几千块", []),
    ],
)
def test_amounts_and_counts(said, expected):
    assert read(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("十五号之前", ["date 十五号 = ---15"]),
        ("15号", ["date 15号 = ---15"]),
        ("六月十五", ["date 六月十五 = --06-15"]),
        ("二零二六年六月十五日", ["date 二零二六年六月十五日 = 2026-06-15"]),
        ("2026年6月", ["date 2026年6月 = 2026-06"]),
        ("九月份", ["date 九月份 = --09"]),
        ("二月三十号", ["date 三十号 = ---30"]),
        ("明天", ["date 明天 = 2026-03-06"]),
        ("大后天", ["date 大后天 = 2026-03-08"]),
        ("下周五", ["date 下周五 = 2026-03-13"]),
        ("周五", []),
        ("下个月5号", ["date 下个月5号 = 2026-04-05"]),
        ("这个月底", ["date 这个月底 = 2026-03-31"]),
        ("三天后", ["date 三天后 = 2026-03-08"]),
        ("三号楼", []),
        ("下午三点半", ["time 下午三点半 = 15:30"]),
        ("三点半", ["time 三点半 = 03:30/15:30"]),
        ("今晚八点", ["date 今晚 = 2026-03-05", "time 八点 = 20:00"]),
        ("晚上十二点", ["time 晚上十二点 = 00:00"]),
        ("中午一点一刻", ["time 中午一点一刻 = 13:15"]),
        ("15:30", ["time 15:30 = 15:30"]),
        ("十点钟", ["time 十点钟 = 10:00/22:00"]),
        ("注意三点", []),
    ],
)
def test_dates_and_times(said, expected):
    assert read(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("幺五四零零零零幺零幺幺", ["phone 幺五四零零零零幺零幺幺 = +8615400001011"]),
        ("138 0013 8000", ["phone 138 0013 8000 = +8613800138000"]),
        ("幺三八，零零一三，八零零零", ["phone 幺三八，零零一三，八零零零 = +8613800138000"]),
        ("400-820-8820", ["phone 400-820-8820 = +864008208820"]),
        ("打12378投诉", ["digits 12378 = 12378"]),
        ("打幺幺零", ["digits 幺幺零 = 110"]),
        ("尾号是三三二一", ["digits 三三二一 = 3321"]),
        ("身份证11010119900307851X", ["digits 11010119900307851X = 11010119900307851X"]),
        ("12345678901234567890123456789", []),
    ],
)
def test_telephone_numbers_and_rows_of_digits(said, expected):
    assert read(said) == expected


SAYINGS = (
    "一会儿，三番五次，万一，十分抱歉，一下，五湖四海，二话不说，千万别，一块去，三天两头，乱七八糟，一点也不，有一点，A4纸，APP"
    "，一起，一样，三心二意，第三方"
)


@pytest.mark.parametrize("saying", [*SAYINGS.split("，"), ""])
def test_sayings_are_no_numbers(saying):
    assert read(saying) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Four thousand nine hundred dollars", ["amount Four thousand nine hundred dollars = 4900.00"]),
        ("about $4,900.50", ["amount $4,900.50 = 4900.50~"]),
        ("a hundred dollars and ten cents", ["amount a hundred dollars and ten cents = 100.10"]),
        ("forty nine hundred bucks", ["amount forty nine hundred bucks = 4900.00"]),
        ("June fifteenth", ["date June fifteenth = --06-15"]),
        ("June 15th, 2026", ["date June 15th, 2026 = 2026-06-15"]),
        ("june fifteenth twenty twenty six", ["date june fifteenth twenty twenty six = 2026-06-15"]),
        ("on the fifteenth of June", ["date the fifteenth of June = --06-15"]),
        ("by the 15th", ["date the 15th = ---15"]),
        ("next Friday", ["date next Friday = 2026-03-13"]),
        ("in thirty days", ["date in thirty days = 2026-04-04"]),
        ("three thirty p.m.", ["time three thirty p.m. = 15:30"]),
        ("half past two", ["time half past two = 02:30/14:30"]),
        ("five o'clock in the evening", ["time five o'clock in the evening = 17:00"]),
        ("call five five five oh one oh two", ["digits five five five oh one oh two = 5550102"]),
        ("double five five, one two three four", ["digits double five five, one two three four = 5551234"]),
        ("(415) 555-2671", ["phone (415) 555-2671 = +14155552671"]),
        ("three point five percent", ["percent three point five percent = 3.5"]),
        ("one hundred twenty days", ["number one hundred twenty = 120"]),
        ("one of the calls, oh yes, the first time", []),
        ("I may pay", []),
    ],
)
def test_english(said, expected):
    assert read(said, "en") == expected


def test_money_has_its_currency():
    assert [number.unit for number in find_numbers("五百块，一百美元，¥30", "zh")] == ["CNY", "USD", "CNY"]
    assert find_numbers("fifty dollars", "en")[0].unit == "USD"


def test_days_counted_from_the_call_need_its_date():
    assert read("明天下午三点，十五号", today=None) == ["time 下午三点 = 15:00", "date 十五号 = ---15"]
    assert read("next Friday", "en", today=None) == []


def test_other_languages_are_left_alone():
    assert find_numbers("4900", "fr") == ()


@given(AMOUNTS)
def test_every_amount_is_read_the_same_in_words_and_figures(value):
    expected = [f"{value}.00"]
    for said in (cn2an.an2cn(value), str(value), f"{value:,}"):
        assert [number.value for number in find_numbers(f"还{said}块", "zh")] == expected
        assert [number.text for number in find_numbers(f"还{said}块。", "zh")] == [f"{said}块"]


@given(st.decimals(min_value=Decimal("0.1"), max_value=Decimal("99.9"), places=1))
def test_every_share_is_read(value):
    words = cn2an.an2cn(str(value))
    assert [Decimal(number.value) for number in find_numbers(f"百分之{words}", "zh")] == [value]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_mobile_number_is_read_out_or_written(digits):
    spoken = digits.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    for said in (digits, spoken, f"{digits[:3]} {digits[3:7]} {digits[7:]}"):
        assert [(number.kind, number.value) for number in find_numbers(said, "zh")] == [
            ("phone", f"+86{digits}")
        ]


ENGLISH = (
    *("one", "two", "five", "twenty", "hundred", "thousand", "and", "point", "oh", "the", "fifteenth", "of"),
    *("June", "next", "Friday", "$", "4,900", "3:30", "p.m.", "dollars", "cents", "percent", "days", "in"),
    *("half", "past", "-", "555"),
)
TEXTS = st.one_of(
    st.text(
        alphabet="零一二两三四五六七八九十百千万亿点幺0123456789,.年月号日块元毛多半还下午周天%:- 个",
        max_size=40,
    ),
    st.lists(st.sampled_from(ENGLISH)).map(" ".join),
)


@given(TEXTS, st.sampled_from(["zh", "en"]), st.sampled_from([TODAY, None]))
def test_spans_are_right_and_finding_again_changes_nothing(text, language, today):
    found = find_numbers(text, language, today)
    ends = [0]
    for number in found:
        assert text[number.start : number.end] == number.text != ""
        assert number.start >= ends[-1]
        ends.append(number.end)
        assert re.fullmatch(r"[+0-9X:./-]+", number.value)
    assert find_numbers(text, language, today) == found


@pytest.mark.parametrize("piece", ["一", "9", "十万", "1,", "five ", "5 ", "周三点", "幺，", "今天", "(5"])
def test_long_rows_take_linear_time(piece):
    for language in ("zh", "en"):
        assert isinstance(find_numbers(piece * 3_000, language, TODAY), tuple)


def test_a_transcript_gets_its_numbers_and_keeps_them_in_json():
    transcript = Transcript("zh", "given", "", (Utterance(0, "agent", 0.0, 2.0, "您欠四千九百块"),))
    numbered = with_numbers(transcript, TODAY)
    assert numbered.utterances[0].numbers == (SpokenNumber("amount", 2, 7, "四千九百块", "4900.00", "CNY"),)
    assert from_document(json.loads(json.dumps(to_document(numbered)))) == numbered


def test_transcripts_stored_before_numbers_still_load():
    document = to_document(Transcript("zh", "given", "", (Utterance(0, "agent", 0.0, 2.0, "好"),)))
    del document["utterances"][0]["numbers"]
    assert from_document(document).utterances[0].numbers == ()


def test_the_day_of_the_call_is_the_customers():
    given_record = {"external_id": "1", "source": "s", "started_at": "2026-03-05T23:30:00+08:00"}
    record = parse_call_record(given_record, "test")
    assert call_date(record) == date(2026, 3, 5)
    assert record.started_at == datetime(2026, 3, 5, 15, 30, tzinfo=UTC)
    london = replace_zone(given_record, "Europe/London")
    assert call_date(london) == date(2026, 3, 5)
    assert call_date(replace_zone(given_record, "Asia/Tokyo")) == date(2026, 3, 6)
    assert call_date(None) is None


def replace_zone(given_record, zone):
    return parse_call_record({**given_record, "customer": {"timezone": zone}}, "test")
