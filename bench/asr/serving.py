"""A worker's side of the bench: hears one recording at a time, and measures what that costs.

Requests and answers are lines of JSON on standard input and output. Everything else that libraries print
goes to standard error. Needs the standard library only: it runs in both environments.
"""

import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

# Hears a file in one setting; returns the text of each channel.
Hear = Callable[[dict[str, Any]], list[str]]


def cpu_seconds() -> float:
    """CPU time of this process, its threads, and its children that have ended."""
    used = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        used += usage.ru_utime + usage.ru_stime
    return used


def serve(settings: Mapping[str, Hear], versions: Mapping[str, str]) -> None:
    """Answer requests until standard input ends; first of all say what can be asked for."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(content: dict[str, Any]) -> None:
        answers.write(json.dumps(content, ensure_ascii=False) + "\n")
        answers.flush()

    answer({"settings": list(settings), "versions": dict(versions)})
    for line in sys.stdin:
        request = json.loads(line)
        started, cpu = time.monotonic(), cpu_seconds()
        try:
            texts = settings[request["setting"]](request)
        except Exception as error:  # whatever a library raises is reported, not hidden
            traceback.print_exc()
            answer({"error": f"{type(error).__name__}: {error}"})
            continue
        answer({"texts": texts, "cpu_s": cpu_seconds() - cpu, "wall_s": time.monotonic() - started})
