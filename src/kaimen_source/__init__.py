"""A source's program: keeps its key on its own disk, signs results from a list, sends them. No server has the key."""
