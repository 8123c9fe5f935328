"""A house in which the stories of the pages play: `python -m tests.web.house`, with DITING_DATA_DIR set.

Listens to the sample calls, which takes minutes, and adds a call of an hour and a person of every role. Does
nothing twice.
"""

from typing import Final

from sqlalchemy import select

from api.cli.demo import SAMPLES, work
from pipeline.intake import take_in
from pipeline.tools import Tools, open_tools
from qc.approval.content import PackContent, read_content
from qc.approval.models import PackVersionRow
from qc.approval.service import approve, propose
from store import migrate
from store.database import transaction
from store.identity.passwords import set_password
from store.people import Person, PersonRow, add_person
from store.settings import Settings
from tests.api.rules_site import write_house
from tests.web.long_call import put_long_call

# Nobody is asked for it outside of stories: a house of this kind serves its own machine alone.
PASSWORD: Final = "紫色的灯塔与三只企鹅正在唱歌"
PEOPLE: Final = (
    Person("admin", "系统管理员", ("admin",)),
    Person("head", "周部长", ("department_head",), sees=("*",)),
    Person("control", "吴防控", ("control_lead",)),
    Person("officer", "郑专员", ("complaint_officer",)),
    Person("legal", "冯法务", ("legal",)),
    Person("auditor", "陈审计", ("auditor",)),
    Person("lead", "许质检", ("qc_lead",)),
    Person("reviewer", "何质检", ("qc_reviewer",)),
    Person("second", "吕质检", ("qc_reviewer",)),
    Person("service", "施客服", ("customer_service",)),
    Person("boss1", "张主管", ("supervisor",), "T1"),
    Person("boss2", "孔主管", ("supervisor",), "T2"),
    Person("A101", "林晓", ("collector",), "T1", "boss1"),
    Person("A105", "苏敏", ("collector",), "T1", "boss1"),
    Person("A117", "高强", ("collector",), "T2", "boss2"),
    Person("A122", "邓波", ("collector",), "T2", "boss2"),
)


def main() -> None:
    """Make the house."""
    settings = Settings()
    pack = write_house(settings.data_dir / "rules", phrase="我明天接着打")
    migrate.upgrade(settings.database_url)
    tools = open_tools(settings)
    try:
        for person in PEOPLE:
            with transaction(tools.sessions) as session:
                if session.get(PersonRow, person.id) is None:
                    add_person(session, tools.clock, person)
                    set_password(session, tools.clock, person.id, PASSWORD, by="cli")
        _approve(tools, read_content(pack))
        list(take_in(tools, SAMPLES, actor="demo"))
        work(settings, tools, 2, "zh")
        put_long_call(tools)
        work(settings, tools, 2, "zh")
    finally:
        tools.close()


def _approve(tools: Tools, content: PackContent) -> None:
    """A pack of the house's own, proposed by one person and approved by another."""
    with transaction(tools.sessions) as session:
        if session.scalar(select(PackVersionRow.id).where(PackVersionRow.pack == content.pack)) is None:
            propose(session, tools.clock, content, by="lead")
            approve(session, tools.clock, pack=content.pack, by="legal")


if __name__ == "__main__":
    main()
