"""Who comes for an hour: a host invites a visitor for a window of time, and the gate expects them then."""
