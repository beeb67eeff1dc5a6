"""What tools/make_district.py draws with: made-up names, and shapes."""
