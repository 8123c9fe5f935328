"""`diting calls export-vcon`: a judged call in the container that other systems read."""

import json
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from api.cli.console import Language, err
from api.cli.database import prepare_database
from api.cli.me import me
from api.cli.storage import find_call
from api.stored import stored_result
from api.vcon import to_vcon
from api.words import Words
from qc.models import InspectionRow
from store.clock import SystemClock
from store.database import open_sessions, transaction
from store.errors import BadInputError, ConflictError
from store.settings import Settings
from store.views import Subject, Viewing, exported, new_export_id


def export_vcon(
    call: Annotated[str, typer.Argument(metavar="CALL", help="number, SOURCE/EXTERNAL_ID, or external id")],
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="default: standard output")
    ] = None,
    unmasked: Annotated[bool, typer.Option("--unmasked", help="numbers and names in full")] = False,
    recording: Annotated[
        bool, typer.Option("--recording", help="the recording inside; needs --unmasked")
    ] = False,
    lang: Annotated[Language | None, typer.Option(help="of the explanations; default: of the call")] = None,
) -> None:
    """Write a judged call as vCon (IETF). 导出 vCon。

    Redacted unless --unmasked. It carries the number under which the view log says who took it, and when.
    """
    if recording and not unmasked:
        raise BadInputError(
            "a recording cannot be masked",
            code="cli.usage",
            where="--recording",
            mend="Add --unmasked, or leave the recording out.",
        )
    settings = Settings()
    prepare_database(settings)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        row = find_call(session, call)
        result = stored_result(session, row, language=lang.value if lang else None)
        if result is None:
            raise ConflictError(
                "the call has not been inspected yet",
                code="call.not_inspected",
                where=f"call {row.source}/{row.external_id}",
                mend="Wait for it, or see with `diting retry` why it is stuck.",
            )
        newest = select(InspectionRow.created_at).where(InspectionRow.call_id == row.id)
        created_at = session.scalars(newest.order_by(InspectionRow.id.desc()).limit(1)).one()
        content = settings.recording_store().read(row.recording_sha256) if recording else None
        name = row.recording.original_name
        clock, actor, export_id = SystemClock(), me(), new_export_id()
        vcon = to_vcon(
            result,
            created_at=created_at,
            file=name,
            recording=content,
            full=unmasked,
            taken={"export": export_id, "by": actor, "at": clock.now().isoformat()},
        )
        exported(
            session,
            clock,
            Viewing(actor, Subject(f"call:{row.source}/{row.external_id}", row.id), masked=not unmasked),
            export_id=export_id,
            action="call.exported",
            details={"unmasked": unmasked, "recording": recording, "uuid": vcon["uuid"]},
        )
    _write(json.dumps(vcon, ensure_ascii=False), file, lang)


def _write(text: str, file: Path | None, lang: Language | None) -> None:
    if file is None:
        typer.echo(text)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            f"cannot be written ({error.strerror})",
            code="cli.unwritable",
            where=str(file),
            mend="Choose another file.",
        ) from error
    err.print(Words(f"已写入 {file}", f"Written: {file}").say((lang or Language.ZH).value), markup=False)
