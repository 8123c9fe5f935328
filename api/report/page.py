"""Renders the report: one HTML file that asks nothing of the network and runs only its own script."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api import words
from api.report import timeline, view
from api.report.audio import BrowserAudio
from api.report.view import RuleText
from api.words import Lang, Words

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates with their helpers; everything inserted is escaped."""
    env = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    env.globals.update(both=both, W=Words, words=words, named=words.named, clock=timeline.clock)
    return env


def both(text: Words | str) -> Markup:
    """Both languages; the style sheet shows the one the reader chose."""
    if isinstance(text, str):
        return Markup("{}").format(text)
    if text.zh == text.en:
        return Markup("{}").format(text.zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(*text)


def render(
    result: Mapping[str, Any],
    *,
    audio: BrowserAudio | None = None,
    audio_url: str | None = None,
    rules: Mapping[str, RuleText] | None = None,
    lang: Lang = "zh",
    home: str | None = None,
) -> str:
    """The report of one call.

    Args:
        result: the object that `diting inspect --json` prints (docs/formats.md).
        audio: the recording, embedded in the page.
        audio_url: where to stream the recording from instead, for pages served by Diting itself.
        rules: titles, advice and quotes of the rules that fired, by `id@version`.
        lang: the language shown first; the reader can switch.
        home: link back to the list of calls, if there is one.
    """
    style, script = _asset("call.css"), _asset("call.js")
    sound = audio_url or (audio.data_uri if audio else None)
    return (
        environment()
        .get_template("call.html")
        .render(
            result=result,
            view=view.build(result, rules or {}),
            timeline=timeline.build(result),
            sound=sound,
            converted=bool(audio and audio.converted),
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704
            policy=content_policy(style, script, same_origin_media=audio_url is not None),
            html_lang="zh-CN" if lang == "zh" else "en",
            home=home,
        )
    )


def content_policy(style: str, script: str, *, same_origin_media: bool) -> str:
    """The content security policy: only this style, this script, this sound."""
    media = "'self'" if same_origin_media else "data:"
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        f"media-src {media}; base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
