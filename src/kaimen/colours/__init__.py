"""How evidence becomes a colour: statements, judging, leaves, lists, replay. Pure: server and witness share it."""
