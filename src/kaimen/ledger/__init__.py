"""The log: what happened is recorded with it, and nobody can take it back or make two histories of it."""
