"""Every table and column is classified, and what hangs on calls and cases is what we think."""

from sqlalchemy import true

from pipeline.retention.erase import TABLES as BY_PART
from pipeline.retention.places import TABLES
from pipeline.retention.rows import hanging
from pipeline.schema import whole_metadata


def test_every_table_and_column_is_classified() -> None:
    schema = {name: frozenset(table.columns.keys()) for name, table in whole_metadata().tables.items()}
    assert {name: known.columns for name, known in TABLES.items()} == schema, (
        "put what is new in its place in pipeline/retention/places.py: may it hold personal data?"
    )


def test_what_hangs_on_a_call_is_deleted_with_its_class() -> None:
    found = set(hanging("call", true()))
    parts = {table for tables in BY_PART.values() for table in tables}
    assert found - parts == {"call", "legal_hold", "source_item", "work"}
    assert parts <= found
    for part, tables in BY_PART.items():
        assert {TABLES[table].keeps for table in tables} <= {part}


def test_personal_columns_hang_on_something_or_go_by_their_date() -> None:
    """A table with personal data that nothing deletes would be kept for ever in silence."""
    reached = set(hanging("call", true())) | set(hanging("warning_debtor", true()))
    by_hash_or_date = {
        "recording",
        "refusal",
        "case_fact",
        "advice",
        "ledger_words",
        "deletion_order",
        "idempotency_key",
    }
    kept_on_purpose = {"audit_entry", "person", "saved_search", "source_state", "view_log"}
    of_accounts = {"person_password", "person_session", "api_key", "sign_in_failure", "setup_token"}
    of_accounts |= {"second_factor", "recovery_code"}
    personal = {name for name, known in TABLES.items() if known.personal}
    assert personal - reached - by_hash_or_date == kept_on_purpose | of_accounts
