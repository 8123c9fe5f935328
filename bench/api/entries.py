"""A million calls as the product would have stored them, made quickly.

What is said and found comes from the labelled calls of `bench/calls`, cut short to `TURNS` turns and
judged by the shipped rules once; each call then says one thing of its own. Most calls are dull, as in real
life. Rows are those of the product, without voices, audit entries and the bytes of recordings.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bench.api.bulk import escaped, line
from ingest.metadata import load_call_record
from pipeline.judging import Judge
from qc.document import finding_to_document
from qc.document import to_document as inspection_document
from qc.findings import Inspection, band_to_tell
from store.settings import Settings
from transcription.document import to_document
from transcription.given import load_transcript
from transcription.search.index import as_tsvector
from transcription.search.tokens import VERSION, index_words, plain, units
from transcription.types import Transcript, Utterance

CALLS: Final = Path(__file__).parents[1] / "calls"
TURNS: Final = 7
DAYS: Final = 365
END: Final = datetime(2026, 6, 30, 16, tzinfo=UTC)  # midnight in Shanghai
TEAMS: Final = tuple(f"团队{number:02}" for number in range(40))
COLLECTORS: Final = tuple((f"A{number:04}", TEAMS[number % len(TEAMS)]) for number in range(400))
DULL: Final = 0.85
_MARK: Final = "@@@@"
_PHRASES: Final = 20_000
_HOURS: Final = (
    (8, 2),
    (9, 8),
    (10, 10),
    (11, 9),
    (12, 3),
    (13, 3),
    (14, 9),
    (15, 10),
    (16, 9),
    (17, 7),
    (18, 4),
    (19, 4),
    (20, 2),
    (21, 1),
)
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰鹏飞红鑫波斌宇浩凯健俊帆雪琳倩颖梅婷"
_PLACES: Final = "临江云山海东西南北安宁平阳清河长沙石门青岭金谷白沙龙泉凤台新桥古田丰湖"
_WORK: Final = (
    "超市",
    "工地",
    "医院",
    "学校",
    "快递站",
    "物流园",
    "餐馆",
    "电子厂",
    "服装店",
    "银行",
    "养老院",
    "汽修店",
    "网吧",
    "酒店",
)

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    table: tuple(columns.split())
    for table, columns in {
        "recording": ("sha256 bytes codec source_rate source_channels duration_s original_name stored_at"),
        "call": (
            "id source external_id recording_sha256 started_at direction agent_id agent_team "
            "customer_id customer_number case_id debtor_key record record_sha256 "
            "registered_at"
        ),
        "work": "call_id state reasons attempts interruptions updated_at",
        "transcript": "id call_id engine model options_hash language document created_at",
        "search_text": "call_id transcript_id version agent customer other words",
        "inspection": "id call_id transcript_id pack_hash packs score band document created_at",
        "finding": ('inspection_id ordinal rule category kind status severity points start "end" document'),
        "ticket": "call_id inspection_id priority state reasons created_at",
        "warning_debtor": "debtor_key turns",
        "complaint_warning": (
            "id debtor_key episode opened_at updated_at first_seen_at level score model "
            "source advice indicators"
        ),
        "complaint_warning_call": "warning_id call_id debtor_key evidence added_at",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One labelled call, judged: what its rows have in common, ready for COPY."""

    record: dict[str, Any]
    document: str
    said: tuple[str, str, str]
    words: str
    inspection: Inspection
    judged: str
    findings: tuple[str, ...]
    duration_s: float


def patterns(limit: int | None = None) -> list[Pattern]:
    """The labelled calls, those with the fewest findings first."""
    judge = Judge(Settings())
    made = [_pattern(judge, path) for path in sorted(CALLS.glob("*.transcript.json"))[:limit]]
    return sorted(made, key=lambda each: len(each.findings))


def _pattern(judge: Judge, path: Path) -> Pattern:
    record = load_call_record(path.with_name(path.name.replace(".transcript.", ".call.")))
    transcript = load_transcript(path)
    short = replace(transcript, utterances=transcript.utterances[:TURNS])
    made = judge.inspect(record, short, ())
    last = short.utterances[-1]
    own = Utterance(last.id + 1, "customer", last.end + 1, last.end + 4, _MARK)
    whole = replace(short, utterances=(*short.utterances, own))
    said, words = _indexed(short)
    return Pattern(
        record={**record.model_dump(mode="json"), "history": []},
        document=escaped(json.dumps(to_document(whole), ensure_ascii=False)),
        said=said,
        words=words,
        inspection=made,
        judged=escaped(json.dumps(inspection_document(made), ensure_ascii=False)),
        findings=tuple(
            line(
                ordinal, each.rule, each.category, each.kind, each.status, each.severity, each.points,
                each.start, each.end, json.dumps(finding_to_document(each), ensure_ascii=False),
            )
            for ordinal, each in enumerate(made.findings)
        ),
        duration_s=own.end,
    )  # fmt: skip


def _indexed(transcript: Transcript) -> tuple[tuple[str, str, str], str]:
    said: dict[str, list[str]] = defaultdict(list)
    words: dict[Any, list[str]] = defaultdict(list)
    for each in transcript.utterances:
        parts = units(each.text)
        said[each.speaker].append(plain(parts))
        words[each.speaker] += index_words(parts)
    texts = tuple(escaped("\n".join(said[who])) for who in ("agent", "customer", "unknown"))
    return (texts[0], texts[1], texts[2]), as_tsvector(words)


