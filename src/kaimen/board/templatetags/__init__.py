"""Cells of the board's tables."""
