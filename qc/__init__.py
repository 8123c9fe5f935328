"""The rule language, matching, call rules, scoring and quality-control tickets."""
