"""What the people of this installation should know about its rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.rulebook import differs, pack_id
from qc.approval.lookup import in_force, versions
from qc.packs import SHIPPED, default_packs, find_folder
from qc.verdicts.service import advisory
from store.errors import RuleError
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: what it is about, and a sentence in each language."""

    code: str
    zh: str
    en: str


def notices(session: Session, settings: Settings) -> list[Notice]:
    """Everything about the rules that somebody should look at, the most pressing first."""
    return [*_approvals(session, settings), *_proposals(session), *_advisory(session)]


def _approvals(session: Session, settings: Settings) -> Iterator[Notice]:
    """Packs that may not judge, or judge otherwise than their files say."""
    if settings.pack_approval == "none":
        return
    force = in_force(session)
    for name in _names(settings):
        folder = _folder(name, settings)
        if folder is not None and folder.resolve().parent == SHIPPED:
            continue
        pack = name if folder is None else pack_id(folder)
        row = force.get(pack)
        if row is None and folder is not None:
            yield Notice(
                "rules.never_approved",
                f"规则包 {pack} 从未获批，不能用于质检：diting rules propose {name} --by 姓名",
                f"the pack {pack} was never approved and cannot judge: diting rules propose {name} --by NAME",
            )
        elif row is not None and (folder is None or differs(row, folder)):
            yield Notice(
                "rules.differs",
                f"规则包 {pack} 的文件与获批版本 {row.version} 不同，质检仍用获批版本",
                f"the files of the pack {pack} differ from its approved version {row.version}, "
                "which goes on judging",
            )


def _proposals(session: Session) -> Iterator[Notice]:
    for row in versions(session):
        if row.state == "proposed":
            yield Notice(
                "rules.waiting",
                f"{row.proposed_by} 提出的 {row.name} 待另一人批准："
                f"diting rules approve {row.pack} --by 姓名",
                f"{row.name}, proposed by {row.proposed_by}, waits for another person: "
                f"diting rules approve {row.pack} --by NAME",
            )


def _advisory(session: Session) -> Iterator[Notice]:
    for row in advisory(session):
        decided, overturned = row.evidence["decided"], row.evidence["overturned"]
        yield Notice(
            "rules.advisory",
            f"规则 {row.rule} 的 {decided} 条已复核发现中有 {overturned} 条被推翻，现仅供参考",
            f"the rule {row.rule} only advises: people overturned {overturned} of its {decided} findings",
        )
        if row.restore_proposed_by is not None:
            yield Notice(
                "rules.restore_waiting",
                f"{row.restore_proposed_by} 提出恢复规则 {row.rule}，待另一人批准："
                f"diting rules restore {row.rule} --by 姓名",
                f"{row.restore_proposed_by} proposed to take {row.rule} back; another person has to agree: "
                f"diting rules restore {row.rule} --by NAME",
            )


def _names(settings: Settings) -> list[str]:
    """The packs that calls of this installation may be judged by."""
    names = [name for language in ("zh", "en") for name in default_packs(language)]
    names += settings.packs
    names += [name for packs in settings.client_packs.values() for name in packs]
    return list(dict.fromkeys(names))


def _folder(name: str, settings: Settings) -> Path | None:
    try:
        return find_folder(name, tuple(settings.rule_folders))
    except RuleError:
        return None
