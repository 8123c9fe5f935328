"""Reading packs from folders: files to validated records, every problem with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from qc.language.client import CLIENT, SAMPLE
from qc.language.condition import Condition
from qc.language.mistakes import explained
from qc.language.phrase import Phrase, compile_phrase
from qc.language.positions import Document, Place, Problem, read_document
from qc.language.schema import PackHead, Rule, Topic
from qc.language.state import State
from qc.matching.patterns import compile_regex

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Located:
    """A rule, concept or word list with its pack, language and place."""

    pack: str
    language: str
    document: Document
    place: Place

    def problem(
        self, code: str, inner: Place, message: str, mend: str, zh: tuple[str, str] | None = None
    ) -> Problem:
        """A problem at `inner` within this place."""
        return self.document.problem(code, (*self.place, *inner), message, mend, zh)


@dataclass(slots=True)
class Source:
    """What was read: pack heads in order, and everything in them by id. `known_rules` are all rules (id,
    version) with their places, also those that are not wanted."""

    heads: list[PackHead] = field(default_factory=list)
    head_places: dict[str, Located] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    words: dict[str, tuple[Located, list[str]]] = field(default_factory=dict)
    concepts: dict[str, tuple[Located, Condition]] = field(default_factory=dict)
    states: dict[str, tuple[Located, State]] = field(default_factory=dict)
    rules: list[tuple[Located, Rule]] = field(default_factory=list)
    known_rules: dict[tuple[str, int], Located] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    phrases: dict[tuple[str, str], Phrase] = field(default_factory=dict)
    regexes: dict[str, Any] = field(default_factory=dict)

    def word_lists(self) -> dict[str, list[str]]:
        """All word lists by name."""
        return {name: words for name, (_, words) in self.words.items()}

    def phrase(self, text: str, language: str) -> Phrase:
        """The phrase compiled, once for checking and for running.

        Raises:
            PhraseError: it cannot be read.
        """
        if (text, language) not in self.phrases:
            words = {**self.word_lists(), CLIENT: SAMPLE[language]}
            self.phrases[text, language] = compile_phrase(text, words, language)
        return self.phrases[text, language]

    def regex(self, text: str) -> Any:
        """The regular expression compiled, once for checking and for running.

        Raises:
            PatternError: it is refused.
        """
        if text not in self.regexes:
            self.regexes[text] = compile_regex(text, self.word_lists())
        return self.regexes[text]


def read_packs(folders: Sequence[Path], only: Path | None = None) -> Source:
    """Read pack folders (each with `pack.yaml`) in order. With `only`, rules are taken from that topic
    file alone; words and concepts always come from all files."""
    source = Source()
    for folder in folders:
        _read_pack(folder, source, only)
    return source


def _read_pack(folder: Path, source: Source, only: Path | None) -> None:
    head_path = folder / "pack.yaml"
    document = read_document(head_path, shown(head_path))
    source.problems += document.problems
    head = validated(PackHead, document.data, document, source.problems) if not document.problems else None
    if head is None:
        return
    if any(known.id == head.id for known in source.heads):
        source.problems.append(
            document.problem(
                "rules.duplicate",
                ("id",),
                f"the pack {head.id!r} is loaded twice",
                "Name it once.",
                (f"规则包 {head.id!r} 载入了两次", "请只写一次。"),
            )
        )
        return
    source.heads.append(head)
    source.head_places[head.id] = Located(head.id, head.language, document, ())
    source.folders[head.id] = folder
    for path in sorted(folder.glob("*.yaml")):
        if path.name != "pack.yaml":
            _read_topic(path, head, source, only)


def _read_topic(path: Path, head: PackHead, source: Source, only: Path | None) -> None:
    document = read_document(path, shown(path))
    source.problems += document.problems
    if document.problems:
        return
    topic, broken = _validated_topic(document)
    source.problems += broken

    def located(*place: str | int) -> Located:
        return Located(head.id, head.language, document, place)

    for name, words in topic.words.items():
        _add(source.words, name, (located("words", name), words), source.problems)
    for name, concept in topic.concepts.items():
        _add(source.concepts, name, (located("concepts", name), concept), source.problems)
    for name, state in topic.states.items():
        _add(source.states, name, (located("states", name), state), source.problems)
    for index, rule in _numbered_rules(document, topic):
        place = located("rules", index)
        first = source.known_rules.setdefault((rule.id, rule.version), place)
        others = {known.pack for (known_id, _), known in source.known_rules.items() if known_id == rule.id}
        if first is not place or others != {head.id}:
            given = f"the rule {rule.id!r} is given twice"
            mend = "Give every rule its own id; a new wording is a new version, in the same pack."
            zh = (
                f"规则 {rule.id!r} 写了两次",
                "每条规则一个编号；改写请用新的版本号，并放在同一个规则包中。",
            )
            source.problems.append(place.problem("rules.duplicate", ("id",), given, mend, zh))
        elif only is None or path.resolve() == only.resolve():
            source.rules.append((place, rule))


def _add(
    known: dict[str, tuple[Located, Model]] | dict[str, tuple[Located, list[str]]],
    name: str,
    entry: tuple[Located, object],
    problems: list[Problem],
) -> None:
    if name in known:
        first = known[name][0].document
        problems.append(
            entry[0].problem(
                "rules.duplicate",
                (),
                f"{name!r} is already given in {first.file}",
                "Rename one.",
                (f"{name!r} 已在 {first.file} 中给出", "请换一个名称。"),
            )
        )
        return
    known[name] = entry  # type: ignore[assignment]


def _validated_topic(document: Document) -> tuple[Topic, list[Problem]]:
    """The topic without what is wrong in it: one bad rule must not hide the problems of the others."""
    problems: list[Problem] = []
    data = document.data if document.data is not None else {}
    if not isinstance(data, dict):
        zh = ("文件应由“键: 值”组成", "请用 words、concepts、rules 三个键。")
        mend = "Use the keys words, concepts, rules."
        problem = document.problem("rules.schema", (), "must be a mapping", mend, zh)
        return Topic(), [problem]
    try:
        return Topic.model_validate(data), []
    except ValidationError as error:
        problems += explained(error, document, Topic)
    clean = dict(data)
    for section in ("words", "concepts", "states"):
        if isinstance(clean.get(section), dict):
            clean[section] = {
                key: value for key, value in clean[section].items() if _valid(section, {key: value})
            }
    if isinstance(clean.get("rules"), list):
        clean["rules"] = [rule for rule in clean["rules"] if _valid("rules", [rule])]
    clean = {key: value for key, value in clean.items() if key in Topic.model_fields and _valid(key, value)}
    return Topic.model_validate(clean), problems


def _valid(section: str, value: object) -> bool:
    try:
        Topic.model_validate({section: value})
    except ValidationError:
        return False
    return True


def _numbered_rules(document: Document, topic: Topic) -> Iterator[tuple[int, Rule]]:
    """Rules with their index in the file (rules that failed validation are missing from the topic)."""
    listed = document.data.get("rules") if isinstance(document.data, dict) else None
    if not isinstance(listed, list):
        return
    whole = len(listed) == len(topic.rules)
    kept = [index for index, item in enumerate(listed) if whole or _valid("rules", [item])]
    yield from zip(kept, topic.rules, strict=True)


def validated(model: type[Model], data: object, document: Document, problems: list[Problem]) -> Model | None:
    """`data` as `model`, or None with the problems added."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems += explained(error, document, model)
        return None


def conditions_in(condition: Condition, place: Place = ()) -> Iterator[tuple[Place, Condition]]:
    """`condition` and every condition inside it, with their places."""
    yield place, condition
    kind = condition.kind
    inner = getattr(condition, kind)
    if kind in ("any", "all", "none"):
        for index, child in enumerate(inner):
            yield from conditions_in(child, (*place, kind, index))
    elif kind in ("absent", "somewhere", "nowhere"):
        yield from conditions_in(inner, (*place, kind))
    elif kind in ("order", "repeat", "near", "answer"):
        for name in ("first", "then", "between", "without", "of"):
            child = getattr(inner, name, None)
            if child is not None:
                yield from conditions_in(child, (*place, kind, name))


def conditions_of(state: State) -> Iterator[tuple[Place, Condition]]:
    """The conditions that change a state, with their places."""
    for name in ("opened", "acknowledged", "resolved", "withdrawn"):
        condition = getattr(state, name)
        if condition is not None:
            yield (name,), condition


def shown(path: Path) -> str:
    """The path as people will look for it: relative to the working folder where it is inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
