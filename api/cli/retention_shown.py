"""How `diting retention` shows things: as tables and words, and as JSON."""

import json
from typing import Any

import typer
from rich.table import Table

from api.cli.console import Language, out
from api.words import Words
from pipeline.retention import holds
from pipeline.retention.decide import WHY
from pipeline.retention.models import DeletionOrderRow
from pipeline.retention.policy import Policy
from pipeline.retention.prove import Proof


def text(moment: Any) -> str | None:
    """A moment as JSON has it."""
    return moment.isoformat() if moment is not None else None


def why(code: str, lang: Language) -> str:
    """Why something is kept, in words."""
    return Words(*WHY[code]).say(lang.value)  # type: ignore[index] # of the table of counts


def show_lines(policy: Policy, lines: list[dict[str, Any]], as_json: bool, lang: Language) -> None:
    """The table of a plan or a run."""
    if as_json:
        typer.echo(json.dumps({"policy": policy.name, "lines": lines}, ensure_ascii=False))
        return
    heads = (
        Words("类别", "class"),
        Words("委托方", "creditor"),
        Words("删除", "goes"),
        Words("保留", "kept"),
    )
    table = Table(*(head.say(lang.value) for head in heads))
    for line in lines:
        kept = "\n".join(f"{number}  {why(code, lang)}" for code, number in line["kept"].items())
        table.add_row(line["class"], line["client"] or "—", str(line["goes"]), kept)
    out.print(table)
    out.print(Words(f"保存规则 {policy.name}。", f"Policy {policy.name}.").say(lang.value), markup=False)


def hold_document(one: holds.Held) -> dict[str, Any]:
    """A hold as JSON has it."""
    return {
        "call_id": one.call_id,
        "case": one.case,
        "by": one.set_by,
        "at": text(one.set_at),
        "reason": one.reason,
    }


def order_document(row: DeletionOrderRow) -> dict[str, Any]:
    """An order as JSON has it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "subject": row.subject,
        "state": row.state,
        "reason": row.reason,
        "by": row.ordered_by,
        "approved_by": row.approved_by,
        "done": text(row.done_at),
        "counts": row.counts,
    }


def show_order(row: DeletionOrderRow, lang: Language) -> None:
    """How an order stands."""
    rows = sum(row.counts.values())
    told = {
        "waiting": Words(f"申请 {row.id}：等待第二人批准。", f"Order {row.id} waits for a second person."),
        "ordered": Words(f"申请 {row.id}：待执行。", f"Order {row.id} is to be done."),
        "done": Words(
            f"申请 {row.id}：已删除 {rows} 条记录。", f"Order {row.id} is done: {rows} rows deleted."
        ),
    }
    out.print(told[row.state].say(lang.value), markup=False)


def show_call(document: dict[str, Any], lang: Language) -> None:
    """What becomes of a call."""
    out.print(document["call"], markup=False)
    for part, one in document["parts"].items():
        free = Words("可删除", "may be deleted").say(lang.value)
        kept = why(one["why"], lang) if one["why"] else free
        out.print(f"  {part}: {kept}; {one['due'] or '—'}; {one['clause']}", markup=False)
    _show_holds(document, lang)


def _show_holds(document: dict[str, Any], lang: Language) -> None:
    for one in document["holds"]:
        by = one["case"] or one["by"]
        told = Words(
            f"  保全：通话 {one['call_id']}，{by}，{one['reason']}",
            f"  hold: call {one['call_id']}, {by}, {one['reason']}",
        )
        out.print(told.say(lang.value), markup=False)


def show_all(policy: Policy, document: dict[str, Any], lang: Language) -> None:
    """Policy, runs, orders and holds."""
    out.print(Words(f"保存规则 {policy.name}", f"Policy {policy.name}").say(lang.value), markup=False)
    for what in ("recordings", "transcripts", "results", "cases", "facts", "sources", "audit"):
        out.print(f"  {what}: {policy.rule(what).keep}", markup=False)
    for one in document["runs"]:
        goes = sum(line["goes"] for line in one["result"])
        out.print(f"  {one['kind']} {one['started']} {one['policy']} {one['by']}: {goes}", markup=False)
    for one in document["orders"]:
        out.print(f"  order {one['id']}: {one['kind']} {one['subject']} {one['state']}", markup=False)
    _show_holds(document, lang)


def proof_document(proof: Proof) -> dict[str, Any]:
    """A proof as JSON has it."""
    return {
        "call": proof.call,
        "gone": proof.gone,
        "bytes_there": proof.bytes_there,
        "refused_again": proof.refused_again,
        "tombstones": [
            {"id": row.id, "kind": row.kind, "at": text(row.deleted_at), "clause": row.clause,
             "by": row.deleted_by, "counts": row.counts, "bytes_gone": text(row.bytes_gone_at)}
            for row in proof.tombstones
        ],
        "hits": [
            {"table": hit.table, "column": hit.column, "rows": hit.rows, "kind": hit.kind}
            for hit in proof.hits
        ],
    }  # fmt: skip


def show_proof(proof: Proof, lang: Language) -> None:
    """A proof in words."""
    for row in proof.tombstones:
        out.print(f"  {row.kind} {text(row.deleted_at)} {row.clause} {row.deleted_by}", markup=False)
    for hit in proof.hits:
        out.print(f"  {hit.kind}: {hit.table}.{hit.column or 'id'} {hit.rows}", markup=False)
    gone = Words(f"{proof.call}：已全部删除。", f"{proof.call}: nothing is left.")
    left = Words(f"{proof.call}：仍有数据。", f"{proof.call}: something is there.")
    out.print((gone if proof.gone else left).say(lang.value), markup=False)
