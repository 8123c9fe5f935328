"""Renders the report: one HTML file that asks nothing of the network and runs only its own script."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from api import templates
from api.report import recording, timeline, view, voice, voice_chart
from api.report.audio import BrowserFile
from api.report.view import RuleText
from api.words import Lang


class VersionLink(NamedTuple):
    """Where the report of one version of the transcript is read, if it is judged already."""

    number: int
    href: str
    judged: bool
    shown: bool


def render(
    result: Mapping[str, Any],
    *,
    sound: str | None = None,
    converted: bool = False,
    rules: Mapping[str, RuleText] | None = None,
    lang: Lang = "zh",
) -> str:
    """The report of one call, to be kept as a file.

    Args:
        result: the object that `diting inspect --json` prints (docs/formats.md).
        sound: the address of the recording, if it can be played.
        converted: whether that is a copy in another format.
        rules: titles, advice and quotes of the rules that fired, by `id@version`.
        lang: the language shown first; the reader can switch.
    """
    return _page(result, sound, converted, rules, lang, media="data:", home=None, versions=())[0]


def render_with_sound(
    result: Mapping[str, Any],
    audio: BrowserFile | None,
    *,
    rules: Mapping[str, RuleText] | None = None,
    lang: Lang = "zh",
) -> Iterator[str]:
    """The report of one call with the recording embedded, in parts: a long recording is never held whole."""
    if audio is None:
        yield render(result, rules=rules, lang=lang)
        return
    place = secrets.token_hex(16)  # stands nowhere else in the page
    html = render(result, sound=place, converted=audio.converted, rules=rules, lang=lang)
    before, _, after = html.partition(place)
    yield before
    yield from audio.data_uri()
    yield after


def render_served(
    result: Mapping[str, Any],
    *,
    audio_url: str,
    rules: Mapping[str, RuleText] | None = None,
    lang: Lang = "zh",
    home: str = "/",
    versions: Sequence[VersionLink] = (),
) -> tuple[str, str]:
    """The report as Diting itself serves it, with its content security policy: the recording is streamed
    from `audio_url`, so that every listening is on record. Several `versions` are offered to choose from,
    the last one being current."""
    return _page(result, audio_url, False, rules, lang, media="'self'", home=home, versions=versions)


def _page(
    result: Mapping[str, Any],
    sound: str | None,
    converted: bool,
    rules: Mapping[str, RuleText] | None,
    lang: Lang,
    *,
    media: str,
    home: str | None,
    versions: Sequence[VersionLink],
) -> tuple[str, str]:
    return templates.render(
        "call.html",
        styles=["base.css", "call.css", "voice.css"],
        scripts=["lang.js", "call.js"],
        sources=f"media-src {media}; form-action 'none'",
        lang=lang,
        result=result,
        view=view.build(result, rules or {}),
        timeline=timeline.build(result),
        chart=voice_chart.build(result),
        voice=voice.build(result),
        recording=recording.build(result),
        figures=recording.FIGURES,
        sound=sound,
        converted=converted,
        home=home,
        versions=versions,
    )
