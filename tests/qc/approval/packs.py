"""A small pack of a site's own, in versions."""

from pathlib import Path

HEAD = "id: house\nversion: {version}\nlanguage: zh\ntitle: {{zh: 本公司规则, en: House rules}}\n"
TOPIC = """
words: {{us: [本公司]}}
rules:
- id: house.listen
  version: {rule}
  category: dismissive
  title: {{zh: 训斥客户, en: Scolds the customer}}
  cite: [{{source: policy}}]
  detect: {{phrase: [{phrase}]}}
  examples: {{violates: [{phrase}], allowed: [您好]}}
"""


def write_house(
    folder: Path, *, version: str = "1", rule: int = 1, phrase: str = "你给我听好了", more: str = ""
) -> Path:
    """The pack `house` in `folder/house`; `more` is added to its topic file."""
    pack = folder / "house"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "pack.yaml").write_text(HEAD.format(version=version), "utf-8")
    (pack / "topic.yaml").write_text(TOPIC.format(rule=rule, phrase=phrase) + more, "utf-8")
    return pack
