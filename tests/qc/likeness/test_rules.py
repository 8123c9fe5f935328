"""The condition `like` in rules: what it finds, how sure it is, what it says."""

import pytest

from qc.likeness.bank import shipped_banks
from qc.likeness.features import fold
from qc.likeness.model import shipped_model
from qc.packs import load_packs
from store.errors import RuleError
from tests.qc.calls import heard, judge, pack, record, rule
from tests.qc.conftest import MakePack

HINT = "你不还是吧，那你下夜班走路可小心点"
ADVICE = "逾期会产生违约金，也可能影响您的征信"


@pytest.fixture(scope="module")
def base():
    return load_packs(["cn-base"])


def sure_example(bank: str) -> str:
    """A positive that the model is certain of."""
    model = shipped_model()
    about, column = model.banks[bank], model.column[bank]
    texts = shipped_banks()[bank].positives
    scores = model.scores([fold(text) for text in texts])[:, column]
    best = int(scores.argmax())
    assert about.certain_at is not None
    assert about.curve.probability(float(scores[best])) >= about.certain_at
    return texts[best]


def test_a_turn_like_the_examples_of_a_bank_is_found(make_pack: MakePack):
    packs = make_pack(pack(rule("{like: {bank: threat}}")))
    found = judge(packs, f"a: {ADVICE}", f"a: {HINT}", f"c: {HINT}")
    (finding,) = found.findings
    assert (finding.how, finding.utterances, finding.span) == ("likeness", (1,), None)
    assert finding.heard == HINT
    assert finding.matched.rstrip("…") in "".join(shipped_banks()["threat"].positives)
    assert finding.why["zh"] == f"规则：“{HINT}”（与示例“{finding.matched}”相似）"
    assert finding.why["en"] == f"Rule: “{HINT}” (like the example “{finding.matched}”)"
    assert 0.3 < finding.confidence <= 1


def test_at_least_sets_the_probability_that_is_needed(make_pack: MakePack):
    probability = judge(make_pack(pack(rule("{like: {bank: threat}}"))), f"a: {HINT}").findings[0].confidence
    stricter = make_pack(
        pack(rule(f"{{like: {{bank: threat, at_least: {min(probability + 0.001, 0.99999)}}}}}"))
    )
    assert judge(stricter, f"a: {HINT}").findings == ()


def test_certain_only_where_the_bank_was_measured_to_be_right(make_pack: MakePack):
    packs = make_pack(pack(rule("{like: {bank: threat}}")))
    example = sure_example("threat")
    assert judge(packs, f"a: {example}").findings[0].status == "certain"
    unmeasured = next(name for name, bank in shipped_model().banks.items() if bank.certain_at is None)
    packs = make_pack(pack(rule(f"{{like: {{bank: {unmeasured}, at_least: 0.01}}}}")))
    text = shipped_banks()[unmeasured].positives[0]
    assert {finding.status for finding in judge(packs, f"a: {text}").findings} == {"unsure"}


def test_words_that_the_recogniser_doubts_are_no_certain_evidence(make_pack: MakePack):
    packs = make_pack(pack(rule("{like: {bank: threat}}")))
    example = sure_example("threat")
    doubted = judge(packs, f"a: {example}", engine="recogniser", confidence=0.3).findings
    assert [finding.status for finding in doubted] == ["unsure"]
    clear = judge(packs, f"a: {example}").findings
    assert doubted[0].confidence < clear[0].confidence
    assert heard(example, {}).utterances[0].text == example


def test_texts_of_a_rule_are_compared_by_likeness_and_never_certain(make_pack: MakePack):
    packs = make_pack(pack(rule("{like: [你们公司的人都会知道你欠钱]}")))
    found = judge(packs, "a: 你们公司的人都会知道你欠我们钱", "a: 您好，请问是陈先生吗").findings
    assert [(one.utterances, one.how, one.status, one.matched) for one in found] == [
        ((0,), "likeness", "unsure", "你们公司的人都会知道你欠钱")
    ]


def test_likeness_gives_way_to_words_that_say_the_same(make_pack: MakePack):
    likeness = rule("{like: {bank: threat}}", name="t.like")
    words = rule("{phrase: [走路可小心点]}", name="t.words")
    found = judge(make_pack(pack(likeness, words)), f"a: {HINT}").findings
    assert [finding.rule for finding in found] == ["t.words@1"]


def test_words_quite_unlike_the_examples_are_left_to_a_person(make_pack: MakePack):
    words = rule("{phrase: [信用卡]}", name="t.words")
    text = "您的信用卡账单已经寄出了，请查收"
    alone = judge(make_pack(pack(words)), f"a: {text}").findings
    assert [finding.status for finding in alone] == ["certain"]
    advised = make_pack(pack(words, rule("{like: {bank: threat}}", name="t.like")))
    assert [finding.status for finding in judge(advised, f"a: {text}").findings] == ["unsure"]


def test_an_unknown_bank_is_refused_with_a_mend(make_pack: MakePack):
    with pytest.raises(RuleError, match="there is no trained bank 'treat'") as error:
        make_pack(pack(rule("{like: {bank: treat}}")))
    assert error.value.code == "rules.bank"
    assert error.value.mend == "Did you mean threat?"


@pytest.mark.parametrize(
    "like", ["{bank: threat, texts: [走路小心]}", "{at_least: 0.5}", "{bank: threat, at_least: 1.5}", "[]"]
)
def test_a_like_needs_one_source_and_a_probability(make_pack: MakePack, like: str):
    with pytest.raises(RuleError) as error:
        make_pack(pack(rule(f"{{like: {like}}}")))
    assert error.value.code == "rules.schema"


def test_the_hash_of_packs_that_use_likeness_holds_the_model(make_pack: MakePack):
    plain = make_pack(pack(rule("{phrase: [上门]}")))
    assert not plain.likeness
    assert make_pack(pack(rule("{like: {bank: threat}}"))).likeness


def test_disclosure_needs_somebody_else_on_the_line(base):
    words = "她拿了人家平台的钱，半年没往回放了"
    relative = record(
        customer={"number": "+8613800138000", "timezone": "Asia/Shanghai", "relation": "relative"}
    )
    turns = ("c: 我是她嫂子，什么事", f"a: {words}")
    assert "third_party_disclosure" in {one.category for one in judge(base, *turns, call=relative).findings}
    debtor = judge(base, "c: 我就是，你说", f"a: {words}").findings
    assert "third_party_disclosure" not in {one.category for one in debtor}


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("我把通话记录截了图，黑猫上的账号都注册好了，今晚就挂上去", "platform"),
        ("讲得出做得到，再打我就投诉到你们公司", "company"),
        ("我这就把这段录音发网上让大伙儿评评理", "media"),
    ],
)
def test_the_channel_of_a_complaint_is_told_by_its_words(base, text: str, channel: str):
    found = judge(base, f"c: {text}").findings
    assert {one.attributes["channel"] for one in found if one.category == "complaint_intent"} == {channel}


def test_a_turn_shorter_than_any_example_is_like_nothing(make_pack: MakePack):
    packs = make_pack(pack(rule("{like: {bank: threat, at_least: 0.001}}")))
    assert judge(packs, "a: 对。", "a: 你小心", f"a: {HINT}").findings[0].utterances == (2,)
