"""The lowest layer: time, ids, money, keys, named effects. Pure Python; knows nothing of a city."""
