"""Closed communities (封闭小区): households, how each is graded, the card with which it comes in."""
