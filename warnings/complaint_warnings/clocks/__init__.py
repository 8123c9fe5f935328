"""Time limits of the cases: working calendars, the policy, deadlines, and saying so before they pass."""
