"""Whatever stands in rule files and transcripts: problems with their place, or a result, never a crash."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import HealthCheck, given, settings

from qc.compile import compile_packs
from qc.document import to_document
from qc.evaluate import inspect
from qc.language.checks import lint_source
from qc.language.loader import read_packs
from tests.qc import fuzzing, fuzzing_calls
from tests.qc.conftest import HEAD


class Plain(yaml.SafeDumper):
    """Writes what stands twice twice: aliases are refused."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def survives(topic: object, transcript, cues, record) -> str:
    """`refused` or `judged`."""
    with TemporaryDirectory() as folder:
        pack = Path(folder) / "trial"
        pack.mkdir()
        (pack / "pack.yaml").write_text(HEAD.format(id="trial", language="zh"), encoding="utf-8")
        (pack / "topic.yaml").write_text(yaml.dump(topic, Dumper=Plain, allow_unicode=True), encoding="utf-8")
        source = read_packs([pack])
        problems = lint_source(source)
    for problem in problems:
        assert problem.line >= 1
        assert problem.message
        assert problem.mend
        assert problem.code.startswith("rules.")
        assert len(str(problem).splitlines()) == 1
    if problems:
        return "refused"
    made = inspect(transcript, cues, record, compile_packs(source))
    json.dumps(to_document(made), allow_nan=False)
    assert 0 <= made.score.total <= 100
    assert made == inspect(transcript, cues, record, compile_packs(source))
    return "judged"


@QUICK
@given(fuzzing.topics(), fuzzing_calls.transcripts(), fuzzing_calls.cues, fuzzing_calls.records())
def test_no_rule_file_and_no_call_crashes_the_judgement(topic, transcript, cues, record):
    assert survives(topic, transcript, cues, record) in ("refused", "judged")
