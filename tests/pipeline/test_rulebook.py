"""Which packs judge: files as they lie, or what was approved, whatever the files say."""

from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.notices import notices
from pipeline.rulebook import ApprovedRulebook, FileRulebook, PinnedRulebook
from qc.approval.content import read_content
from qc.approval.models import PackVersionRow
from qc.approval.service import approve, propose, withdraw
from qc.approval.sets import load_set
from qc.compile import PackSet
from qc.verdicts.models import RuleAdvisoryRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import RuleError
from store.settings import Settings

TOPIC = """
rules:
- id: house.listen
  version: {rule}
  category: dismissive
  title: {{zh: 训斥客户, en: Scolds the customer}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrase}]}}
  examples: {{violates: [{phrase}], allowed: [您好]}}
"""


def write(folder: Path, version: int = 1, phrase: str = "你给我听好了") -> Path:
    pack = folder / "house"
    pack.mkdir(parents=True, exist_ok=True)
    head = f"id: house\nversion: {version}\nlanguage: zh\ntitle: {{zh: 规则, en: Rules}}\n"
    (pack / "pack.yaml").write_text(head, "utf-8")
    (pack / "topic.yaml").write_text(TOPIC.format(rule=version, phrase=phrase), "utf-8")
    return pack


class Site:
    """A site with a pack of its own."""

    def __init__(self, url: str, sessions: SessionFactory, clock: FixedClock, folder: Path) -> None:
        self.url, self.sessions, self.clock, self.folder = url, sessions, clock, folder
        write(folder)
        self.rulebook = self.open()

    def settings(self, **more: str) -> Settings:
        given = {"packs": ("house",), "rule_folders": (self.folder,), "database_url": self.url, **more}
        return Settings(data_dir=self.folder / "var", **given)

    def open(self, **more: str) -> ApprovedRulebook:
        return ApprovedRulebook(self.settings(**more), self.sessions, self.clock)

    def packs(self) -> PackSet:
        return self.rulebook.packs(("house",))

    def approve(self, folder: Path | None = None) -> None:
        content = read_content(folder or self.folder / "house")
        with transaction(self.sessions) as session:
            propose(session, self.clock, content, by="王敏")
            approve(session, self.clock, pack="house", by="李雷")

    def notices(self, **more: str) -> list[str]:
        with reading(self.sessions) as session:
            return [notice.code for notice in notices(session, self.settings(**more))]


@pytest.fixture
def site(database_url: str, session_factory: SessionFactory, clock: FixedClock, tmp_path: Path) -> Site:
    return Site(database_url, session_factory, clock, tmp_path / "packs")


def test_a_pack_that_was_never_approved_judges_nobody(site: Site) -> None:
    with pytest.raises(RuleError) as error:
        site.packs()
    assert error.value.code == "rules.never_approved"
    assert "diting rules propose house --by NAME" in str(error.value)
    assert site.notices() == ["rules.never_approved"]


def test_a_proposal_judges_nobody(site: Site) -> None:
    with transaction(site.sessions) as session:
        propose(session, site.clock, read_content(site.folder / "house"), by="王敏")
    with pytest.raises(RuleError):
        site.packs()
    assert site.notices() == ["rules.never_approved", "rules.waiting"]


def test_the_approved_version_judges_while_the_files_change(site: Site) -> None:
    site.approve()
    first = site.packs()
    assert site.notices() == []
    write(site.folder, 2, "闭嘴")

    assert site.packs() is first  # nothing was approved: nothing is read again
    assert site.open().packs(("house",)).hash == first.hash
    assert site.notices() == ["rules.differs"]

    site.approve()
    second = site.packs()  # without a restart
    assert [rule.name for rule in second.rules] == ["house.listen@2"]
    assert site.notices() == []
    with reading(site.sessions) as session:
        assert load_set(session, first.hash).rules[0].rule == first.rules[0].rule
        assert load_set(session, second.hash).hash == second.hash


def test_comments_are_no_difference(site: Site) -> None:
    site.approve()
    topic = site.folder / "house" / "topic.yaml"
    topic.write_text("# why\n" + topic.read_text("utf-8"), "utf-8")
    assert site.notices() == []


@pytest.mark.parametrize("text", [None, "rules: [\n"])
def test_files_that_are_gone_or_broken_stop_nobody(site: Site, text: str | None) -> None:
    site.approve()
    approved = site.packs()
    for path in (site.folder / "house").glob("*"):
        path.unlink()
    if text is not None:
        write(site.folder)
        (site.folder / "house" / "topic.yaml").write_text(text, "utf-8")

    assert site.open().packs(("house",)).hash == approved.hash
    assert site.notices() == ["rules.differs"]


def test_a_withdrawn_version_gives_way_and_its_successor_judges_under_a_hash_of_its_own(site: Site) -> None:
    site.approve()
    first = site.packs()
    site.approve(write(site.folder, 2, "闭嘴"))
    site.packs()
    with transaction(site.sessions) as session:
        withdraw(session, site.clock, pack="house", by="韩梅", version="2")

    back = site.packs()
    assert back.names == ("house@1",)
    assert back.rules[0].rule == first.rules[0].rule
    assert back.hash != first.hash  # calls judged by version 2 are judged again, as new inspections


def test_a_rule_that_drops_only_advises_from_the_next_call_on(site: Site) -> None:
    site.approve()
    plain = site.packs()
    pinned = PinnedRulebook(site.rulebook)
    assert pinned.packs(("house",)) is plain
    evidence = {"decided": 20, "overturned": 15, "least_share": 0.53}
    with transaction(site.sessions) as session:
        session.add(RuleAdvisoryRow(rule="house.listen@1", dropped_at=site.clock.now(), evidence=evidence))

    advised = site.packs()
    assert advised.advisory == ("house.listen@1",)
    assert advised.hash != plain.hash
    assert pinned.packs(("house",)) is plain  # work that belongs together goes on as it began
    assert site.notices() == ["rules.advisory"]


def test_small_sites_may_do_without_approval(site: Site) -> None:
    rulebook = site.open(pack_approval="none")
    packs = rulebook.packs(("house",))
    assert packs.hash == FileRulebook([site.folder]).packs(("house",)).hash
    assert site.notices(pack_approval="none") == []
    with reading(site.sessions) as session:
        (row,) = session.scalars(select(PackVersionRow))
        assert (row.origin, row.state, row.proposed_by) == ("files", "approved", "DITING_PACK_APPROVAL=none")
        assert load_set(session, packs.hash).hash == packs.hash  # kept all the same

    with pytest.raises(RuleError) as error:  # what nobody looked at is not approved by that
        site.packs()
    assert error.value.code == "rules.never_approved"
    site.approve()
    assert site.packs().names == ("house@1",)


def test_shipped_packs_are_approved_by_the_release(site: Site) -> None:
    packs = site.rulebook.packs(("us-regf",))
    with reading(site.sessions) as session:
        (row,) = session.scalars(select(PackVersionRow))
        assert (row.pack, row.origin, row.state) == ("us-regf", "shipped", "approved")
        assert load_set(session, packs.hash).hash == packs.hash


def test_an_unknown_pack_is_unknown(site: Site) -> None:
    with pytest.raises(RuleError) as error:
        site.rulebook.packs(("nowhere",))
    assert error.value.code == "rules.pack_unknown"