def own_words(rng: random.Random) -> tuple[str, str, str]:
    """Something that one customer says: as it is written, as it is searched, and its words."""
    name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2))
    place = "".join(rng.sample(_PLACES, 2))
    text = f"我是{name}，在{place}路的{rng.choice(_WORK)}上班。"
    parts = units(text)
    return text, plain(parts), as_tsvector({"customer": index_words(parts)})


class Maker:
    """Rows of calls, batch by batch."""

    def __init__(self, count: int, seed: int = 7, among: int | None = None) -> None:
        self._rng = random.Random(seed)
        self._count = count
        made = patterns(among)
        self._dull, self._others = made[: max(1, len(made) // 4)], made
        self._phrases = [own_words(self._rng) for _ in range(min(_PHRASES, max(10, count)))]
        self._debtors = max(1, count // 4)
        self._warned = max(1, self._debtors // 50)

    def batches(self, size: int) -> Iterator[dict[str, list[str]]]:
        """Lines by table, so many calls at once; what others refer to comes first."""
        for start in range(1, self._count + 1, size):
            rows: dict[str, list[str]] = {name: [] for name in COLUMNS}
            if start == 1:
                self._warnings(rows)
            for number in range(start, min(start + size, self._count + 1)):
                self._call(rows, number)
            yield rows

    def _when(self, number: int) -> datetime:
        day = (number - 1) * DAYS // self._count
        hour = self._rng.choices([hour for hour, _ in _HOURS], [weight for _, weight in _HOURS])[0]
        begin = END - timedelta(days=DAYS - day)
        return begin + timedelta(hours=hour, seconds=self._rng.randrange(3600))

    def _call(self, rows: dict[str, list[str]], number: int) -> None:
        rng = self._rng
        one = rng.choice(self._dull if rng.random() < DULL else self._others)
        at = self._when(number)
        agent, team = rng.choice(COLLECTORS)
        debtor = rng.randrange(self._debtors)
        record = one.record | {
            "external_id": f"B{number}", "source": "bench", "started_at": at.isoformat(),
            "agent": {"id": agent, "team": team},
            "customer": {"id": f"C{debtor}", "number": f"+86154{debtor:08d}", "timezone": "Asia/Shanghai"},
        }  # fmt: skip
        key, sha256, moment = f"customer:C{debtor}", f"{number:064x}", at.isoformat()
        rows["recording"].append(
            line(sha256, 96_000, "opus", 8000, 2, one.duration_s, f"B{number}.opus", moment)
        )
        rows["call"].append(
            line(
                number, "bench", f"B{number}", sha256, moment, "outbound", agent, team, f"C{debtor}",
                f"+86154{debtor:08d}", None, key, json.dumps(record, ensure_ascii=False), sha256, moment,
            )
        )  # fmt: skip
        state = "unjudged" if one.inspection.unjudged else "assessed"
        rows["work"].append(line(number, state, "[]", 0, 0, moment))
        self._words(rows, number, one, moment)
        self._judged(rows, number, one, moment)
        if debtor < self._warned:
            rows["complaint_warning_call"].append(line(debtor + 1, number, key, "{}", moment))

    def _words(self, rows: dict[str, list[str]], number: int, one: Pattern, moment: str) -> None:
        text, said, words = self._rng.choice(self._phrases)
        document = one.document.replace(_MARK, text)
        rows["transcript"].append(f"{number}\t{number}\tgiven\tbench\tx\tzh\t{document}\t{moment}\n")
        agent, customer, other = one.said
        rows["search_text"].append(
            f"{number}\t{number}\t{VERSION}\t{agent}\t{customer}\\n{said}\t{other}\t{one.words} {words}\n"
        )

    def _judged(self, rows: dict[str, list[str]], number: int, one: Pattern, moment: str) -> None:
        made = one.inspection
        band = band_to_tell(made.score.band, judged=not made.unjudged)
        packs = json.dumps(list(made.packs))
        rows["inspection"].append(
            f"{number}\t{number}\t{number}\t{made.pack_hash}\t{escaped(packs)}\t{made.score.total}\t{escaped(band)}"
            f"\t{one.judged}\t{moment}\n"
        )
        rows["finding"] += [f"{number}\t{each}" for each in one.findings]
        if made.ticket is not None:
            old = number < self._count * 0.97
            reasons = json.dumps(list(made.ticket.reasons), ensure_ascii=False)
            state = "withdrawn" if old and self._rng.random() < 0.3 else "final" if old else "open"
            rows["ticket"].append(line(number, number, made.ticket.priority, state, reasons, moment))

    def _warnings(self, rows: dict[str, list[str]]) -> None:
        advice = json.dumps(
            {"zh": "由投诉专员跟进。", "en": "Hand over to a complaint officer."}, ensure_ascii=False
        )
        begin = END - timedelta(days=DAYS)
        for debtor in range(self._warned):
            key = f"customer:C{debtor}"
            at = begin + timedelta(seconds=self._rng.randrange(DAYS * 86_400))
            level = self._rng.choices(("low", "medium", "high"), (6, 3, 1))[0]
            score = {"low": 12, "medium": 40, "high": 82}[level]
            rows["warning_debtor"].append(line(key, 1))
            rows["complaint_warning"].append(
                line(debtor + 1, key, 1, at, at, at, level, score, "default@1", "call", advice, "[]")
            )
