"""Nobody loses points for how a customer feels: neither by the shipped packs nor by any that loads."""

from pathlib import Path

import pytest

from qc.compile import PackSet
from qc.language.feelings import FEELINGS
from qc.lint import lint
from qc.packs import load_packs
from tests.qc.calls import judge, pack, rule
from tests.qc.conftest import write_pack
from transcription.types import Cue, Speaker

CUSTOMER = "  where: {speaker: customer}\n"
RAISED = "cue: {kind: raised_voice}"
CONCEPT = """
concepts:
  upset: {any: [{phrase: 不听, speaker: customer}, {cue: {kind: agitation}, speaker: customer}]}
"""


def codes(
    folder: Path, detect: str, *, extra: str = "", head: str = "", category: str = "raised_voice"
) -> list[str]:
    topic = pack(rule(detect, extra=extra, category=category), head=head)
    return [problem.code for problem in lint([write_pack(folder, topic)])]


@pytest.mark.parametrize("kind", sorted(FEELINGS))
def test_a_violation_cannot_rest_on_the_voice_of_the_customer(tmp_path: Path, kind: str):
    assert codes(tmp_path, f"{{cue: {{kind: {kind}}}}}", extra=CUSTOMER) == ["rules.feelings"]


@pytest.mark.parametrize(
    "detect",
    [
        f"{{{RAISED}, speaker: any}}",
        f"{{any: [{{phrase: 快还}}, {{{RAISED}, speaker: customer}}]}}",
        f"{{all: [{{{RAISED}, speaker: customer}}, {{fact: {{direction: outbound}}}}]}}",
        f"{{repeat: {{of: {{{RAISED}, speaker: customer}}, times: 2}}}}",
        "{category: negative_emotion}",
        "{somewhere: {category: negative_emotion}}",
        f"{{order: {{first: {{category: negative_emotion}}, then: {{{RAISED}, speaker: customer}}}}}}",
        "{concept: upset}",
    ],
)
def test_nor_can_it_by_any_way_round(tmp_path: Path, detect: str):
    assert codes(tmp_path, detect, head=CONCEPT) == ["rules.feelings"]


@pytest.mark.parametrize(
    "detect",
    [
        f"{{{RAISED}}}",
        "{cue: {kind: interruption}, speaker: customer}",
        f"{{all: [{{phrase: 快还}}, {{near: {{of: {{{RAISED}, speaker: customer}}, before: 2}}}}]}}",
        "{order: {first: {category: negative_emotion}, then: {phrase: 快还}}}",
        "{category: [negative_emotion, abuse]}",
    ],
)
def test_what_the_agent_did_may_cost_points_beside_it(tmp_path: Path, detect: str):
    assert codes(tmp_path, detect) == []


@pytest.mark.parametrize(
    ("extra", "category"),
    [
        (CUSTOMER + "  deduct: 0\n", "raised_voice"),
        (CUSTOMER + "  attributes: {state: angry}\n", "negative_emotion"),
    ],
)
def test_what_takes_no_points_may_rest_on_feelings(tmp_path: Path, extra: str, category: str):
    assert codes(tmp_path, f"{{{RAISED}}}", extra=extra, category=category) == []


def test_a_veto_without_points_is_refused_too(tmp_path: Path):
    extra = CUSTOMER + "  deduct: 0\n  veto: true\n"
    assert codes(tmp_path, f"{{{RAISED}}}", extra=extra) == ["rules.feelings"]


TURNS = {
    "zh": ("a: 您好，这里是云杉公司", "c: 嗯", "a: 您看什么时候方便", "c: 下周吧", "a: 好的再见"),
    "en": ("a: Good morning, this is Dana", "c: Yes", "a: When would suit you", "c: Next week", "a: Bye"),
}


@pytest.mark.parametrize(
    ("names", "language"), [(["cn-base", "cn-telecom-client"], "zh"), (["us-regf"], "en")], ids=["zh", "en"]
)
def test_no_shipped_pack_takes_points_for_the_voice_of_the_customer(names: list[str], language: str):
    packs = load_packs(names)

    def points(cues: list[Cue]) -> list[tuple[str, int]]:
        made = judge(packs, *TURNS[language], cues=cues, language=language)
        return [(each.rule, each.points) for each in made.score.deductions]

    upset = [of(kind, "customer") for kind in sorted(FEELINGS)]
    assert points(upset) == points([])
    assert raised_by_agent(packs, language), "the same voice of the agent is conduct"


def of(kind: str, speaker: Speaker) -> Cue:
    at = (1, 3) if speaker == "customer" else (0, 2)
    return Cue(kind, speaker, 0.0, 15.0, 9.0, "sd over own baseline", at)  # type: ignore[arg-type]


def raised_by_agent(packs: PackSet, language: str) -> bool:
    made = judge(packs, *TURNS[language], cues=[of("raised_voice", "agent")], language=language)
    return "raised_voice" in {each.category for each in made.score.deductions}
