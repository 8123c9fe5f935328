"""Anger heard from the features of the recogniser's encoder, beside anger heard from prosody.

    python -m bench.encoder_emotion FOLDER --labels labels.tsv [--text-in-name 2:5]
        [--mandarin CALLS… [--scripts SCRIPTS…]]

FOLDER holds clips of acted emotions, the table (file, speaker, emotion) lists them; `--text-in-name` says
which letters of a file's name are the sentence that is spoken. CALLS are folders of rendered calls (NAME.opus
with NAME.transcript.json), SCRIPTS the scripts with the style of each turn (default: `scripts` beside CALLS).
Acted clips go through a simulated telephone. Compared on the same clips, speakers never met in training:

- arousal: as `diting voice evaluate` tells it (rise over the speaker's calm voice); learns nothing;
- prosody: a classifier on what the product measures; encoder: the same classifier on the mean and standard
  deviation of the encoder's features; both: the sum of the two scores.

The difference is encoder less arousal, with a 95 % bootstrap interval over speakers (Mandarin: over calls).
The last line is one JSON object.
"""

import argparse
import json
from pathlib import Path

from bench.encoder_emotion.clips import acted, rendered
from bench.encoder_emotion.comparisons import Material, Outcome, across, changed, gather, within
from bench.encoder_emotion.encoder import Cost, Encoder

_DRAWS = 500


def main() -> None:
    options = _options()
    encoder, cost = Encoder(), Cost()
    clips = acted(options.folder, options.labels or options.folder / "labels.tsv")
    heard = gather(clips, encoder, cost, telephone=True)
    outcomes = within(heard, options.text_in_name, _DRAWS)
    outcomes += changed(clips, heard, encoder, cost, _DRAWS)
    if options.mandarin:
        scripts = options.scripts or [folder.parent / "scripts" for folder in options.mandarin]
        turns = [
            clip
            for folder, beside in zip(options.mandarin, scripts, strict=True)
            for clip in rendered(folder, beside)
        ]
        outcomes += across(heard, gather(turns, encoder, cost, telephone=False), _DRAWS)
    costs = {"prosody": cost.per_second(), "encoder": encoder.cost.per_second()}
    _show(heard, outcomes, costs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path, help="table of the clips (default: labels.tsv in FOLDER)")
    parser.add_argument("--text-in-name", type=_letters, help="which letters of the name: FIRST:AFTER")
    parser.add_argument("--mandarin", type=Path, nargs="+", help="folders of rendered calls")
    parser.add_argument("--scripts", type=Path, nargs="+", help="one folder of scripts for each of calls")
    return parser.parse_args()


def _letters(text: str) -> slice:
    first, after = text.split(":")
    return slice(int(first), int(after))


def _show(heard: Material, outcomes: list[Outcome], costs: dict[str, dict[str, float]]) -> None:
    print(f"{len(heard.clips)} clips of {len(set(heard.groups))} speakers")
    print(f"{'area under the curve':52}{'clips':>6} arousal prosody encoder    both  encoder - arousal")
    for outcome in outcomes:
        print(outcome.line())
    for way, steps in costs.items():
        shown = ", ".join(f"{step} {seconds:.5f}" for step, seconds in steps.items())
        print(f"CPU-seconds per second of speech, {way}: {shown}")
    print(
        json.dumps({"tests": {outcome.name: outcome.figures() for outcome in outcomes}, "cpu_s_per_s": costs})
    )


if __name__ == "__main__":
    main()
