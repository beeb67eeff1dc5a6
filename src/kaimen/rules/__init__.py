"""The rule language: text to a typed tree; the tree to a three-valued function, SQL, or JSON; and why. Pure."""
