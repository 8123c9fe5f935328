"""Where data of persons can lie: every table and column, by class of retention. A test compares this with the
schema, so that a new column has to be put in its place here before it is used.

`personal` columns hold words, names, numbers or ids of people outside; `other` ones nothing of the kind.
`mentions`: its rows may name a call of which they are not part, by key, number or hash; they stay when it
goes.
"""

from dataclasses import dataclass
from typing import Final, Literal

# Beside those of the policy: what runs the installation, its rules, its people. None of it is about debtors.
Keeps = Literal[
    "recordings",
    "transcripts",
    "results",
    "cases",
    "facts",
    "sources",
    "audit",
    "operation",
    "rules",
    "people",
]


@dataclass(frozen=True, slots=True)
class Known:
    """One table: its class, and its columns, with spaces between."""

    keeps: Keeps
    personal: str
    other: str
    mentions: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """All of them."""
        return frozenset([*self.personal.split(), *self.other.split()])


TABLES: Final[dict[str, Known]] = {
    "advice": Known(
        "results",
        "reason",
        "key model view created_at",
    ),
    "audit_entry": Known(
        "audit",
        "subject details",
        "seq at actor action previous_hash hash",
        mentions=True,
    ),
    "audit_head": Known(
        "audit",
        "",
        "id seq hash",
    ),
    "backtest": Known(
        "operation",
        "",
        "id version_id against_id calls state asked_by asked_at lease_token lease_until total done "
        "ended_at report code message",
        mentions=True,
    ),
    "calibration": Known(
        "operation",
        "",
        "id title expert reviewers opened_by opened_at closed_by closed_at",
    ),
    "calibration_answer": Known(
        "results",
        "",
        "id calibration_id call_id person number categories answered_at",
    ),
    "calibration_call": Known(
        "results",
        "",
        "calibration_id call_id",
    ),
    "call": Known(
        "results",
        "external_id agent_id customer_id customer_number case_id debtor_key record",
        "id source recording_sha256 started_at time_problem direction agent_team record_sha256 registered_at",
        mentions=True,
    ),
    "case_deadline": Known(
        "cases",
        "why document",
        "id case_id clock number title starts_at due_at rule_due_at met_at ended_at breached_at "
        "by_hand provisional force policy stamp next_at",
    ),
    "case_deadline_told": Known(
        "cases",
        "",
        "id case_id clock number due_at mark told_at",
    ),
    "case_event": Known(
        "cases",
        "details",
        "id case_id seq at actor action from_state to_state entry_sha256 sha256",
        mentions=True,
    ),
    "case_fact": Known(
        "facts",
        "subject call_key case_id customer_id number agent_id data place",
        "id kind as_of dated content_sha256 imported_at imported_by next_at",
    ),
    "case_lesson": Known(
        "cases",
        "claim cause solution search",
        "id case_id number type classification channel level causes result rating closed_at "
        "approved_by added_at",
    ),
    "coaching_task": Known(
        "results",
        "goal evidence",
        "id ticket_id source collector team category due_on coach follow_up window_days state "
        "created_by created_at ended_by ended_at draw_id",
    ),
    "complaint": Known(
        "cases",
        "external_number document",
        "id number case_id channel arrived_at received_at received_by sha256",
        mentions=True,
    ),
    "complaint_case": Known(
        "cases",
        "debtor_key debtor_name contact amount_due collector_id",
        "id number kind warning_id state version level source complexity first_seen_at opened_at "
        "updated_at closed_at currency client team advice reporter_id reviewer_id handler_id "
        "result",
    ),
    "complaint_warning": Known(
        "cases",
        "debtor_key advice indicators debtor_name contact amount_due",
        "id episode opened_at updated_at closed_at first_seen_at level score model source currency",
        mentions=True,
    ),
    "complaint_warning_call": Known(
        "results",
        "debtor_key evidence",
        "id warning_id call_id added_at",
        mentions=True,
    ),
    "deletion_order": Known(
        "audit",
        "subject reason",
        "id kind state ordered_by ordered_at approved_by approved_at done_at counts",
    ),
    "erasing": Known(
        "operation",
        "",
        "id",
    ),
    "figure_day": Known(
        "operation",
        "",
        "id whose topic day team agent_id name count",
    ),
    "figure_stale": Known(
        "operation",
        "",
        "id at",
    ),
    "finding": Known(
        "results",
        "document",
        "id inspection_id ordinal rule category kind status severity points start end",
        mentions=True,
    ),
    "finding_verdict": Known(
        "results",
        "person comment",
        "id finding_id number verdict decided_at",
    ),
    "hearing": Known(
        "transcripts",
        "cues second_hearing voice",
        "id transcript_id version created_at",
    ),
    "idempotency_key": Known(
        "operation",
        "answer",
        "caller key claim request_sha256 carried_out status headers started_at expires_at",
    ),
    "inspection": Known(
        "results",
        "document",
        "id call_id transcript_id pack_hash facts_hash packs score band newest created_at",
        mentions=True,
    ),
    "ledger_line": Known(
        "cases",
        "debtor_name contact amount collector_id",
        "case_id number kind source result handler_id reporter_id reviewer_id team client "
        "currency opened_at updated_at closed_at happened_at level_rank state_rank score "
        "advice_head signed_at verdict words_id awaited_due_at",
    ),
    "ledger_result": Known(
        "cases",
        "words",
        "case_id",
    ),
    "ledger_words": Known(
        "cases",
        "words",
        "id sha256",
    ),
    "legal_hold": Known(
        "cases",
        "reason release_reason",
        "id case_id call_id set_by set_at released_by released_at",
        mentions=True,
    ),
    "notice": Known(
        "cases",
        "document",
        "id message_id dedupe_key case_id event_id kind topic channel recipient urgent held state "
        "due_at attempts lease_token lease_until created_at sent_at policy reason digest_id",
        mentions=True,
    ),
    "notice_channel": Known(
        "operation",
        "",
        "name failures rests_until updated_at",
    ),
    "notice_delivery": Known(
        "cases",
        "reason",
        "id notice_id channel attempt token began_at ended_at outcome status",
    ),
    "pack_set": Known(
        "rules",
        "",
        "id hash content asked turn packs members advisory created_at",
    ),
    "pack_version": Known(
        "rules",
        "",
        "id pack version language content_hash files files_sha256 origin state proposed_by "
        "proposed_at approved_by approved_at withdrawn_by withdrawn_at",
    ),
    "person_password": Known(
        "people",
        "hash",
        "person_id changed_at",
    ),
    "person_session": Known(
        "people",
        "address browser",
        "id id_sha256 person_id opened_at seen_at expires_at ended_at ended_because enrols",
    ),
    "api_key": Known(
        "people",
        "sha256",
        "id person_id parent_id name prefix made_at expires_at used_at revoked_at",
    ),
    "sign_in_failure": Known(
        "people",
        "subject",
        "failures last_at locked_until",
    ),
    "second_factor": Known(
        "people",
        "secret",
        "person_id made_at confirmed_at last_step",
    ),
    "recovery_code": Known(
        "people",
        "sha256",
        "id person_id used_at",
    ),
    "setup_token": Known(
        "people",
        "sha256",
        "made_at expires_at used_at",
    ),
    "person": Known(
        "people",
        "name email token_sha256",
        "id roles team reports_to sees active added_at",
    ),
    "team": Known(
        "people",
        "",
        "name title active added_at",
    ),
    "recording": Known(
        "recordings",
        "original_name",
        "sha256 bytes codec source_rate source_channels duration_s stored_at",
    ),
    "refusal": Known(
        "sources",
        "name message sha256",
        "id key code mend first_at last_at times resolved_at",
        mentions=True,
    ),
    "retention_run": Known(
        "audit",
        "",
        "id kind night policy policy_sha256 started_by started_at busy_until cursor ended_at result",
    ),
    "review_seat": Known(
        "results",
        "",
        "id ticket_id seat number person because given_by given_at",
    ),
    "reviewer": Known(
        "people",
        "",
        "person languages products seniority capacity conflicts away changed_by changed_at",
    ),
    "role_decision": Known(
        "transcripts",
        "decided_by reason",
        "id call_id transcript_id replaced_id kind decided_at created_at",
    ),
    "rule_advisory": Known(
        "rules",
        "",
        "id rule dropped_at evidence restore_proposed_by restore_proposed_at restored_by "
        "restored_at decided_until",
    ),
    "saved_search": Known(
        "people",
        "name asked",
        "id owner team created_at updated_at",
    ),
    "search_text": Known(
        "transcripts",
        "agent customer other words",
        "call_id transcript_id version",
    ),
    "sampling_draw": Known(
        "operation",
        "",
        "id plan_id name part period_start period_end seed method filters rules strata population "
        "pending drawn drawn_by drawn_at",
        mentions=True,
    ),
    "sampling_pick": Known(
        "results",
        "",
        "id draw_id call_id stratum place second_review",
    ),
    "sampling_plan": Known(
        "rules",
        "",
        "id name version document sha256 added_by added_at",
    ),
    "scorecard": Known(
        "rules",
        "",
        "id name version document sha256 added_by added_at",
    ),
    "source_item": Known(
        "sources",
        "key name ref origin recording document message",
        "id source version record_version kind state bytes modified_at found_at next_at ended_at "
        "attempts code call_id",
        mentions=True,
    ),
    "source_state": Known(
        "operation",
        "message",
        "source lease_token lease_until scanned_at due_at failures code watermark window_at window_count",
    ),
    "stage_run": Known(
        "operation",
        "",
        "id stage outcome code up_to runs seconds audio_seconds",
    ),
    "ticket": Known(
        "results",
        "reasons",
        "id call_id inspection_id priority state plan assigned_to second_reviewer created_at version "
        "updated_at shared_at appeal_until final_at final_score final_band",
    ),
    "ticket_decision": Known(
        "results",
        "",
        "id ticket_id seq round stage finding_id missed category verdict by at",
    ),
    "ticket_event": Known(
        "results",
        "details",
        "id ticket_id seq at actor action from_state to_state sha256",
    ),
    "ticket_rating": Known(
        "results",
        "",
        "id ticket_id seq round stage card card_version item rating by at",
    ),
    "tombstone": Known(
        "audit",
        "",
        "id kind number key_sha256 recording_sha256 clause deleted_by deleted_at counts waits bytes_gone_at",
        mentions=True,
    ),
    "transcript": Known(
        "transcripts",
        "document",
        "id call_id engine model options_hash language created_at",
    ),
    "warning_debtor": Known(
        "cases",
        "debtor_key",
        "turns",
    ),
    "warning_item": Known(
        "cases",
        "external_id debtor_key reason document evidence reporter_id",
        "id source kind state warning_id happened_at received_at received_by decided_by "
        "decided_at content_sha256",
        mentions=True,
    ),
    "work": Known(
        "results",
        "error_message reasons",
        "call_id state failed_at lane lane_because attempts interruptions lease_owner lease_until "
        "next_at sent_at error_code trace updated_at",
    ),
    "view_log": Known(
        "audit",
        "actor subject reason",
        "id what call_id masked began_at last_at until heard export_id slot",
        mentions=True,
    ),
}
