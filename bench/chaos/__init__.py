"""An installation that is broken on purpose: nothing may be lost, doubled or left unexplained."""
