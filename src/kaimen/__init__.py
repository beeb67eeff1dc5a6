"""Kaimen (开门): a district closes safely, reopens quickly, and keeps serving meanwhile."""
