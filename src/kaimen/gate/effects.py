"""Effects other parts may set off here."""
