"""The gate node: decides at a door, with the network down, for as long as the outage lasts. Free of Django."""
