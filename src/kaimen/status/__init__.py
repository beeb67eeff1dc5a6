"""Three colours: evidence in, a published rule, a decision with its reason, its end and its appeal."""
