"""`make demo`: a living district from one command. Starts every process, and stops every process it started."""
