"""The board (作战图): the living map and its figures. Reads the other parts, writes nothing of theirs."""
