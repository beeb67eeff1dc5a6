"""The centre's side of gates: passes, rosters, name lists for nodes, entries, counters."""
