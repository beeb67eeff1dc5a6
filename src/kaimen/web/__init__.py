"""Sign-in, the way in, health, search, the tour: pages that belong to no other part."""
