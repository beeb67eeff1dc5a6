"""A witness: a small program on another machine, which follows the log and cosigns what continues what it has seen.

It needs no database and no Django, and believes nothing: what does not fit is an alarm, kept with both notes. A replay
witness, to whom openings are given under secrecy, works out every colour again before it cosigns.
"""
