"""The pages that Diting serves."""

from ingest.models import CallRow, RecordingRow, RefusalRow
from store.database import make_engine, make_session_factory, transaction
from tests.api.http_client import TOKEN, get


def test_the_first_page_lists_calls_numbers_and_refusals(client, world):
    page = get(client(), "/plain").text
    for words in ("S03", "恐吓威胁", "全部通话", "<b>5</b>", "S09-broken.wav", "audio."):
        assert words in page, words
    assert f'href="/calls/{world.ids["S03-threat"]}/report"' in page
    assert f'href="/calls/{world.ids["S08-third-party"]}/report"' not in page


def test_the_first_page_is_narrowed_and_starts_in_english_when_asked(client):
    page = get(client(), "/plain", params={"band": "critical", "lang": "en"}).text
    assert '<html lang="en">' in page
    assert "S03" in page
    assert "S01-clean" not in page
    assert "S09-broken.wav" not in page


def test_an_unjudged_call_is_not_shown_as_clean(client):
    page = get(client(), "/plain", params={"state": "unjudged"}).text
    assert "S10" in page
    assert "pill band-clean" not in page
    assert "≤" in page


def test_the_report_streams_its_recording_and_is_on_record(client, world):
    number = world.ids["S03-threat"]
    response = get(client(), f"/calls/{number}/report")
    assert response.status_code == 200
    assert f'src="/api/v1/calls/{number}/audio"' in response.text
    assert "media-src 'self'" in response.headers["content-security-policy"]
    assert "恐吓威胁" in response.text
    (entry,) = world.audited("report.read")
    assert entry.subject.endswith("/S03-threat")


def test_hostile_names_stay_text_in_the_list(client, sqlite_url, clock):
    engine = make_engine(sqlite_url)
    evil = "<script>alert(1)</script>"
    with transaction(make_session_factory(engine)) as session:
        sound = {"bytes": 1, "codec": evil, "source_rate": 8000, "source_channels": 1, "duration_s": 1.0}
        session.add(RecordingRow(sha256="0" * 64, original_name=evil, stored_at=clock.now(), **sound))
        session.flush()
        record = {"agent": {"name": evil, "team": evil}, "customer": {"name": evil, "number": evil}}
        call = CallRow(source=evil, external_id=evil, recording_sha256="0" * 64, record=record)
        call.debtor_key, call.record_sha256, call.registered_at = evil, "0" * 64, clock.now()
        refusal = RefusalRow(key="0" * 64, name=evil, code=evil, message=evil, mend=evil, times=1)
        refusal.first_at = refusal.last_at = clock.now()
        session.add_all([call, refusal])
    engine.dispose()
    page = get(client(database_url=sqlite_url), "/plain").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_report_asks_for_signing_in_too(client, world):
    response = get(client(api_token=TOKEN), f"/calls/{world.ids['S03-threat']}/report")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
