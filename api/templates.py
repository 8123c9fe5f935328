"""HTML pages: templates that escape everything, and a policy that lets nothing else run."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api import words
from api.report.timeline import clock
from api.words import Lang, Words

_FOLDERS = tuple(Path(__file__).parent / part / "templates" for part in ("report", "http"))


@cache
def environment() -> Environment:
    """The templates with their helpers; everything inserted is escaped."""
    env = Environment(
        loader=FileSystemLoader(_FOLDERS), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    env.globals.update(both=both, W=Words, words=words, named=words.named, clock=clock)
    return env


def both(text: Words | str) -> Markup:
    """Both languages; the style sheet shows the one the reader chose."""
    if isinstance(text, str):
        return Markup("{}").format(text)
    if text.zh == text.en:
        return Markup("{}").format(text.zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(*text)


def render(
    template: str, *, styles: list[str], scripts: list[str], sources: str, lang: Lang, **content: Any
) -> tuple[str, str]:
    """A page and its content security policy.

    Args:
        template: the template's file name.
        styles: style sheets to put into the page.
        scripts: scripts to put into the page; nothing else may run.
        sources: further directives of the policy, for media and forms.
        lang: the language shown first.
        content: what the template shows.
    """
    style, script = ("\n".join(_asset(name) for name in names) for names in (styles, scripts))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        f"base-uri 'none'; {sources}"
    )
    html = (
        environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704
            policy=policy,
            html_lang="zh-CN" if lang == "zh" else "en",
            **content,
        )
    )
    return html, policy


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _asset(name: str) -> str:
    return next(path.read_text("utf-8") for folder in _FOLDERS if (path := folder / name).is_file())
