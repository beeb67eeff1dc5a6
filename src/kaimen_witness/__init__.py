"""A witness: a small program outside, which follows the log, replays what it says, and co-signs what holds."""
