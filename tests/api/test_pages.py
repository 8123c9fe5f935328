"""The pages that Diting serves."""

import asyncio
from datetime import timedelta

from api.http.security import COOKIE, new_session, session_holds, session_key
from ingest.models import CallRow, RecordingRow, RefusalRow
from store.database import make_engine, make_session_factory, transaction
from store.settings import Settings
from tests.api.http_client import TOKEN, get


def test_the_first_page_lists_calls_numbers_and_refusals(client, world):
    page = get(client(), "/").text
    for words in ("S03", "恐吓威胁", "全部通话", "<b>5</b>", "S09-broken.wav", "audio."):
        assert words in page, words
    assert f'href="/calls/{world.ids["S03-threat"]}/report"' in page
    assert f'href="/calls/{world.ids["S08-third-party"]}/report"' not in page


def test_the_first_page_is_narrowed_and_starts_in_english_when_asked(client):
    page = get(client(), "/", params={"band": "critical", "lang": "en"}).text
    assert '<html lang="en">' in page
    assert "S03" in page
    assert "S01-clean" not in page
    assert "S09-broken.wav" not in page


def test_an_unjudged_call_is_not_shown_as_clean(client):
    page = get(client(), "/", params={"state": "unjudged"}).text
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
    page = get(client(database_url=sqlite_url), "/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_browser_signs_in_once(client, world):
    async def walk():
        async with client(api_token=TOKEN) as http:
            away = await http.get("/")
            form = await http.get("/sign-in")
            wrong = await http.post("/sign-in", data={"token": "guess"})
            right = await http.post("/sign-in", data={"token": TOKEN})
            inside = await http.get("/")
            sound = await http.get(f"/api/v1/calls/{world.ids['S03-threat']}/audio")
            return away, form, wrong, right, inside, sound

    away, form, wrong, right, inside, sound = asyncio.run(walk())
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in")
    assert 'action="/sign-in"' in form.text
    assert "form-action 'self'" in form.headers["content-security-policy"]
    assert wrong.status_code == 401
    assert COOKIE not in wrong.cookies
    assert right.status_code == 303
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert inside.status_code == 200
    assert sound.status_code == 200
    assert world.audited("recording.played")[-1].actor == "api:browser"


def test_a_report_asks_for_signing_in_too(client, world):
    response = get(client(api_token=TOKEN), f"/calls/{world.ids['S03-threat']}/report")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")


def test_a_form_that_is_too_large(client):
    async def post():
        async with client(api_token=TOKEN) as http:
            return await http.post("/sign-in", content=b"token=" + b"x" * 9000)

    response = asyncio.run(post())
    assert response.status_code == 422
    assert response.json()["code"] == "request.too_large"


def test_without_a_token_there_is_nothing_to_sign_in_to(client):
    response = get(client(), "/sign-in")
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_sessions_end_and_cannot_be_forged(tmp_path, clock):
    settings = Settings(data_dir=tmp_path, api_token=TOKEN)
    key, now = session_key(settings), clock.now()
    cookie = new_session(key, now)
    assert session_holds(cookie, key, now)
    assert session_holds(cookie, key, now + timedelta(hours=11))
    assert not session_holds(cookie, key, now + timedelta(hours=12))
    until, _, signature = cookie.partition(".")
    assert not session_holds(f"{int(until) + 999999}.{signature}", key, now)
    other = session_key(Settings(data_dir=tmp_path, api_token=TOKEN[::-1]))
    assert not session_holds(cookie, other, now)
    for nonsense in ("", ".", "x.y", "é.ü", signature):
        assert not session_holds(nonsense, key, now)
