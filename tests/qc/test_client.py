"""The client's name in phrases, and what is missing from badly heard speech."""

from pathlib import Path

import pytest

from ingest.metadata import CallRecord
from qc.evaluate import inspect
from qc.findings import Finding
from qc.language.client import client_names
from qc.lint import lint
from qc.packs import load_packs
from tests.qc.calls import heard, judge, pack, record, rule
from tests.qc.conftest import MakePack, write_pack
from transcription.types import RejectedText, Transcript, Utterance, Word

IDENTITY = "{absent: {phrase: ['受<client>委托', '<client>']}}"
WINDOW = "  where: {speaker: agent, first_utterances: 6}\n"


@pytest.mark.parametrize(
    ("client", "names"),
    [
        (None, ()),
        ("", ()),
        ("行", ()),
        ("云杉银行", ("云杉银行",)),
        ("云杉银行股份有限公司", ("云杉银行股份有限公司", "云杉银行")),
        ("云杉银行（信用卡中心）", ("云杉银行信用卡中心", "云杉银行")),
        ("中国云杉银行", ("中国云杉银行", "云杉银行")),
        ("益穗消费金融", ("益穗消费金融", "益穗消金", "益穗消费")),
        ("(a|云~杉<x>银行*", ("a云杉x银行",)),
    ],
)
def test_names_that_people_say(client: str | None, names: tuple[str, ...]):
    assert client_names(client, "zh") == names


def test_english_names():
    assert client_names("Northwind Credit Corp.", "en") == ("northwind credit corp", "northwind credit")


def calls_for(client: str | None) -> CallRecord:
    return record(case={"client": client} if client else {})


def test_the_client_of_the_call_is_meant(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 我是<client>的}")))
    said = "a: 您好，我是云杉银行的"
    assert judge(packs, said, call=calls_for("云杉银行股份有限公司")).findings[0].matched == "我是云杉银行的"
    assert judge(packs, said, call=calls_for("德昌银行")).findings == ()
    assert judge(packs, said, call=calls_for(None)).findings == ()


def test_the_client_is_known_by_sound(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 受<client>委托}")))
    said = heard("我是十几横商物的受云山银行尾脱", {"山": 0.5, "尾": 0.4})
    (finding,) = inspect(said, (), calls_for("云杉银行"), packs).findings
    assert (finding.how, finding.heard, finding.matched) == ("sound", "受云山银行尾脱", "受云杉银行委托")
    assert inspect(said, (), calls_for("华岑通信"), packs).findings == ()


def test_the_client_stands_in_phrases_only(tmp_path: Path):
    broken = pack(
        rule("{any: [{regex: 我是<client>的}, {phrase: 我<client>}]}"), head="words: {us: ['<client>的']}"
    )
    found = lint([write_pack(tmp_path, broken)])
    assert sorted((problem.code, problem.field) for problem in found) == [
        ("rules.phrase", "words.us[0]"),
        ("rules.regex", "rules[0].detect.any[0].regex[0]"),
    ]
    taken = lint([write_pack(tmp_path, pack(rule("{phrase: 上门}"), head="words: {client: [银行]}"))])
    assert [problem.code for problem in taken] == ["rules.duplicate"]


def opening(text: str, confidence: float = 0.8, **more: object) -> Transcript:
    """One utterance of the agent, all words heard with one confidence."""
    words = tuple(Word(char, at * 0.2, at * 0.2 + 0.2, confidence) for at, char in enumerate(text))
    said = Utterance(0, "agent", 0.0, len(text) * 0.2, text, confidence, words)
    return Transcript("zh", "recogniser", "", (said,), **more)  # type: ignore[arg-type]


def test_what_was_probably_said_is_not_missing(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 挂了拜拜}}", extra=WINDOW, category="no_closing")))
    assert [finding.how for finding in inspect(opening("行了回头再说"), (), record(), packs).findings] == [
        "absence"
    ]
    assert inspect(opening("就没罪格下了拜呆"), (), record(), packs).findings == ()


def test_given_text_is_taken_at_its_word(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 挂了拜拜}}", extra=WINDOW, category="no_closing")))
    (finding,) = judge(packs, "a: 就没罪格下了拜呆").findings
    assert finding.status == "certain"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (opening("欠的钱什么时候还"), "certain"),
        (opening("欠的钱什么时候还", 0.7), "unsure"),
        (opening("欠的钱什么时候还", unheard=(("agent", 9.0, 12.0),)), "unsure"),
        (opening("欠的钱什么时候还", unheard=(("customer", 9.0, 12.0),)), "certain"),
        (opening("欠的钱什么时候还", rejected=(RejectedText("agent", 1.0, 2.0, "谢谢", "loop"),)), "unsure"),
        (opening("欠的钱什么时候还", rejected=(RejectedText("agent", 9.0, 9.5, "谢谢", "loop"),)), "certain"),
    ],
)
def test_missing_words_are_doubted_where_speech_was_badly_heard(
    make_pack: MakePack, said: Transcript, status: str
):
    packs = make_pack(pack(rule(IDENTITY, extra=WINDOW, category="no_identity")))
    (finding,) = inspect(said, (), calls_for("云杉银行"), packs).findings
    assert finding.status == status


def identity(text: str, client: str, doubts: dict[str, float]) -> list[Finding]:
    packs = load_packs(["cn-base"])
    found = inspect(heard(text, doubts), (), calls_for(client), packs).findings
    return [finding for finding in found if finding.category == "no_identity"]


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("我十几横商物的受云山银行尾脱", "云杉银行"),
        ("是王秀英部进衡的云杉银行那笔帐找你", "云杉银行"),
        ("为王历士把远恒的你云山银行的卡该海岚", "云杉银行股份有限公司信用卡中心"),
        ("为您好是王大姐吗远恒的受和锋脚带尾脱", "禾丰小贷"),
    ],
)
def test_garbled_openings_that_name_the_creditor_are_silent(text: str, client: str):
    assert identity(text, client, dict.fromkeys("山尾脚脱", 0.5)) == []


@pytest.mark.parametrize(
    "text", ["我谁你别管你欠云杉银行的钱该还了", "先别管我是哪里云杉银行的钱呢", "喂说吧打算怎么办"]
)
def test_openings_that_hide_who_calls_are_not(text: str):
    assert len(identity(text, "云杉银行", {})) == 1


def test_nowhere_doubts_badly_heard_words_too(make_pack: MakePack):
    packs = make_pack(pack(rule("{all: [{phrase: 就没}, {nowhere: {phrase: 挂了拜拜}}]}")))
    assert inspect(opening("就没罪格下了拜呆"), (), record(), packs).findings == ()
    assert len(inspect(opening("就没回头再说"), (), record(), packs).findings) == 1
