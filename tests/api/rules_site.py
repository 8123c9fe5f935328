"""An installation with a pack of its own, and people who look at it over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.http.app import create_app
from qc.approval.content import read_content
from qc.approval.service import approve, propose
from store.clock import FixedClock
from store.database import open_sessions, transaction
from store.people import Person, Role, add_person, new_token
from store.settings import Settings
from tests.api.http_client import TOKEN

Story = Callable[[httpx.AsyncClient], Awaitable[None]]
PEOPLE: dict[str, Role] = {
    "lead": "qc_lead", "lawyer": "legal", "reviewer": "qc_reviewer", "auditor": "auditor",
    "collector": "collector", "root": "admin",
}  # fmt: skip
HEAD = "id: house\nversion: {version}\nlanguage: zh\ntitle: {{zh: 本公司, en: House}}\n"
RULE = """- id: house.scolds
  version: {version}
  status: {status}
  category: dismissive
  title: {{zh: 训斥客户, en: Scolds the customer}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrase}]}}
  advice: {{zh: 请慢慢说, en: Take your time}}
  examples: {{violates: [{phrase}], allowed: [您好]}}
"""


def head(version: int = 1) -> str:
    return HEAD.format(version=version)


def rule(version: int = 1, phrase: str = "你给我听好了", status: str = "stable") -> str:
    return RULE.format(version=version, phrase=phrase, status=status)


def write_house(folder: Path, version: int = 1, phrase: str = "你给我听好了") -> Path:
    pack = folder / "house"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.yaml").write_text(head(version), "utf-8")
    (pack / "tone.yaml").write_text(f"rules:\n{rule(version, phrase)}", "utf-8")
    return pack


@dataclass
class RulesSite:
    """The installation; `tell` plays a story as one person."""

    settings: Settings
    clock: FixedClock
    folder: Path
    tokens: dict[str, str]

    def tell(self, who: str, story: Story) -> None:
        app = create_app(self.settings, clock=self.clock)

        async def walk() -> None:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            shown = {"Authorization": f"Bearer {self.tokens[who]}"}
            async with httpx.AsyncClient(transport=transport, base_url="http://d", headers=shown) as http:
                await story(http)

        asyncio.run(walk())
        app.state.engine.dispose()

    def approved(self, pack: Path, *, by: str = "李雷") -> None:
        content = read_content(pack)
        with open_sessions(self.settings.database_url) as sessions, transaction(sessions) as session:
            propose(session, self.clock, content, by="王敏")
            approve(session, self.clock, pack=content.pack, by=by)


def open_site(url: str, folder: Path, clock: FixedClock) -> RulesSite:
    packs = folder / "packs"
    settings = Settings(
        data_dir=folder / "var", database_url=url, api_token=TOKEN, rule_folders=(packs,), packs=("house",)
    )
    tokens = {}
    with open_sessions(url) as sessions, transaction(sessions) as session:
        for person, role in PEOPLE.items():
            add_person(session, clock, Person(person, person, (role,)))
            tokens[person] = new_token(session, clock, person)
    return RulesSite(settings, clock, packs, tokens)
